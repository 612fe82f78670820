"""A report of some of a company's classes or customers, which need not balance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import pytest

from counterfoil import catalog
from counterfoil.core.errors import IncompleteRead
from counterfoil.core.proof import Verdict
from counterfoil.core.reports import ReportTable, parse
from counterfoil.flows.choices import chosen
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.ports import Company
from counterfoil.flows.report_previews import report_preview
from counterfoil.flows.report_read import fetched
from tests.core.test_whole_columns import by_class

MONTHS = [("2025-12-01", "2025-12-31"), ("2026-01-01", "2026-01-31")]


@dataclass
class Told:
    """A company that gives one answer, whatever it is asked, and says nothing of a narrowing."""

    by: str = "Total"

    def report(self, name: str, parameters: Mapping[str, str]) -> ReportTable:
        sent = by_class(SummarizeColumnsBy=self.by, total="99.00")
        if self.by == "Month":
            for column, days in zip(sent["Columns"]["Column"][1:], MONTHS, strict=False):
                names = zip(("StartDate", "EndDate"), days, strict=True)
                column["MetaData"] = [{"Name": name, "Value": day} for name, day in names]
        return parse(sent)


def balance_sheet(compare: str = "", **narrowed: str) -> ReportChoice:
    options: dict[str, Any] = {"parameters": {"end_date": "2026-01-31", **narrowed}}
    options |= {"compare": compare} if compare else {}
    choice = chosen(catalog.report("balance-sheet"), options)
    assert isinstance(choice, ReportChoice)
    return choice


@pytest.mark.parametrize("by", ["class", "customer", "vendor", "item", "department"])
def test_a_narrowed_balance_sheet_is_read_though_it_does_not_balance(by: str) -> None:
    found = fetched(cast(Company, Told()), balance_sheet(**{by: "5"}), in_flight=1)
    assert (found.proof.verdict, found.proof.why) == (
        Verdict.PASS,
        "All 6 totals are the sums of their lines.",
    )


def test_its_first_lines_are_shown_before_it_is_read() -> None:
    shown = report_preview(cast(Company, Told()), balance_sheet(**{"class": "5"}), "Acme")
    assert shown.rows[-1] == ["Total Claims", "100.00", "0.00", "99.00"]


def test_nor_need_the_months_balance_that_it_is_compared_with() -> None:
    choice = balance_sheet("previous_period", **{"class": "5"})
    shown = report_preview(cast(Company, Told("Month")), choice, "Acme")
    assert (shown.rows[-1], shown.note) == (
        ["Total Claims", "0.00", "100.00", "(100.00)", "(100.0%)"],
        "",
    )


def test_one_of_the_whole_company_that_does_not_balance_is_refused() -> None:
    with pytest.raises(IncompleteRead) as raised:
        fetched(cast(Company, Told("Classes")), balance_sheet(), in_flight=1)
    assert raised.value.message == (
        "1 of 7 totals of this report are not the sum of their lines. Nothing was written. Please "
        "export again."
    )
    assert raised.value.details == {"sent": 6}
    assert raised.value.beside == {
        "apart": 'It is "Total Claims" in "TOTAL": 99.00, and the assets come to 100.00.'
    }
