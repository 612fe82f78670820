"""Reads that settle a row of docs/live-checks.md each: what is asked, and what it must say.

Each compares by the code that an export compares by. What is told besides is names of lists and
fields, never data.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from counterfoil import catalog
from counterfoil.adapters.quickbooks_api import Company
from counterfoil.core import look_ups, open_items, query
from counterfoil.core.budget_plans import plans_of
from counterfoil.core.compared_days import Span
from counterfoil.core.comparison import from_months, from_reports
from counterfoil.core.connecting import company_facts
from counterfoil.core.consolidation_books import BEGINNING, ENDING, INCREASE
from counterfoil.core.pages import count_of
from counterfoil.core.periods import Today, resolved
from counterfoil.core.query import Condition, Op
from counterfoil.core.reports import ReportLine, ReportSection, ReportTable
from counterfoil.core.tie_figures import Measure, figure, wanted_columns
from counterfoil.core.tie_out import NotApplicable
from counterfoil.flows.all_dates import FIRST

Ask = Callable[[], str]  # what is told besides
MOST_IDS = 1_000
_DAY = timedelta(days=1)
# "Nov 1 - Nov 28, 2026", as QuickBooks calls a month that is not over (addon/ValuesPrinted.js).
_NOT_OVER = re.compile(r"[A-Z][a-z]{2} \d{1,2} ?[-–] ?[A-Z][a-z]{2} \d{1,2},? \d{4}")
# A reference, the list that it points into, and where a company has one.
_REFERENCES = (
    ("Invoice", "CustomerRef", "Customer"),
    ("Bill", "VendorRef", "Vendor"),
    ("Bill", "APAccountRef", "Account"),
)
_NAMED = (("Customer", "DisplayName"), ("Class", "Name"), ("Item", "Name"))


class Differs(Exception):
    """It is not as we take it to be; says in what, and no data."""


class NothingToCompare(Exception):
    """The company's books do not tell; says what they would have to hold."""


def reads(company: Company, now: datetime) -> Iterator[tuple[str, Ask]]:
    """By the name that docs/live-checks.md gives them. Each raises Differs, NothingToCompare and
    what a company's methods do.
    """
    since, today = now - timedelta(days=1), now.date()
    yield "all custom fields", lambda: _custom_fields(company)
    yield "changes of short lists", lambda: _short_lists(company, since)
    yield "changes of credit card payments", lambda: _card_payments(company, now)
    yield "a thousand ids at once", lambda: _thousand(company, today)
    yield "names in another case", lambda: _another_case(company)
    yield "a backslash in a text", lambda: _backslash(company)
    yield "names in references", lambda: _references(company)
    yield "a rate of a day", lambda: _rate(company, today)
    yield "a balance sheet's start", lambda: _start_is_no_matter(company, today)
    yield "groups of cash flow", lambda: _cash_flow(company, today)
    yield "months of profit and loss", lambda: _months(company, today)
    yield "a month that is not over", lambda: _not_over(company, today)
    yield "ledger and trial balance", lambda: _ledger(company, today)
    yield "a report of all dates", lambda: _all_dates(company, today)
    yield "ids in the aging", lambda: _aging(company, today)
    yield "periods of budgets", lambda: _budgets(company)


def _custom_fields(company: Company) -> str:
    """Those of invoices as they always come, and with all of them asked for."""
    usual, all = (
        {
            str(field["DefinitionId"])
            for row in _rows(
                company.query(query.select("Invoice", size=100), custom_fields=asked), "Invoice"
            )
            for field in row.get("CustomField", ())
        }
        for asked in (False, True)
    )
    if usual - all:
        raise Differs("where all are asked for, some lack that come otherwise")
    if not all - usual:
        raise NothingToCompare("a fourth custom field on an invoice")
    return f"DefinitionId {', '.join(sorted(all - usual))} besides"


def _short_lists(company: Company, since: datetime) -> str:
    found = _keys(company.cdc(["CustomerType", "PaymentMethod", "Term"], since))
    return f"lists {', '.join(found) or 'none: nothing changed'}"


def _card_payments(company: Company, now: datetime) -> str:
    found = _keys(company.cdc(["CreditCardPayment"], now - timedelta(days=27)))
    if not found:
        raise NothingToCompare("a payment of a credit card in the last 27 days")
    return f"lists {', '.join(found)}"


def _keys(body: bytes) -> list[str]:
    """The names of the lists in an answer of CDC."""
    found = {
        name
        for part in json.loads(body)["CDCResponse"]
        for held in part.get("QueryResponse", ())
        for name, rows in held.items()
        if isinstance(rows, list)
    }
    return sorted(found)


def _thousand(company: Company, today: date) -> str:
    ids = Condition("Id", Op.IN, tuple(map(str, range(1, MOST_IDS + 1))))
    days = Condition("TxnDate", Op.GE, today.replace(year=today.year - 5, day=1))
    count_of(company.query(query.count("Invoice", (ids, days))))
    return ""


def _another_case(company: Company) -> str:
    told = []
    for entity, field in _NAMED:
        names = [str(each.get(field) or "") for each in _records(company, entity)]
        name = next((each for each in names if each.swapcase() != each), None)
        if name is None:
            continue
        other = Condition(field, Op.IN, (name.swapcase(),))
        if count_of(company.query(query.count(entity, (other,)))) < 1:
            raise Differs(f"{entity} is not found by {field} in another case")
        told.append(entity)
    if not told:
        raise NothingToCompare("a customer, a class or a product with letters in its name")
    return f"of {', '.join(told)}"


def _backslash(company: Company) -> str:
    named = [
        str(each["DisplayName"])
        for each in _records(company, "Customer", Condition("DisplayName", Op.LIKE, "%\\%"))
    ]
    if any("\\" not in name for name in named):
        raise Differs("names without a backslash are found by one")
    return "" if named else "understood; no customer has one in their name"


def _references(company: Company) -> str:
    told = []
    for entity, field, list in _REFERENCES:
        held = [it[field] for it in _records(company, entity) if isinstance(it.get(field), dict)]
        shown = {str(each["value"]): each.get("name") for each in held}
        if not shown:
            continue
        ids = Condition("Id", Op.IN, tuple(shown))
        everything = (ids, Condition("Active", Op.IN, (True, False)))
        names = look_ups.names_in(company.query(query.select(list, everything)), list)
        if any(names.get(id, name) != name for id, name in shown.items()):
            raise Differs(f"{field} does not show {look_ups.name_field(list)}")
        told.append(f"{list} by {look_ups.name_field(list)}")
    if not told:
        raise NothingToCompare("an invoice or a bill")
    return ", ".join(told)


def _rate(company: Company, today: date) -> str:
    held = company.preferences()["CurrencyPrefs"]
    home = str(held["HomeCurrency"]["value"])
    others = (
        [str(each["Code"]) for each in _records(company, "CompanyCurrency")]
        if held.get("MultiCurrencyEnabled")
        else []
    )
    if not (others := [each for each in others if each != home]):
        raise NothingToCompare("a second currency")
    found = company.query(query.rates_on(others, today.replace(day=1)))
    rows = json.loads(found, parse_float=Decimal)["QueryResponse"].get("ExchangeRate", [])
    if not rows:
        raise NothingToCompare("a rate of the first day of this month")
    if {str(row["SourceCurrencyCode"]) for row in rows} - set(others):
        raise Differs("others than were asked for have a rate")
    if any(row["TargetCurrencyCode"] != home or Decimal(row["Rate"]) <= 0 for row in rows):
        raise Differs("a rate is not one into the home currency")
    return f"of {len(rows)} currencies"


def _start_is_no_matter(company: Company, today: date) -> str:
    starts = (today.replace(day=1), today.replace(month=1, day=1) - timedelta(days=365))
    one, other = (_lines(_report(company, "balance-sheet", start, today)) for start in starts)
    if one != other:
        raise Differs("another start date gives other balances")
    return "" if one else _empty()


def _cash_flow(company: Company, today: date) -> str:
    table = _report(company, "cash-flow", today.replace(month=1, day=1), today)
    groups = {each.group for each in _parts(table.tree)}
    lacking = [name for name in (INCREASE, BEGINNING, ENDING) if name not in groups]
    if not any(_lines(table).values()):
        return _empty()
    if lacking:
        raise Differs(f"there is no group {', '.join(lacking)}")
    return ""


def _months(company: Company, today: date) -> str:
    """Two years of months that are over, by month and in one column."""
    end = today.replace(day=1) - _DAY
    start = today.replace(year=today.year - 2, day=1)
    span = Span(start, end)
    whole = _report(company, "profit-and-loss", start, end)
    by_month = _report(company, "profit-and-loss", start, end, summarize_column_by="Month")
    if not any(_lines(whole).values()):
        return _empty()
    if _amounts(from_months(by_month, [span])) != _amounts(from_reports([whole], [span])):
        raise Differs("its months do not add up to the report in one column")
    return ""


def _all_dates(company: Company, today: date) -> str:
    """From the day that stands for the first of all, and from one that no company began after."""
    days = (FIRST, date(1990, 1, 1))
    one, other = (_lines(_report(company, "profit-and-loss", day, today)) for day in days)
    if one != other:
        raise Differs("it is not the report of the company's own first day")
    return "" if one else _empty()


def _not_over(company: Company, today: date) -> str:
    """This month, unless it ends today."""
    if (today + _DAY).month != today.month:
        raise NothingToCompare("a day that is not the last of its month")
    first = today.replace(day=1)
    table = _report(company, "profit-and-loss", first, today, summarize_column_by="Month")
    titles = [column.title for column in table.columns if column.start == first]
    if not titles:
        return _empty()
    if not all(map(_NOT_OVER.fullmatch, titles)):
        raise Differs("a month that is not over is not called by its days")
    return ""


def _ledger(company: Company, today: date) -> str:
    start, end = _fiscal_year(company, today), today
    report = catalog.report("general-ledger")
    offered = next(each.choices for each in report.parameters if each.key == "columns")
    columns = ",".join(wanted_columns(Measure.CLOSING, offered))
    basis = {"accounting_method": "Accrual"}
    ledger = _report(company, "general-ledger", start, end, columns=columns, **basis)
    balance = _report(company, "trial-balance", start, end, **basis)
    try:
        told = figure(ledger, Measure.CLOSING), figure(balance, Measure.BALANCES)
    except NotApplicable as error:
        raise Differs(str(error)) from error
    left, said = (
        {id: item.amount for id, item in each.items() if item.amount}
        for each in told
        if isinstance(each, Mapping)
    )
    if left != said:
        apart = sum(left.get(id) != said.get(id) for id in left.keys() | said.keys())
        raise Differs(f"{apart} accounts end with another balance")
    return "" if said else _empty()


def _aging(company: Company, today: date) -> str:
    params = {"report_date": today.isoformat()}
    report = catalog.report("ar-aging-detail").report
    try:
        found = open_items.aged(company.report(report, params))
    except NotApplicable as error:
        raise Differs(str(error)) from error
    return "" if found else _empty()


def _budgets(company: Company) -> str:
    plans = plans_of(_records(company, "Budget"))
    if not plans:
        raise NothingToCompare("a budget")
    first = {day.day for plan in plans for days in plan.amounts.values() for day in days}
    if first - {1}:
        raise Differs("an amount does not stand on the first day of its period")
    return ""


def _empty() -> str:
    raise NothingToCompare("something posted in these days")


def _fiscal_year(company: Company, today: date) -> date:
    month = company_facts(company.company_info(), company.preferences()).fiscal_month
    start, _ = resolved("this_fiscal_year", Today(today, month))
    return start or today


def _report(company: Company, key: str, start: date, end: date, **more: str) -> ReportTable:
    days = {"start_date": start.isoformat(), "end_date": end.isoformat()}
    return company.report(catalog.report(key).report, {**days, **more})


def _records(company: Company, entity: str, *where: Condition) -> list[Mapping[str, Any]]:
    return _rows(company.query(query.select(entity, where, size=100)), entity)


def _rows(body: bytes, entity: str) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = json.loads(body)["QueryResponse"].get(entity, [])
    return found


def _lines(table: ReportTable) -> Counter[tuple[object, ...]]:
    """Every line that shows an amount, with its name and how often."""
    return Counter(tuple(each.texts) for each in table.lines if any(each.texts[1:]))


def _amounts(table: ReportTable) -> Counter[tuple[str, object]]:
    return Counter((line.label, line.values[1]) for line in table.lines if line.values[1])


def _parts(parts: tuple[ReportSection | ReportLine, ...]) -> Iterator[ReportSection | ReportLine]:
    for part in parts:
        yield part
        if isinstance(part, ReportSection):
            yield from _parts(part.inside)
