"""The basis of a report for which nobody chose one: the company's of the first run, from then on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.errors import ServiceUnavailable
from counterfoil.flows.exporter_records import Exporter
from counterfoil.flows.saved import SavedExports
from counterfoil.flows.steps import Step
from tests.flows.export_fakes import ANA, SHEET, encoded
from tests.flows.several_books import ACME, ALL, BIRCH, CEDAR, FIRST_CELL, Several

DAYS = {"start_date": "2026-01-01", "end_date": "2026-03-31"}
ANSWER = json.loads(Path("tests/data/quickbooks/profit-and-loss.json").read_text())


class Reports:
    """The same report of Acme, Birch and Cedar, on the basis that is asked for, or preferred."""

    def __init__(self) -> None:
        self.several = Several()
        self.preferred = {ACME: "Accrual", BIRCH: "Cash", CEDAR: "Accrual"}
        for id, books in self.several.books.of.items():
            books.behave = self._answering(id)

    def _answering(self, id: str) -> Callable[[str, int], bytes]:
        def answer(call: str, number: int) -> bytes:
            if call.startswith("SELECT"):  # numbers of accounts, of which there are none
                return encoded({})
            params = self.several.books.of[id].report_params[-1]
            basis = params.get("accounting_method", self.preferred[id])
            header = {**ANSWER["Header"], "ReportBasis": basis}
            return json.dumps({**ANSWER, "Header": header}).encode()

        return answer

    def first(self, *ids: str, dataset: str = "profit-and-loss", **options: Any) -> Step:
        company, *others = ids or (ACME,)
        given = {"parameters": DAYS, "layout": "tidy"} | options
        return self.several.exports.start(
            ANA,
            SHEET,
            connection_id=company,
            others=others,
            dataset=catalog.report(dataset),
            options=given,
            tab=None,
            cells={FIRST_CELL: "Acme"} if "cells" in given else {},
        )

    def again(self, step: Step, company: str | None = None) -> Step:
        self.several.exports.acknowledge(ANA, SHEET, step.run_id, applied=True, rows_seen=step.rows)
        cells = {FIRST_CELL: company} if company else {}
        return self.several.exports.again(ANA, SHEET, step.exporter_id, cells=cells)

    def asked(self, id: str = ACME) -> list[str | None]:
        sent = self.several.books.of[id].report_params
        return [params.get("accounting_method") for params in sent]

    @property
    def saved(self) -> SavedExports:
        exports = self.several.exports
        return SavedExports(exports.records, exports.sealer, exports.clock, exports.connections)

    def change(self, step: Step, **changes: Any) -> Exporter:
        held = self.saved.read(ANA, SHEET, step.exporter_id)
        return self.saved.update(ANA, SHEET, held.id, revision=held.revision, **changes)

    def bases(self, step: Step) -> dict[str, str]:
        return dict(self.saved.read(ANA, SHEET, step.exporter_id).bases)


@pytest.fixture
def reports() -> Reports:
    return Reports()


def test_a_report_stays_on_its_basis_when_the_preference_changes(reports: Reports) -> None:
    first = reports.first()
    reports.preferred[ACME] = "Cash"
    second = reports.again(first)
    third = reports.again(second)
    assert reports.asked() == [None, "Accrual", "Accrual"]
    texts = [step.json() for step in (first, second, third)]
    assert all('"Accrual"' in text and '"Cash"' not in text for text in texts)


def test_what_is_kept_is_no_choice_of_the_export_and_no_other_revision(reports: Reports) -> None:
    step = reports.first()
    held = reports.saved.read(ANA, SHEET, step.exporter_id)
    assert dict(held.bases) == {ACME: "Accrual"}
    assert held.revision == 1
    assert held.options["parameters"] == DAYS
    # It goes to other companies, which have a basis of their own.
    assert "bases" not in reports.saved.document(ANA, SHEET, held.id)


def test_each_company_among_which_a_cell_chooses_keeps_its_own(reports: Reports) -> None:
    step = reports.first(*ALL, cells={"company": FIRST_CELL})
    step = reports.again(step, "Birch")
    reports.preferred = {ACME: "Cash", BIRCH: "Accrual", CEDAR: "Accrual"}
    step = reports.again(step, "Acme")
    step = reports.again(step, "Birch")
    assert (reports.asked(ACME), reports.asked(BIRCH)) == ([None, "Accrual"], [None, "Cash"])
    assert reports.bases(step) == {ACME: "Accrual", BIRCH: "Cash"}


def test_a_basis_that_somebody_chose_is_asked_for_and_nothing_else_kept(reports: Reports) -> None:
    step = reports.first(parameters={**DAYS, "accounting_method": "Cash"})
    assert reports.asked() == ["Cash"]
    assert reports.bases(step) == {}


def test_a_report_that_takes_no_basis_keeps_none(reports: Reports) -> None:
    step = reports.first(dataset="cash-flow")
    reports.again(step)
    assert reports.asked() == [None, None]
    assert reports.bases(step) == {}


def test_a_basis_chosen_and_taken_away_again_is_the_companys_of_that_day(reports: Reports) -> None:
    step = reports.first()
    reports.preferred[ACME] = "Cash"
    options = {"parameters": {**DAYS, "accounting_method": "Accrual"}, "layout": "tidy"}
    reports.change(step, options=options)
    assert reports.bases(step) == {}
    reports.change(step, options={**options, "parameters": DAYS})
    reports.again(step)
    assert reports.asked() == [None, None]
    assert reports.bases(step) == {ACME: "Cash"}


def test_other_changes_leave_it_and_other_companies_have_their_own(reports: Reports) -> None:
    step = reports.first()
    reports.change(step, name="Quarter", options={"parameters": DAYS, "layout": "tidy"})
    assert reports.bases(step) == {ACME: "Accrual"}
    reports.change(step, connection_ids=[BIRCH])
    assert reports.bases(step) == {}
    step = reports.again(step)
    assert reports.asked(BIRCH) == [None]
    assert reports.bases(step) == {BIRCH: "Cash"}


def test_a_first_run_that_failed_keeps_none(reports: Reports) -> None:
    books = reports.several.books.of[ACME]
    step = reports.first()
    reports.change(step, connection_ids=[BIRCH])
    broken = reports.several.books.of[BIRCH]
    answer, broken.behave = broken.behave, lambda call, number: ServiceUnavailable("Down.")
    with pytest.raises(ServiceUnavailable):
        reports.again(step)
    assert reports.bases(step) == {}
    broken.behave = answer
    assert len(books.report_params) == 1
