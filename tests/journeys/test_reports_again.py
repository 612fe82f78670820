"""A report is run again over months that come and go: what people made of it stays right."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import check
from sandbox.google.a1 import Rect
from sandbox.world import World
from tests.keyed_reports import state

WINTER = {"start_date": "2026-01-01", "end_date": "2026-02-28", "summarize_column_by": "Month"}
SPRING = {"start_date": "2026-02-01", "end_date": "2026-04-30", "summarize_column_by": "Month"}


def test_net_income_is_followed_while_months_and_accounts_come_and_go(world: World) -> None:
    ana = check.sidebar(world, "ana@example.com")
    workbook = world.google.workbook
    connection = check.connect(ana, world.intuit.companies()[0].realm_id)["id"]

    def chosen(parameters: dict[str, str]) -> dict[str, Any]:
        return {"parameters": parameters, "totals": "formulas", "account_numbers": "hidden"}

    first = ana.export(
        "reports/profit-and-loss",
        connection_id=connection,
        options=chosen(WINTER),
        target={"tab": "P&L"},
    )
    id, block = first["exporter_id"], first["block"]
    area = workbook.named_range(block).rect
    net = Rect(area.row + area.rows - 1, area.column + area.columns - 1)
    tab = workbook.tab("P&L")
    assert tab.value(net.row, 0) == "Net Income"
    mine = workbook.add_tab("Mine")
    mine.set_formula(0, 0, f"='P&L'!{net.a1()}")

    with pytest.raises(check.CheckFailed, match="keeps to the lines that are in the sheet"):
        ana.export(f"exporters/{id}/run")
    for revision, months in enumerate((SPRING, WINTER), 1):
        changed = {"revision": revision, "options": chosen(months)}
        ana.call(f"exporters/{id}/update", **changed)
        again = ana.export(f"exporters/{id}/run", block=state(workbook, block))
        assert check.proven(again)
        (total,) = again["proof"]["totals"]
        assert total["title"] == "Net Income"
        assert f"{mine.value(0, 0):.2f}" == total["amount"]
    titles = tab.values(Rect(area.row + 4, area.column, 1, area.columns + 2))[0]
    assert titles[1:] == ["Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026", "Total"]

    ana.export(f"exporters/{id}/run", block=state(workbook, block), tidy_up=True)
    assert workbook.named_range(block).rect.columns == area.columns
    assert f"{mine.value(0, 0):.2f}" == total["amount"]

    ana.call(f"exporters/{id}/freeze")
    with pytest.raises(check.CheckFailed, match=r"ana@example\.com froze this table"):
        ana.export(f"exporters/{id}/run", block=state(workbook, block))
