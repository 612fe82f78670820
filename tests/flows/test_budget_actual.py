"""Budget against actual, over the sandbox's books and budgets of every kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil import catalog
from counterfoil.core.budget_plans import plans_of, spans_within
from counterfoil.core.compared_days import Span
from counterfoil.core.digest import Digest
from counterfoil.core.errors import BadRequest, IncompleteRead, PlanLacks
from counterfoil.core.proof import Verdict
from counterfoil.core.reports import ReportLine, ReportTable
from counterfoil.flows.choices import chosen
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.fetched import Fetched
from counterfoil.flows.report_estimates import of_report
from counterfoil.flows.report_read import fetched, report_read
from sandbox.intuit.books import DemoBooks
from tests.flows.both_services import Books, books, service

__all__ = ["books", "service"]

REPORT = catalog.report("budget-against-actual")
QUARTER = {"start_date": "2026-01-01", "end_date": "2026-03-31"}
# Of the sandbox's Acme.
GARDEN, RENT, BANK = "23", "48", "1"


@dataclass
class Planned(Books):
    """The sandbox's books with budgets of a test's own."""

    books: DemoBooks
    budgets: list[dict[str, Any]] = field(default_factory=list)
    spoiled: bool = False

    def __post_init__(self) -> None:
        super().__init__(self.books)

    def query(self, statement: str) -> bytes:
        if " FROM Budget " not in statement:
            return super().query(statement)
        self.asked.append(statement)
        return json.dumps({"QueryResponse": {"Budget": self.budgets}}).encode()

    def answer(self, name: str, params: Mapping[str, str]) -> bytes:
        answer = json.loads(super().answer(name, params))
        if self.spoiled:
            answer["Rows"]["Row"][0]["Rows"]["Row"].pop(0)
        return json.dumps(answer).encode()


def line(account: str, day: str, amount: float, **dimension: str) -> dict[str, Any]:
    refs = {f"{name}Ref": {"value": id} for name, id in dimension.items()}
    return {
        "AccountRef": {"value": account, "name": f"Account {account}"},
        "BudgetDate": day,
        "Amount": amount,
        **refs,
    }


def budget(*details: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "Name": "Plan A",
        "StartDate": "2026-01-01",
        "EndDate": "2026-12-31",
        "BudgetType": "ProfitAndLoss",
        "BudgetEntryType": "Monthly",
        "Active": True,
        "BudgetDetail": list(details),
        **more,
    }


def choice(layout: str = "printed", **parameters: str) -> ReportChoice:
    found = chosen(REPORT, {"parameters": {**QUARTER, **parameters}, "layout": layout})
    assert isinstance(found, ReportChoice)
    return found


def made(company: Books, **parameters: str) -> Fetched:
    return fetched(company, choice(**parameters), in_flight=1)  # type: ignore[arg-type]


def of(table: ReportTable, key: str) -> ReportLine:
    return next(each for each in table.lines if each.key == key)


def shown(table: ReportTable, key: str, period: str) -> list[Any]:
    """Actual, budget, variance, %, favourable of a line in a period."""
    places = [at for at, it in enumerate(table.columns) if it.key.startswith(f"{period}/")]
    values = [of(table, key).values[place] for place in places]
    return [None if value is None else str(value) for value in values]


def test_each_month_and_account_has_actual_budget_and_variance(service: DemoBooks) -> None:
    company = Books(service)
    found = made(company)
    assert [name.split()[0] for name in company.asked] == ["SELECT", "ProfitAndLoss"]
    titles = [column.title for column in found.table.columns]
    assert titles[:6] == [
        *("", "Jan 2026 Actual", "Jan 2026 Budget", "Jan 2026 Variance", "Jan 2026 Variance %"),
        "Jan 2026 Favourable (unfavourable)",
    ]
    assert len(titles) == 1 + 5 * 4
    assert shown(found.table, "Income/23", "total") == [
        "672.00", "27000", "-26328.00", "-0.975111", "-26328.00",
    ]  # fmt: skip
    assert found.proof.verdict is Verdict.PASS
    assert [(each.title, str(each.amount)) for each in found.proof.totals] == [
        ("Net Income, actual", "31738.99"),
        ("Net Income, budget", "27000.00"),
    ]
    assert found.table.header["ComparedWith"] == "Plan for 2026"


def test_less_spent_than_planned_is_favourable_and_less_earned_is_not(books: DemoBooks) -> None:
    plan = budget(
        line(GARDEN, "2026-01-01", 1000),
        line("46", "2026-01-01", 1000),
        line("46", "2026-02-01", 100),
    )
    table = made(Planned(books, [plan])).table
    key = next(each.key for each in table.lines if each.ids[0] == "46")
    actual, planned, variance, _, good = shown(table, key, "2026-01-01")
    assert planned == "1000"
    assert Decimal(str(variance)) == Decimal(str(actual or 0)) - 1000 < 0
    assert Decimal(str(good)) == -Decimal(str(variance))
    _, _, variance, _, good = shown(table, "Income/23", "2026-01-01")
    assert good == variance


def test_what_is_in_one_of_them_only_is_there_and_is_counted(books: DemoBooks) -> None:
    unused = line("53", "2026-02-01", 50)
    found = made(
        Planned(books, [budget(unused, line("999", "2026-02-01", 7), line(BANK, "2026-03-01", 9))])
    )
    table = found.table
    unposted = [each for each in table.lines if each.ids[0] == "53"]
    assert len(unposted) == 1
    assert shown(table, unposted[0].key, "total")[:3] == [None, "50", "-50"]
    # One that is gone and one of the balance sheet: at the end, and in no total.
    assert shown(table, "Unplaced/999", "total")[1] == "7"
    assert shown(table, "Unplaced/1", "total")[1] == "9"
    assert of(table, "Unplaced/999").label == "Account 999"
    assert shown(table, "NetIncome:total", "total")[1] == "-50"
    assert "Accounts with a budget and no amounts: 1." in found.proof.why
    assert "not of income or costs: at the end, in no total: 2." in found.proof.why


def test_an_account_above_others_has_its_own_budget_in_its_own_line(books: DemoBooks) -> None:
    found = made(Planned(books, [budget(line("36", "2026-01-01", 30))]))
    assert of(found.table, "Expenses/36").label == "6100 Vehicles"
    assert shown(found.table, "Expenses/36", "total")[1:3] == ["30", "-30"]
    assert shown(found.table, "Expenses:total", "total")[1] == "30"


def test_amounts_of_classes_locations_and_customers_are_added_up(books: DemoBooks) -> None:
    plan = budget(
        line(GARDEN, "2026-01-01", 100.1, Class="1"),
        line(GARDEN, "2026-01-01", 200.2, Class="2"),
        line(GARDEN, "2026-01-01", 0.7, Customer="5"),
    )
    assert shown(made(Planned(books, [plan])).table, "Income/23", "2026-01-01")[1] == "301.0"


def test_a_budget_by_quarter_has_a_column_a_quarter(books: DemoBooks) -> None:
    plan = budget(
        line(GARDEN, "2026-01-01", 900),
        line(GARDEN, "2026-04-01", 800),
        BudgetEntryType="Quarterly",
    )
    table = made(Planned(books, [plan]), end_date="2026-05-15").table
    assert [each.key for each in table.columns if each.key.endswith("/budget")] == [
        *("2026-01-01/budget", "2026-04-01/budget", "total/budget"),
    ]
    assert table.header["EndPeriod"] == "2026-06-30"
    assert shown(table, "Income/23", "2026-04-01")[1] == "800"
    assert shown(table, "Income/23", "total")[1] == "1700"


def test_columns_of_the_total_only_are_five(books: DemoBooks) -> None:
    table = made(Books(books), summarize_column_by="Total").table
    assert [column.title for column in table.columns] == [
        *("", "Actual", "Budget", "Variance", "Variance %", "Favourable (unfavourable)"),
    ]


TWO = [budget(line(GARDEN, "2026-01-01", 1)), budget(line(GARDEN, "2026-01-01", 2), Name="Plan B")]


def test_one_of_several_budgets_is_named(books: DemoBooks) -> None:
    table = made(Planned(books, TWO), budget="plan b").table
    assert shown(table, "Income/23", "2026-01-01")[1] == "2"


@pytest.mark.parametrize(
    ("budgets", "name", "why"),
    [
        ([], "", "This company has no active budget of income and costs."),
        ([budget(Active=False)], "", "no active budget"),
        ([budget(BudgetType="BalanceSheet")], "", "no active budget"),
        (TWO, "", "There are 2 budgets that fit. Name one of these: “Plan A”"),
        (TWO, "Plan C", "There is no budget of that name. Name one of these: “Plan A”"),
        ([budget(EndDate="2026-02-28")], "", "There is no budget for 2026-01-01 to 2026-03-31"),
        ([budget(EndDate="2026-02-28")], "Plan A", "is for 2026-01-01 to 2026-02-28. Choose"),
    ],
)
def test_where_it_is_not_clear_which_budget_is_meant_those_that_there_are_are_named(
    books: DemoBooks, budgets: list[dict[str, Any]], name: str, why: str
) -> None:
    company = Planned(books, budgets)
    with pytest.raises(BadRequest, match=why):
        made(company, budget=name)
    assert company.asked == ["SELECT * FROM Budget ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000"]


@pytest.mark.parametrize("odd", [{"StartDate": "soon"}, {"BudgetDetail": [{}]}, {"Name": None}])
def test_what_is_no_budget_ends_the_run(books: DemoBooks, odd: dict[str, Any]) -> None:
    record = budget() | odd
    if record["Name"] is None:
        del record["Name"]
    with pytest.raises(IncompleteRead, match="a budget that we cannot read"):
        made(Planned(books, [record]))


def test_a_profit_and_loss_that_does_not_add_up_is_not_written(books: DemoBooks) -> None:
    company = Planned(books, [budget(line(GARDEN, "2026-01-01", 1))], spoiled=True)
    with pytest.raises(IncompleteRead) as raised:
        made(company)
    assert raised.value.message == (
        "12 totals of QuickBooks' Profit and Loss are not the sum of their accounts. Nothing was "
        "written. Please export again."
    )
    assert raised.value.beside == {
        "apart": '"Total Income" in "Jan 2026": 13,563.00, and its accounts come to 11,725.50.'
    }


def test_a_plan_without_budgets_says_so_in_a_sentence(books: DemoBooks) -> None:
    class Refusing(Books):
        def query(self, statement: str) -> bytes:
            raise PlanLacks("The plan does not include this data.")

    with pytest.raises(PlanLacks, match=r"budgets cannot be read\. The plan does not"):
        made(Refusing(books))


def test_account_numbers_are_shown_or_hidden_as_chosen(books: DemoBooks) -> None:
    def labels(numbers: str) -> list[str]:
        options = {"parameters": QUARTER, "account_numbers": numbers}
        asked = chosen(REPORT, options)
        assert isinstance(asked, ReportChoice)
        company: Any = Books(books)
        assert of_report(asked).calls == 4
        lines = fetched(company, asked, in_flight=1).table.lines
        return [each.label for each in lines if each.ids[0] in ("23", "24")]

    assert labels("hidden") == ["Garden Work", "Garden Work:Lawn Care"]
    assert labels("shown") == ["4100 Garden Work", "4100 Garden Work:4110 Lawn Care"]


@pytest.mark.parametrize(("layout", "rows"), [("printed", 44), ("tidy", 429)])
def test_it_is_laid_out_as_any_other_report(books: DemoBooks, layout: str, rows: int) -> None:
    read = report_read(
        Books(books),  # type: ignore[arg-type]
        choice(layout),
        Digest("00" * 32),
        company_name="Acme",
        max_cells=1_000_000,
        in_flight=1,
    )
    assert read.rows.rows == rows
    assert read.proof.rows == rows


def test_an_estimate_counts_the_budgets_the_report_and_the_accounts() -> None:
    assert of_report(choice()).calls == 3


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([GARDEN, "46", "61", "999", BANK]),
            st.integers(1, 12),
            st.integers(-(10**7), 10**7),
        ),
        max_size=30,
    ),
    st.sampled_from(["Monthly", "Quarterly", "Yearly"]),
    st.integers(1, 12),
)
def test_whatever_is_planned_the_columns_add_up_to_it(
    planned: list[tuple[str, int, int]], entry: str, until: int
) -> None:
    details = [
        line(account, f"2026-{month:02d}-01", float(Decimal(cents) / 100))
        for account, month, cents in planned
    ]
    (plan,) = plans_of([budget(*details, BudgetEntryType=entry)])
    spans = spans_within(plan, date(2026, 1, 1), date(2026, until, 15))
    last = spans[-1].end
    assert spans[0].start == date(2026, 1, 1)
    assert last >= date(2026, until, 15)
    for account in {each[0] for each in planned}:
        inside = [Decimal(c) / 100 for a, m, c in planned if a == account and m <= last.month]
        found = [plan.amount(account, span) for span in spans]
        assert sum(each for each in found if each is not None) == sum(inside)


def test_a_day_with_an_offset_is_a_day() -> None:
    (plan,) = plans_of([budget(line(GARDEN, "2026-01-01-08:00", 5), StartDate="2026-01-01-08:00")])
    assert plan.amount(GARDEN, Span(date(2026, 1, 1), date(2026, 1, 31))) == 5
