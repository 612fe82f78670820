"""The first lines of a report, before anything is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.budgets import Caps
from counterfoil.core.errors import (
    BadRequest,
    BudgetSpent,
    IncompleteRead,
    NotFound,
    ReportTooLarge,
)
from counterfoil.core.people import Role
from counterfoil.core.report_values import too_large
from counterfoil.flows.asking import Asked
from counterfoil.flows.report_previews import MOST_COLUMNS
from tests.flows.export_fakes import (
    ANA,
    BEN,
    CONNECTION,
    SHEET,
    FakeQuickBooks,
    World,
    nothing_asked,
)
from tests.flows.test_reports_over_sandbox import of_customers

SENT = Path(__file__).parents[1] / "data" / "quickbooks"
BY_MONTH = {
    "start_date": "2026-01-01",
    "end_date": "2026-03-31",
    "summarize_column_by": "Month",
}
QUARTER = {"start_date": "2026-01-01", "end_date": "2026-03-31"}
TO_DATE = {"start_date": "2026-03-01", "end_date": "2026-03-20"}
AT_THE_END = {"end_date": "2026-10-31"}


def books(**more: Any) -> World:
    reports = {
        "ProfitAndLoss": (SENT / "profit-and-loss-by-month.json").read_bytes(),
        "BalanceSheet": (SENT / "balance-sheet.json").read_bytes(),
        "CustomerSales": of_customers(30),
    }
    return World(FakeQuickBooks(reports=reports), **more)


def preview(
    world: World, key: str, parameters: dict[str, str], user: Any = ANA, **options: Any
) -> dict[str, Any]:
    return world.exports.preview(
        user, SHEET, Asked((CONNECTION,), catalog.report(key), {"parameters": parameters} | options)
    ).as_json()


def test_a_report_is_shown_as_it_will_be_printed_for_one_call_and_nothing_is_kept() -> None:
    world = books()
    assert preview(world, "profit-and-loss", BY_MONTH) == {
        "columns": ["", "Jan 2026", "Feb 2026", "Total", "% of Income"],
        "rows": [
            ["INCOME", "", "", "", ""],
            ["Sales", "10.10", "", "10.10", "100.00 %"],
            ["Fees", "(0.10)", "0.10", "0.00", ""],
            ["TOTAL INCOME", "10.00", "0.10", "10.10", "100.00 %"],
            ["NET INCOME", "10.00", "0.10", "10.10", "100.00 %"],
        ],
        "more": False,
        "note": "",
        "looked": 0,
        "fields": [],
        "amounts": [1, 2, 3, 4],
        "above": [
            "Acme Landscaping",
            "Profit and Loss",
            "2026-01-01 to 2026-02-28",
            "Cash basis, EUR",
        ],
        "bold": [0, 3, 4],
        "depths": [0, 1, 1, 0, 0],
    }
    assert world.quickbooks.asked == ["ProfitAndLoss"]
    assert world.quickbooks.report_params == [BY_MONTH]
    for collection in ("exporters", "runs", "leases"):
        assert world.records.all(collection) == {}


def test_as_a_table_it_has_a_value_a_row_and_says_what_it_leaves_out() -> None:
    world = books()
    shown = preview(world, "profit-and-loss", BY_MONTH, layout="tidy", tie_out=True, title_row=True)
    assert shown["above"] == ["Profit and Loss · Acme Landscaping"]
    assert [shown["columns"][at] for at in (7, 9, 15)] == ["Name", "Depth", "Amount"]
    row = shown["rows"][0]
    assert [row[at] for at in (7, 9, 13, 15)] == ["Sales", "1", "2026-01-01", "10.10"]
    assert 15 in shown["amounts"]
    assert shown["note"] == (
        "The accounts' numbers are blank here; the export reads them. "
        "It was not checked against other reports."
    )
    assert world.quickbooks.asked == ["ProfitAndLoss"]


def test_it_is_the_first_twenty_lines_with_the_ids_that_were_chosen() -> None:
    shown = preview(books(), "balance-sheet", AT_THE_END, line_ids=True, account_numbers="shown")
    assert (len(shown["rows"]), shown["more"]) == (20, True)
    assert shown["columns"] == ["", "Sep 2026", "Oct 2026", "Id"]
    assert shown["rows"][3] == ["=Checking", "1,201.00", "950.25", "35"]
    assert shown["note"] == "Account numbers are as QuickBooks sends them; the export reads them."


def test_a_wide_report_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counterfoil.flows.report_previews.MOST_COLUMNS", 3)
    shown = preview(books(), "profit-and-loss", BY_MONTH)
    assert MOST_COLUMNS == 50
    assert (len(shown["columns"]), {len(row) for row in shown["rows"]}) == (3, {3})
    assert shown["note"] == "The first 3 of 5 columns."


def test_a_comparison_is_shown_where_one_answer_has_it_and_left_out_in_words_elsewhere() -> None:
    world = books()
    months = {"start_date": "2026-02-01", "end_date": "2026-02-28"}
    shown = preview(world, "profit-and-loss", months, compare="previous_period")
    assert shown["columns"][1:3] == ["Feb 2026", "Jan 2026"]
    assert shown["note"] == ""
    assert world.quickbooks.report_params == [
        {"start_date": "2026-01-01", "end_date": "2026-02-28", "summarize_column_by": "Month"}
    ]
    world = books()
    shown = preview(world, "sales-by-customer", TO_DATE, compare="previous_period")
    assert shown["columns"] == ["", "Total"]
    assert shown["note"] == (
        "The periods that it is compared with are left out here; the export has them."
    )
    assert world.quickbooks.report_params == [TO_DATE]


@pytest.mark.parametrize(
    ("key", "parameters", "options", "said"),
    [
        ("budget-against-actual", QUARTER | {"budget": "B"}, {}, "is made of several answers"),
        ("profit-and-loss", QUARTER, {"consolidate": {"currency": "USD"}}, "A consolidated table"),
    ],
)  # fmt: skip
def test_what_is_made_of_several_answers_has_none_and_says_so(
    key: str, parameters: dict[str, str], options: dict[str, Any], said: str
) -> None:
    world = books()
    with nothing_asked(world), pytest.raises(BadRequest, match=said):
        preview(world, key, parameters, **options)


def test_one_that_is_too_large_for_an_answer_is_not_read_in_parts() -> None:
    world = books()
    world.quickbooks.behave = lambda _call, _number: too_large()  # type: ignore[assignment]
    with pytest.raises(ReportTooLarge, match="too large for one answer of QuickBooks"):
        preview(world, "profit-and-loss", QUARTER)
    assert len(world.quickbooks.asked) == 1


def test_totals_that_do_not_add_up_are_not_shown() -> None:
    world = books()
    report = world.quickbooks.reports["ProfitAndLoss"]
    world.quickbooks.reports["ProfitAndLoss"] = report.replace(b'"10.00"', b'"11.00"')
    with pytest.raises(IncompleteRead):
        preview(world, "profit-and-loss", BY_MONTH)


def test_it_needs_an_editor_and_counts_against_the_budgets() -> None:
    world = books(paced=True, caps=Caps(user=1))
    for role in (None, Role.REFRESHER):
        if role:
            world.connections.roles[BEN.sub] = role
        with nothing_asked(world), pytest.raises(NotFound):
            preview(world, "profit-and-loss", QUARTER, user=BEN)
    preview(world, "profit-and-loss", QUARTER)
    with pytest.raises(BudgetSpent):
        preview(world, "profit-and-loss", QUARTER)
    assert len(world.quickbooks.asked) == 1
