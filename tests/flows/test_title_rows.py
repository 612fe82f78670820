"""A row above the column titles, in tables whose rows are known by key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from counterfoil.core.plans import Plan
from counterfoil.core.schedules import Often, Schedule
from sandbox.google.server import GoogleSandbox
from sandbox.intuit.company import Company
from sandbox.intuit.server import IntuitSandbox
from tests.flows.updating import COLUMNS, Refreshed

BESIDE = 12


@pytest.fixture
def invoices(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> Refreshed:
    made = Refreshed(
        google, intuit, company, "invoices", columns=COLUMNS, mode="update", title_row=True
    )
    made.first()
    hourly = Plan.made(Schedule(Often.HOURLY), intuit.clock(), ZoneInfo("America/New_York"))
    exporter = made.world.records.get("exporters", made.exporter)
    assert exporter is not None
    made.world.records.replace(exporter, {**exporter.data, "plan": hourly.kept()})
    intuit.clock.advance(timedelta(minutes=5))
    return made


def test_an_update_keeps_the_title_and_says_when_it_is_late(
    invoices: Refreshed, company: Company
) -> None:
    tab, rect = invoices.place()
    assert str(tab.value(0, 0)).startswith("Invoices · ")
    assert tab.value(1, 0) == "Id"
    assert tab.cell(0, 1).formula == ""
    row = rect.row + 5
    note, id = [["a note of Ana's"]], tab.value(row, 0)
    tab.write(row, BESIDE, note)
    changed = tab.value(rect.row + 9, 0)
    for memo in ("one", "two"):
        company.update("Invoice", str(changed), invoices.intuit.clock(), DocNumber=memo)
        invoices.refresh()
        assert invoices.seen == {"changed": 1}
        assert tab.cell(0, 1).formula.startswith("=IF(NOW()>")
        assert tab.cell(0, 0).look.bold
        assert tab.value(1, 0) == "Id"
        assert (tab.value(row, 0), tab.value(row, BESIDE)) == (id, "a note of Ana's")
    ids = [tab.value(at, 0) for at in range(2, rect.rows)]
    assert len(set(ids)) == len(ids) == len(list(company.store.all("Invoice")))


def test_what_a_person_typed_over_the_formula_stops_the_run(invoices: Refreshed) -> None:
    invoices.refresh()
    tab, _ = invoices.place()
    tab.write(0, 1, [["mine"]])
    with pytest.raises(AssertionError, match="differs_"):
        invoices.refresh()
