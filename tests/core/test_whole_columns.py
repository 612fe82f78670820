"""What of a report is of the whole company, where its columns or its lines are of some only."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from counterfoil.core import ties
from counterfoil.core.proof import Total, Verdict
from counterfoil.core.reports import parse
from counterfoil.core.tie_figures import Measure, figure
from counterfoil.core.tie_out import NotApplicable
from counterfoil.core.whole_columns import with_narrowing
from tests.samples import sample


def by_class(*, total: str = "100.00", **header: str) -> Any:
    """A Balance Sheet with one invoice of 100.00: what it earned is of a class, what is owed for it
    of none.
    """

    def section(group: str, label: str, inner: Any, *amounts: str) -> Any:
        return {
            "type": "Section",
            "group": group,
            "Header": {"ColData": [{"value": label}, *[{"value": ""}] * len(amounts)]},
            "Rows": {"Row": [inner]},
            "Summary": {"ColData": [{"value": f"Total {label}"}, *cells(*amounts)]},
        }

    def cells(*amounts: str) -> Any:
        return [{"value": amount} for amount in amounts]

    owed = {"ColData": [{"value": "A/R", "id": "1"}, *cells("", "100.00", "100.00")]}
    earned = {
        "group": "NetIncome",
        "ColData": [{"value": "Net Income"}, *cells("100.00", "", total)],
    }
    rows = [
        section("TotalAssets", "Assets", owed, "0.00", "100.00", "100.00"),
        section("TotalLiabilitiesAndEquity", "Claims", earned, "100.00", "0.00", total),
    ]
    names = [("East", "5"), ("Not Specified", "0"), ("TOTAL", "total")]
    columns = [
        {
            "ColTitle": title,
            "ColType": "Money",
            "MetaData": [{"Name": "ColKey", "Value": key}],
        }
        for title, key in names
    ]
    return {
        "Header": {"ReportName": "BalanceSheet", "SummarizeColumnsBy": "Classes", **header},
        "Columns": {"Column": [{"ColTitle": "", "ColType": "Account"}, *columns]},
        "Rows": {"Row": rows},
    }


def test_a_share_of_a_company_need_not_balance_and_the_whole_must() -> None:
    found = ties.proof(parse(by_class()))
    assert (found.verdict, found.why) == (
        Verdict.PASS,
        "All 7 totals are the sums of their lines.",
    )
    assert ties.proof(parse(nameless())).why == "All 6 totals are the sums of their lines."
    broken = ties.proof(parse(by_class(total="99.00")))
    assert broken.verdict is Verdict.FAIL
    assert broken.why.startswith("1 of 7 totals")
    narrowed = ties.proof(parse(by_class(Class="5", SummarizeColumnsBy="Total", total="99.00")))
    assert narrowed.verdict is Verdict.PASS


def nameless() -> Any:
    report = by_class()
    for column in report["Columns"]["Column"][1:]:
        del column["MetaData"]  # then nobody knows which one is the whole
    return report


def test_what_was_asked_narrows_a_report_that_does_not_say_so() -> None:
    said = parse(by_class(SummarizeColumnsBy="Total", total="99.00"))
    assert ties.proof(said).verdict is Verdict.FAIL
    asked = with_narrowing(said, {"class": "5", "end_date": "2026-01-31"})
    assert asked.header["Class"] == "5"
    assert ties.proof(asked).verdict is Verdict.PASS
    assert with_narrowing(said, {"class": "", "sort_order": "ascend"}) == said
    told = parse(by_class(Class="7"))
    assert with_narrowing(told, {"class": "5"}).header["Class"] == "7"


@pytest.mark.parametrize("narrowed", [{"Class": "5"}, {"SummarizeColumnsBy": "Classes"}])
def test_that_cash_changes_by_its_activities_is_sure_of_the_whole_company_only(
    narrowed: dict[str, str],
) -> None:
    report = sample("reports/CashFlow_2014.json")
    report["Rows"]["Row"].pop(1)
    assert ties.proof(parse(report)).verdict is Verdict.FAIL
    report["Header"] |= narrowed
    found = ties.proof(parse(report))
    assert found.verdict is Verdict.NOT_CHECKED
    assert found.why.endswith("1 is not, which may be as it should.")
    assert found.apart == (
        'It is "Net cash increase for period": 2,281.00, and the activities come to -26,719.00.'
    )


def test_across_reports_the_column_of_the_whole_is_compared_wherever_it_stands() -> None:
    report = by_class()
    heads = [report["Columns"]["Column"]]
    for row in report["Rows"]["Row"]:
        lines = (row["Header"], row["Summary"], *row["Rows"]["Row"])
        heads += [line["ColData"] for line in lines]
    for cells in heads:
        cells[2:] = reversed(cells[2:])
    table = parse(report)
    assert [column.title for column in table.columns] == ["", "East", "TOTAL", "Not Specified"]
    assert figure(table, Measure.NET_INCOME) == Decimal("100.00")
    claims = "TotalLiabilitiesAndEquity:total"
    assert ties.proof(table).totals == (Total(claims, "Total Claims", "", Decimal("100.00")),)


def test_across_reports_no_share_of_a_company_is_compared() -> None:
    with pytest.raises(NotApplicable, match="no column of the whole company"):
        figure(parse(nameless()), Measure.NET_INCOME)


def test_a_share_of_a_company_is_not_told_as_what_its_report_comes_to() -> None:
    assert ties.proof(parse(nameless())).totals == ()
    narrowed = ties.proof(parse(by_class(Class="5", SummarizeColumnsBy="Total")))
    claims = "TotalLiabilitiesAndEquity:total"
    assert narrowed.totals == (Total(claims, "Total Claims", "", Decimal("100.00")),)
