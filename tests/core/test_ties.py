from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from counterfoil.core import ties
from counterfoil.core.proof import Total, Verdict
from counterfoil.core.reports import parse
from tests.core.test_reports import SAMPLES, own
from tests.samples import sample


@pytest.mark.parametrize(
    ("name", "ties_found"),
    [
        ("BalanceSheet_2014", 16),
        ("BalanceSheet_2019_total", 16),
        ("BalanceSheet_2026_sandbox", 16),
        ("BalanceSheet_by_year", 48),
        ("BalanceSheet_docs_by_customer_or_total", 16),
        ("ProfitAndLoss_2014", 10),
        ("ProfitAndLoss_2026_sandbox", 17),
        ("ProfitAndLoss_by_month_6_columns", 154),
    ],
)
def test_the_totals_of_real_reports_add_up(name: str, ties_found: int) -> None:
    table = parse(sample(f"reports/{name}.json"))
    found = ties.proof(table)
    assert found.verdict is Verdict.PASS
    assert found.why == f"All {ties_found} totals are the sums of their lines."
    assert found.sent == found.rows == found.distinct == len(table.lines)


def test_the_bottom_line_stands_in_the_proof() -> None:
    found = ties.proof(parse(own("profit-and-loss")))
    assert found.as_json() == {
        "verdict": "PASS",
        "why": "All 6 totals are the sums of their lines.",
        "sent": 16,
        "counted": None,
        "distinct": 16,
        "rows": 16,
        "totals": [{"title": "Net Income", "currency": "USD", "amount": "1999.00"}],
    }
    by_month = ties.proof(parse(own("profit-and-loss-by-month")))
    assert by_month.totals == (Total("NetIncome:total", "NET INCOME", "EUR", Decimal("10.10")),)


def test_a_balance_sheet_balances_in_every_column() -> None:
    found = ties.proof(parse(own("balance-sheet")))
    # Eleven totals a month, for one section is empty in each, and assets against claims.
    assert found.why == "All 24 totals are the sums of their lines."
    total = "TotalLiabilitiesAndEquity:total"
    assert found.totals == (
        Total(total, "TOTAL LIABILITIES AND EQUITY", "USD", Decimal("14795.25")),
    )


@pytest.mark.parametrize("place", [1, 2])
def test_a_cent_lost_in_any_column_of_a_balance_sheet_is_noticed(place: int) -> None:
    report = own("balance-sheet")
    bank = report["Rows"]["Row"][0]["Rows"]["Row"][0]["Rows"]["Row"][0]
    bank["Rows"]["Row"][1]["ColData"][place]["value"] = "799.99"
    assert ties.proof(parse(report)).why.startswith("1 of 24 totals")


LOSSES = {
    "a line of data": lambda rows: rows[0]["Rows"]["Row"].pop(0),
    "a section": lambda rows: rows[0]["Rows"]["Row"].pop(1),
    "a line inside a section": lambda rows: rows[0]["Rows"]["Row"][1]["Rows"]["Row"].pop(),
    "all lines of a section": lambda rows: rows[0].pop("Rows"),
    "the amount in a section's head": lambda rows: rows[0]["Rows"]["Row"][1].pop("Header"),
    "a whole group": lambda rows: rows.pop(2),
    "a cent": lambda rows: rows[3]["Summary"]["ColData"][1].update(value="1999.01"),
}


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES.keys())
def test_what_got_lost_on_the_way_is_noticed(loss: Any) -> None:
    report = own("profit-and-loss")
    loss(report["Rows"]["Row"])
    found = ties.proof(parse(report))
    assert found.verdict is Verdict.FAIL
    assert "not the sum of their lines" in found.why
    assert "Landscaping" not in found.why  # no data in what may be an error's


def test_a_total_that_does_not_add_up_is_named_with_both_amounts() -> None:
    report = own("profit-and-loss")
    LOSSES["a line inside a section"](report["Rows"]["Row"])
    assert told(report) == (
        "1 of 6 totals of this report are not the sum of their lines.",
        'It is "Total Landscaping": 50.00, and its lines come to 100.75.',
    )
    report = own("balance-sheet")
    claims = report["Rows"]["Row"][1]["Summary"]["ColData"]
    claims[2]["value"] = "1014795.25"
    assert told(report) == (
        "2 of 24 totals of this report are not the sum of their lines.",
        'The first is "TOTAL LIABILITIES AND EQUITY" in "Oct 2026": 1,014,795.25, and its lines '
        "come to 14,795.25.",
    )
    balance = two_sided("TrialBalance", TWO_ROWS, ("10.00", "10.01"))
    assert told(balance)[1] == (
        'The first is "TOTAL" in "Debit": 10.00, and the credits come to 10.01.'
    )
    assert ties.proof(parse(balance)).as_json()["apart"] == told(balance)[1]


def test_what_adds_up_names_no_total() -> None:
    assert told(own("profit-and-loss"))[1] == ""
    assert "apart" not in ties.proof(parse(own("profit-and-loss"))).as_json()


def told(report: Any) -> tuple[str, str]:
    found = ties.proof(parse(report))
    return found.why, found.apart


def test_assets_that_differ_from_claims_are_noticed() -> None:
    report = sample("reports/BalanceSheet_2019_total.json")
    assets = report["Rows"]["Row"][0]
    assets["Summary"]["ColData"][1]["value"] = "23436.30"
    assets["Rows"]["Row"][0]["Summary"]["ColData"][1]["value"] = "9941.30"
    assert ties.proof(parse(report)).why.startswith("2 of 16 totals")


def test_an_unknown_group_leaves_the_standing_totals_unchecked() -> None:
    report = own("profit-and-loss")
    report["Rows"]["Row"].insert(
        3,
        {"group": "Tax", "Summary": {"ColData": [{"value": "Tax"}, {"value": "9.00"}]}},
    )
    report["Rows"]["Row"][-1]["Summary"]["ColData"][1]["value"] = "1990.00"
    assert ties.proof(parse(report)).why == (
        "3 of 7 totals are the sums of their lines; the others were not checked."
    )


def test_a_total_that_quickbooks_leaves_out_is_worked_out() -> None:
    report = own("profit-and-loss")
    del report["Rows"]["Row"][3]  # Net Operating Income
    assert ties.proof(parse(report)).verdict is Verdict.PASS


def test_nothing_to_add_up_is_not_a_pass() -> None:
    skeleton = parse(sample("reports/ProfitAndLoss_by_customers_NoReportData.json"))
    empty = parse(own("profit-and-loss") | {"Rows": {}})
    for table in (skeleton, empty):
        found = ties.proof(table)
        assert found.verdict is Verdict.NOT_CHECKED
        assert found.totals == ()


def test_a_total_over_a_text_is_not_checked_and_not_counted_as_if_it_were() -> None:
    report = own("profit-and-loss")
    report["Rows"]["Row"][0]["Rows"]["Row"][0]["ColData"][1]["value"] = "see below"
    assert ties.proof(parse(report)).why == (
        "5 of 6 totals are the sums of their lines; the other was not checked."
    )


def test_every_transaction_of_a_real_journal_balances() -> None:
    found = ties.proof(parse(sample("reports/JournalReport_excerpt.json")))
    assert (found.verdict, found.why) == (
        Verdict.PASS,
        "All 4 totals are the sums of their lines.",
    )


def test_a_trial_balance_that_was_cut_is_noticed() -> None:
    """The sample is an example of the documentation, with most of its lines left out."""
    found = ties.proof(parse(sample("reports/TrialBalance.json")))
    assert found.verdict is Verdict.FAIL


BY_NAME = {
    "AgedPayables": "All 7 totals are the sums of their lines.",
    "AgedReceivables": "All 7 totals are the sums of their lines.",
    "CustomerBalance": "Its total is the sum of its lines.",
}


@pytest.mark.parametrize("name", BY_NAME)
def test_what_is_owed_is_the_sum_of_its_names_and_of_its_ages(name: str) -> None:
    found = ties.proof(parse(sample(f"reports/{name}.json")))
    assert (found.verdict, found.why) == (Verdict.PASS, BY_NAME[name])


@pytest.mark.parametrize("place", [4, 6])
def test_a_cent_lost_in_a_line_of_an_aging_is_noticed(place: int) -> None:
    report = sample("reports/AgedPayables.json")
    report["Rows"]["Row"].pop(0)
    assert ties.proof(parse(report)).verdict is Verdict.FAIL
    report = sample("reports/AgedPayables.json")
    total = report["Rows"]["Row"][-1]["Summary"]["ColData"]
    total[place]["value"] = str(Decimal(total[place]["value"]) + Decimal("0.01"))
    assert ties.proof(parse(report)).verdict is Verdict.FAIL


NOT_CHECKED = "The report has no totals that could be added up."
OTHERS = {
    "ProfitAndLossDetail": "3 of 7 totals are the sums of their lines; the others were not checked.",
    "ProfitAndLossDetail_with_options": (
        "33 of 49 totals are the sums of their lines; the others were not checked."
    ),
    "CashFlow_2014": "All 4 totals are the sums of their lines.",
    "ClassSales": "All 2 totals are the sums of their lines.",
    "CustomerIncome": "All 3 totals are the sums of their lines.",
    "CustomerSales": "Its total is the sum of its lines.",
    "InventoryValuationDetail": "All 2 totals are the sums of their lines.",
    "InventoryValuationSummary": "Its total is the sum of its lines.",
    "VendorExpenses": "Its total is the sum of its lines.",
}
NOT_TOLD = {
    "AccountList": NOT_CHECKED,
    # Its amounts were made up by who published it.
    "AgedPayableDetail_2015": (
        "0 of 3 totals are the sums of their lines; 2 are not, which may be as it should."
    ),
    "AgedPayableDetail_docs": NOT_CHECKED,
    "AgedReceivableDetail": NOT_CHECKED,
    # An example of the documentation: the total of a section inside is that of the one around it.
    "CashFlow": "3 of 4 totals are the sums of their lines; 1 is not, which may be as it should.",
    "TaxSummary_FR": "Its 4 totals were not checked.",
    "TransactionListByCustomer_NoReportData": NOT_CHECKED,
    "TransactionListWithSplits": NOT_CHECKED,
    "TransactionList_2015": NOT_CHECKED,
}


@pytest.mark.parametrize("name", [*OTHERS, *NOT_TOLD])
def test_of_every_real_report_it_is_said_which_totals_are_the_sums_of_their_lines(
    name: str,
) -> None:
    found = ties.proof(parse(sample(f"reports/{name}.json")))
    verdict = Verdict.PASS if name in OTHERS else Verdict.NOT_CHECKED
    assert (found.verdict, found.why) == (verdict, {**OTHERS, **NOT_TOLD}[name])


def test_every_sample_is_judged_by_a_test() -> None:
    others = {*SAMPLES[:9], "JournalReport_excerpt", "TrialBalance", "GeneralLedger_two_columns"}
    assert {*OTHERS, *NOT_TOLD, *BY_NAME} == {*SAMPLES} - others


def test_a_ledger_whose_lines_were_left_out_is_noticed() -> None:
    """The sample is an example of the documentation, with lines of one account left out."""
    report = sample("reports/GeneralLedger_two_columns.json")
    found = ties.proof(parse(report))
    assert found.verdict is Verdict.FAIL
    assert found.why.startswith("1 of 7 totals of this report are not")


def _without(held: Any, at: int) -> bool:
    """Takes a line out of the first section that has more than `at`."""
    for row in held.get("Row", ()):
        lines = row.get("Rows", {}).get("Row", ())
        if len(lines) > at and "ColData" in lines[at]:
            del lines[at]
            return True
        if _without(row.get("Rows", {}), at):
            return True
    return False


@pytest.mark.parametrize(
    "name", ["ClassSales", "CustomerSales", "VendorExpenses", "InventoryValuationSummary"]
)
def test_a_line_lost_above_a_grand_total_is_noticed(name: str) -> None:
    report = sample(f"reports/{name}.json")
    report["Rows"]["Row"].pop(0)
    assert ties.proof(parse(report)).verdict is Verdict.FAIL


@pytest.mark.parametrize("name", ["ProfitAndLossDetail", "ProfitAndLossDetail_with_options"])
def test_a_line_lost_in_a_section_of_transactions_is_noticed(name: str) -> None:
    report = sample(f"reports/{name}.json")
    assert _without(report["Rows"], 1)
    assert ties.proof(parse(report)).verdict is Verdict.FAIL


def test_an_activity_lost_from_a_cash_flow_is_noticed() -> None:
    report = sample("reports/CashFlow_2014.json")
    report["Rows"]["Row"].pop(1)
    assert ties.proof(parse(report)).verdict is Verdict.FAIL


def test_the_bottom_line_does_not_depend_on_the_order_of_the_groups() -> None:
    report = sample("reports/ProfitAndLoss_2026_sandbox.json")
    report["Rows"]["Row"].reverse()
    found = ties.proof(parse(report))
    assert found.totals == (Total("NetIncome:total", "Net Income", "USD", Decimal("1642.46")),)


def aging_by_bucket(third: str) -> Any:
    def part(label: str, amount: str, *rows: Any) -> Any:
        head = {"ColData": [{"value": label}, {"value": amount}]}
        return {"type": "Section", "Header": head, "Rows": {"Row": list(rows)} if rows else {}}

    def line(amount: str) -> Any:
        return {"type": "Data", "ColData": [{"value": "2026-01-01"}, {"value": amount}]}

    keys = ("tx_date", "subt_open_bal")
    return {
        "Header": {"ReportName": "AgedReceivableDetail", "Currency": "USD"},
        "Columns": {"Column": [{"ColType": key, "ColTitle": key} for key in keys]},
        "Rows": {
            "Row": [
                part("1 - 30 days past due", "", line("5.00"), line("6.00")),
                part("Total for 1 - 30 days past due", "11.00"),
                part("31 - 60 days past due", "", line(third)),
                part("Total for 31 - 60 days past due", "7.00"),
            ]
        },
    }


def test_the_totals_beside_the_buckets_of_an_aging_are_held_against_their_lines() -> None:
    found = ties.proof(parse(aging_by_bucket("7.00")))
    assert (found.verdict, found.why) == (
        Verdict.PASS,
        "All 2 totals are the sums of their lines.",
    )
    found = ties.proof(parse(aging_by_bucket("7.01")))
    assert (found.verdict, found.why, found.apart) == (
        Verdict.NOT_CHECKED,
        "1 of 2 totals are the sums of their lines; 1 is not, which may be as it should.",
        'It is "Total for 31 - 60 days past due": 7.00, and its lines come to 7.01.',
    )


def two_sided(name: str, rows: list[tuple[str, str, str]], total: tuple[str, str]) -> Any:
    keys = (("account", "Account"), ("debt_amt", "Debit"), ("credit_amt", "Credit"))
    lines: list[Any] = [{"ColData": [{"value": text} for text in row]} for row in rows]
    foot = {"ColData": [{"value": text} for text in ("TOTAL", *total)]}
    lines.append({"type": "Section", "group": "GrandTotal", "Summary": foot})
    return {
        "Header": {"ReportName": name, "Currency": "USD"},
        "Columns": {"Column": [{"ColType": key, "ColTitle": title} for key, title in keys]},
        "Rows": {"Row": lines},
    }


TWO_ROWS = [("Checking", "10.00", ""), ("Loan", "", "10.00")]


@pytest.mark.parametrize("name", ["TrialBalance", "TrialBalanceFR"])
@pytest.mark.parametrize(
    ("rows", "total", "verdict"),
    [
        (TWO_ROWS, ("10.00", "10.00"), Verdict.PASS),
        (TWO_ROWS, ("10.00", "10.01"), Verdict.FAIL),
        (TWO_ROWS[:1], ("10.00", "10.00"), Verdict.FAIL),
        (TWO_ROWS[1:], ("10.00", "10.00"), Verdict.FAIL),
        ([*TWO_ROWS, ("Rent", ".01", "")], ("10.00", "10.00"), Verdict.FAIL),
    ],
)
def test_debits_are_credits_and_the_lines_of_each_side_its_total(
    name: str, rows: list[tuple[str, str, str]], total: tuple[str, str], verdict: Verdict
) -> None:
    assert ties.proof(parse(two_sided(name, rows, total))).verdict is verdict


def test_a_report_of_another_name_with_such_columns_is_not_held_to_it() -> None:
    report = two_sided("GeneralLedger", TWO_ROWS[:1], ("10.00", "0.00"))
    assert ties.proof(parse(report)).verdict is Verdict.NOT_CHECKED


def nested_trial_balance(fuel: str = "5.00", vehicles: str = "15.00") -> Any:
    def cells(label: str, id: str, debit: str, credit: str) -> Any:
        named = {"value": label, "id": id} if id else {"value": label}
        return {"ColData": [named, {"value": debit}, {"value": credit}]}

    report = two_sided("TrialBalance", [], ("15.00", "15.00"))
    report["Rows"]["Row"][:0] = [
        {
            "type": "Section",
            "Header": cells("Vehicles", "36", "10.00", ""),
            "Rows": {"Row": [{"type": "Data", **cells("Fuel", "37", fuel, "")}]},
            "Summary": cells("Total Vehicles", "", vehicles, ""),
        },
        {"type": "Data", **cells("Checking", "35", "", "15.00")},
    ]
    return report


def test_in_a_trial_balance_with_sub_accounts_each_total_is_that_of_its_own_lines() -> None:
    found = ties.proof(parse(nested_trial_balance()))
    assert (found.verdict, found.why) == (
        Verdict.PASS,
        "All 4 totals are the sums of their lines.",
    )
    for spoiled in (nested_trial_balance(fuel="5.01"), nested_trial_balance(vehicles="14.00")):
        assert ties.proof(parse(spoiled)).verdict is Verdict.FAIL
