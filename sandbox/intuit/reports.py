"""The reports endpoint: parameters in, a report's JSON out. Pure.

Offered: ProfitAndLoss and BalanceSheet, by Total, Month, Quarter or Year. `customer` narrows the
profit and loss to postings of those customers. Filters by class, location, vendor, item or employee
answer 5030, as in a plan without them. `date_macro`, `sort_order`, `qzurl` and what is unknown
change nothing: without both dates the period is this calendar year to date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sandbox.intuit.answers import DATA_CENTRE, ApiRefused, record_time, unsupported
from sandbox.intuit.periods import Period, periods
from sandbox.intuit.statements import Book, Span, balance_sheet, profit_and_loss
from sandbox.intuit.store import Row

REPORTS = ("ProfitAndLoss", "BalanceSheet")
COLUMNS_BY = ("Total", "Month", "Quarter", "Year")
BASES = ("Accrual", "Cash")
NOT_IN_PLAN = ("class", "department", "vendor", "item", "employee")
DEFAULT_MACRO = "this calendar year-to-date"
TOO_MUCH = "Unable to display more data. Please reduce the date range."
CELL_LIMIT = 400_000
"""Beyond it QuickBooks answers 200 with TOO_MUCH in place of the data."""


@dataclass(frozen=True, slots=True)
class Asked:
    name: str
    start: date
    end: date
    macro: str | None
    basis: str
    by: str
    customers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    key: str
    period: Period | None = None


def report(
    name: str,
    args: Mapping[str, str],
    book: Callable[[str], Book],
    *,
    default_basis: str,
    currency: str,
    now: datetime,
    cell_limit: int = CELL_LIMIT,
) -> Row:
    """`book` gives the postings of a basis. Raises ApiRefused."""
    asked = _asked(name, args, default_basis, now)
    cut = [] if asked.by == "Total" else periods(asked.start, asked.end, asked.by)
    columns = [Column(period.title, period.title, period) for period in cut]
    if asked.name == "ProfitAndLoss":
        columns.append(Column("Total", "total"))
        spans = [Span(period.start, period.end) for period in cut]
        rows, filled = profit_and_loss(
            _narrowed(book(asked.basis), asked.customers), [*spans, Span(asked.start, asked.end)]
        )
    else:
        columns = columns or [Column("Total", "total")]
        ends = [period.end for period in cut] or [asked.end]
        rows, filled = balance_sheet(book(asked.basis), ends)
    if _cells(rows) > cell_limit:
        blanks = ({"value": ""} for _ in columns)
        rows = [{"ColData": [{"value": TOO_MUCH}, *blanks], "type": "Data"}]
    return {
        "Header": _header(asked, currency, now, filled),
        "Columns": {"Column": [_account_column(), *(_column(column) for column in columns)]},
        "Rows": {"Row": rows} if rows else {},
    }


def _asked(name: str, args: Mapping[str, str], default_basis: str, now: datetime) -> Asked:
    if name not in REPORTS:
        raise unsupported(f"reports/{name}")
    if unheard := [key for key in NOT_IN_PLAN if args.get(key)]:
        raise ApiRefused(
            "5030",
            "Feature Not Supported Error",
            f"Feature Not Supported Error : The requested feature isn't supported. : {unheard[0]}",
        )
    start, end, macro = _dates(args, now)
    return Asked(
        name,
        start,
        end,
        macro,
        _one_of(BASES, args, "accounting_method", default_basis),
        _one_of(COLUMNS_BY, args, "summarize_column_by", "Total"),
        tuple(filter(None, args.get("customer", "").split(","))),
    )


def _dates(args: Mapping[str, str], now: datetime) -> tuple[date, date, str | None]:
    """A lone date is passed over in favour of the default period, as QuickBooks does."""
    given = [args.get("start_date"), args.get("end_date")]
    if not all(given):
        today = now.astimezone(DATA_CENTRE).date()
        return date(today.year, 1, 1), today, DEFAULT_MACRO
    start, end = (_date(text or "") for text in given)
    if start > end:
        raise ApiRefused(
            "6000",
            "A business validation error has occurred while processing your request",
            "Business Validation Error: The start date must be before the end date.",
        )
    return start, end, None


def _date(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=DATA_CENTRE).date()
    except ValueError:
        raise ApiRefused(
            "2020",
            "Required param missing, need to supply the required value for the API",
            f"Supplied value is not a date: {text}",
        ) from None


def _one_of(choices: Sequence[str], args: Mapping[str, str], name: str, default: str) -> str:
    text = args.get(name) or default
    for choice in choices:
        if choice.lower() == text.lower():
            return choice
    raise ApiRefused(
        "2170", "Invalid Enumeration", f"Invalid Enumeration : Enumeration value '{text}' of {name}"
    )


def _narrowed(book: Book, customers: Sequence[str]) -> Book:
    if not customers:
        return book
    kept = [posting for posting in book.postings if posting.customer in customers]
    return replace(book, postings=kept)


def _header(asked: Asked, currency: str, now: datetime, filled: bool) -> Row:
    header: dict[str, Any] = {"Time": record_time(now), "ReportName": asked.name}
    if asked.macro:
        header["DateMacro"] = asked.macro
    header |= {
        "ReportBasis": asked.basis,
        "StartPeriod": asked.start.isoformat(),
        "EndPeriod": asked.end.isoformat(),
        "SummarizeColumnsBy": asked.by,
        "Currency": currency,
    }
    if asked.customers:
        header["Customer"] = ",".join(asked.customers)
    header["Option"] = [
        {"Name": "AccountingStandard", "Value": "GAAP"},
        {"Name": "NoReportData", "Value": "false" if filled else "true"},
    ]
    return header


def _account_column() -> Row:
    return {
        "ColTitle": "",
        "ColType": "Account",
        "MetaData": [{"Name": "ColKey", "Value": "account"}],
    }


def _column(column: Column) -> Row:
    about = [{"Name": "ColKey", "Value": column.key}]
    if column.period:
        about = [
            {"Name": "StartDate", "Value": column.period.start.isoformat()},
            {"Name": "EndDate", "Value": column.period.end.isoformat()},
            *about,
        ]
    return {"ColTitle": column.title, "ColType": "Money", "MetaData": about}


def _cells(rows: Sequence[Row]) -> int:
    return sum(
        len(row.get("ColData", ()))
        + sum(len(row.get(part, {}).get("ColData", ())) for part in ("Header", "Summary"))
        + _cells(row.get("Rows", {}).get("Row", ()))
        for row in rows
    )
