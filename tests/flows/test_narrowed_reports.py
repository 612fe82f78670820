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
from counterfoil.flows.report_read import fetched
from tests.core.test_whole_columns import by_class


@dataclass
class Told:
    """A company that gives one answer, whatever it is asked, and says nothing of a narrowing."""

    by: str = "Total"

    def report(self, name: str, parameters: Mapping[str, str]) -> ReportTable:
        return parse(by_class(SummarizeColumnsBy=self.by, total="99.00"))


def balance_sheet(**narrowed: str) -> ReportChoice:
    options: Mapping[str, Any] = {"parameters": {"end_date": "2026-01-31", **narrowed}}
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
