"""A managed run of a consolidated table: its tabs are read, and missing rates get their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from counterfoil.core.consolidation_tabs import RATES
from counterfoil.core.errors import RatesNeeded
from counterfoil.flows.export import Exports
from counterfoil.flows.managed_runs import ManagedRun
from tests.flows.consolidated_books import NO_TABS, RATE_HEADINGS, WITH_RATE, YEAR_RATE, Group
from tests.flows.export_fakes import ANA, SHEET


class Desk:
    """A spreadsheet whose tabs are given; `applied` is what was written."""

    def __init__(self, tabs: Mapping[str, Any]) -> None:
        self.held = tabs
        self.applied: list[Mapping[str, Any]] = []

    def tabs(self, titles: Sequence[str]) -> Mapping[str, Any]:
        return {title: self.held[title] for title in titles}

    def standing(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"receipt": None}

    def apply(self, block: str, operations: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        self.applied += operations
        return {"applied": True, "seen": {"rows": 59}}


def begun(exports: Exports, exporter_id: str, desk: Desk) -> Any:
    return ManagedRun(
        exports=exports,
        user=ANA,
        sheet=SHEET,
        exporter_id=exporter_id,
        desk=desk,  # type: ignore[arg-type]  # what such a run asks of it
        has_time=lambda: True,
        sleep=lambda seconds: None,
    ).begin()


def test_a_missing_rate_gets_its_row_and_the_table_comes_once_it_is_filled_in() -> None:
    group = Group()
    step = group.start(tabs=WITH_RATE)
    group.exports.acknowledge(ANA, SHEET, step.run_id, applied=True)

    empty = Desk(NO_TABS)
    with pytest.raises(RatesNeeded):
        begun(group.exports, step.exporter_id, empty)
    assert empty.applied == [
        {"op": "append_log", "title": RATES, "rows": [RATE_HEADINGS, [*YEAR_RATE[:6], ""]]}
    ]

    filled = Desk(WITH_RATE)
    assert begun(group.exports, step.exporter_id, filled).code is None
    assert "commit" in [each["op"] for each in filled.applied]
