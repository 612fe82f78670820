"""Reports that we make of what QuickBooks has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from counterfoil import catalog
from counterfoil.core.proof import Proof, Verdict
from counterfoil.core.reports import ReportTable
from counterfoil.flows.choices import chosen
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.computed import MAKERS, Maker
from counterfoil.flows.fetched import Fetched
from counterfoil.flows.report_estimates import of_report
from counterfoil.flows.report_read import fetched


def test_every_computed_report_of_the_catalog_has_its_maker() -> None:
    assert {report.key for report in catalog.REPORTS if report.computed} == set(MAKERS)


def test_a_computed_report_is_made_by_its_maker_at_its_cost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report = replace(catalog.report("profit-and-loss"), key="ours", report="Ours", computed=True)
    days = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
    choice = chosen(report, {"parameters": days})
    assert isinstance(choice, ReportChoice)
    made = Fetched(
        ReportTable("Ours", {}, (), (), ()), Proof(Verdict.PASS, "It adds up.", 0, None, 0, 0)
    )
    maker = Maker(lambda company, choice, *, in_flight: made, lambda choice: 3)
    monkeypatch.setattr("counterfoil.flows.report_read.MAKERS", {"ours": maker})
    monkeypatch.setattr("counterfoil.flows.report_estimates.MAKERS", {"ours": maker})

    assert fetched(None, choice, in_flight=1) is made  # type: ignore[arg-type]
    assert of_report(choice).calls == 3
