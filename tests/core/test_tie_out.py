from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from counterfoil.core.reports import parse
from counterfoil.core.tie_figures import Measure, figure, wanted_columns
from counterfoil.core.tie_out import (
    Item,
    NotApplicable,
    Outcome,
    compared,
    not_applicable,
    worst,
)
from tests.core.test_reports import own
from tests.core.test_ties import nested_trial_balance
from tests.samples import sample

NAMES = ("Balance Sheet", "Profit and Loss")


def of(ours: str, theirs: str) -> tuple[Decimal, Decimal]:
    return Decimal(ours), Decimal(theirs)


def test_equal_amounts_pass_whatever_their_places() -> None:
    found = compared("net-income", "Net income", NAMES, of("1234.50", "1234.5"), "USD")
    assert (found.outcome, found.why) == (Outcome.PASS, "Both come to 1,234.50 USD.")


def test_a_cent_between_them_fails_with_both_amounts_and_the_difference() -> None:
    found = compared("net-income", "Net income", NAMES, of("1234.50", "1234.51"), "USD")
    assert found.as_json() == {
        "key": "net-income",
        "title": "Net income",
        "verdict": "FAIL",
        "why": (
            "1,234.50 USD in the Balance Sheet and 1,234.51 USD in the Profit and Loss: they "
            "differ by -0.01 USD."
        ),
        "currency": "USD",
        "sides": [
            {"title": "Balance Sheet", "amount": "1234.50"},
            {"title": "Profit and Loss", "amount": "1234.51"},
        ],
        "difference": "-0.01",
        "between": [],
    }


def test_of_accounts_those_that_differ_are_listed_and_those_in_one_only_too() -> None:
    ours = {"1": Item("Checking", Decimal(10)), "12": Item("Savings", Decimal(5))}
    theirs = {"1": Item("Checking", Decimal("9.75")), "3": Item("Card", Decimal(2))}
    found = compared("ledger", "Balances", ("Trial Balance", "Ledger"), (ours, theirs), "EUR")
    assert found.outcome is Outcome.FAIL
    assert found.why == "3 of 3 accounts have other balances in the Ledger."
    assert [(item.title, item.amount) for item in found.between] == [
        ("Checking", Decimal("0.25")),
        ("Card", Decimal(-2)),
        ("Savings", Decimal(5)),
    ]


def test_no_more_than_ten_accounts_are_listed_and_the_sentence_says_how_many() -> None:
    ours = {str(n): Item(f"Account {n}", Decimal(n)) for n in range(1, 25)}
    found = compared("ledger", "Balances", ("Trial Balance", "Ledger"), (ours, {}), "EUR")
    assert found.why == (
        "24 of 24 accounts have other balances in the Ledger. The first 10 are listed."
    )
    assert [item.title for item in found.between] == [f"Account {n}" for n in range(1, 11)]


def test_the_worst_outcome_is_a_failure_and_what_was_not_compared_says_nothing_else() -> None:
    passed = compared("a", "A", NAMES, of("1", "1"), "USD")
    failed = compared("b", "B", NAMES, of("1", "2"), "USD")
    other = not_applicable("c", "C", "It is narrowed.")
    assert worst([other, passed, failed]) is Outcome.FAIL
    assert worst([other, passed]) is Outcome.PASS
    assert worst([other]) is Outcome.NOT_APPLICABLE
    assert worst([]) is None
    assert other.as_json() == {
        "key": "c",
        "title": "C",
        "verdict": "NOT APPLICABLE",
        "why": "It is narrowed.",
    }


@pytest.mark.parametrize(
    ("name", "measure", "amount"),
    [
        ("BalanceSheet_2014", Measure.NET_INCOME, "1642.46"),
        ("BalanceSheet_2019_total", Measure.NET_INCOME, "-34.00"),
        ("BalanceSheet_2026_sandbox", Measure.NET_INCOME, "0"),
        ("AgedReceivables", Measure.TOTAL, "37.50"),
        ("AgedPayables", Measure.TOTAL, "1241.67"),
        ("CustomerBalance", Measure.TOTAL, "1593.50"),
        ("AgedPayableDetail_2015", Measure.OPEN, "-12345578.00"),
        ("ProfitAndLossDetail_with_options", Measure.BOTTOM, "-1746.56"),
    ],
)
def test_figures_are_found_in_real_answers_without_reading_a_title(
    name: str, measure: Measure, amount: str
) -> None:
    assert figure(parse(sample(f"reports/{name}.json")), measure) == Decimal(amount)


def test_a_balance_sheet_by_month_tells_of_its_last_day() -> None:
    table = parse(own("balance-sheet"))
    places = [line.values for line in table.lines if line.group == "NetIncome"]
    assert figure(table, Measure.NET_INCOME) == places[0][-1]


def test_a_report_without_the_column_says_so() -> None:
    table = parse(sample("reports/AgedReceivableDetail.json"))
    with pytest.raises(NotApplicable, match="column of open balances was left out"):
        figure(table, Measure.OPEN)


@pytest.mark.parametrize(
    ("name", "measure"),
    [("balance-sheet", Measure.NET_INCOME), ("profit-and-loss", Measure.NET_INCOME)],
)
def test_a_total_that_was_not_sent_is_not_taken_for_nothing(name: str, measure: Measure) -> None:
    report = own(name)

    def without(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        kept = [row for row in rows if row.get("group") != "NetIncome"]
        for row in kept:
            if "Rows" in row:
                row["Rows"]["Row"] = without(row["Rows"].get("Row", []))
        return kept

    report["Rows"]["Row"] = without(report["Rows"]["Row"])
    with pytest.raises(NotApplicable, match="without the total that is compared"):
        figure(parse(report), measure)
    report["Rows"] = {}
    assert figure(parse(report), measure) == 0


def test_what_is_left_out_because_nothing_is_owed_is_nothing() -> None:
    assert figure(parse(sample("reports/BalanceSheet_2014.json")), Measure.PAYABLE) != 0
    report = sample("reports/BalanceSheet_2014.json")
    text = json.dumps(report, default=str).replace('"group": "AP"', '"group": "Other"')
    assert figure(parse(json.loads(text)), Measure.PAYABLE) == 0


def test_only_the_columns_that_tell_a_figure_are_asked_for_and_a_text_first() -> None:
    offered = ("tx_date", "txn_type", "subt_nat_amount", "rbal_nat_amount")
    assert wanted_columns(Measure.CLOSING, offered) == offered[:1] + offered[2:]
    assert wanted_columns(Measure.TOTAL, offered) == ()


def test_an_account_with_sub_accounts_is_in_a_trial_balance_with_its_own_amount() -> None:
    found = figure(parse(nested_trial_balance()), Measure.BALANCES)
    assert isinstance(found, dict)
    assert {id: (item.title, item.amount) for id, item in found.items()} == {
        "36": ("Vehicles", Decimal("10.00")),
        "37": ("Fuel", Decimal("5.00")),
        "35": ("Checking", Decimal("15.00")),
    }
