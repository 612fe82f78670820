"""What a report was asked for: the parameters read as QuickBooks reads them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sandbox.intuit.answers import DATA_CENTRE, ApiRefused, record_time
from sandbox.intuit.store import Row

COLUMNS_BY = ("Total", "Days", "Week", "Month", "Quarter", "Year")
BASES = ("Accrual", "Cash")
NOT_COMPUTED = ("class", "department", "item", "employee")
"""What no report is narrowed by here."""
DEFAULT_MACRO = "this calendar year-to-date"
BY_BASIS = (
    "AccountList",
    "BalanceSheet",
    "ClassSales",
    "CustomerBalance",
    "CustomerIncome",
    "CustomerSales",
    "DepartmentSales",
    "GeneralLedger",
    "ItemSales",
    "ProfitAndLoss",
    "ProfitAndLossDetail",
    "TaxSummary",
    "TrialBalance",
    "VendorBalance",
    "VendorBalanceDetail",
    "VendorExpenses",
)
"""Reports that take `accounting_method`; the others tell documents as they were entered."""
BY_COLUMNS = (
    "BalanceSheet",
    "CashFlow",
    "ClassSales",
    "CustomerSales",
    "DepartmentSales",
    "ProfitAndLoss",
    "TaxSummary",
    "VendorExpenses",
)
"""Reports whose header says that their columns are of the total, as captured."""
BY_CUSTOMER = ("ProfitAndLoss",)
COMPUTED_BY = (
    *("BalanceSheet", "CashFlow", "ClassSales", "CustomerIncome", "CustomerSales"),
    *("DepartmentSales", "ItemSales", "ProfitAndLoss", "TrialBalance", "VendorExpenses"),
)
"""Those whose columns this sandbox computes by customer, by a period: of others it refuses to."""
COMPUTED_FOR = {
    "customer": (
        *("ProfitAndLoss", "BalanceSheet", "CashFlow", "GeneralLedger", "ProfitAndLossDetail"),
        *("CustomerSales", "ItemSales", "ClassSales", "DepartmentSales", "VendorExpenses"),
        *("CustomerIncome", "TransactionListByCustomer", "CustomerBalance"),
        *("CustomerBalanceDetail", "AgedReceivables", "AgedReceivableDetail"),
    ),
    "vendor": (
        *("VendorExpenses", "TransactionListByVendor", "VendorBalance", "VendorBalanceDetail"),
        *("AgedPayables", "AgedPayableDetail"),
    ),
}
"""Those that it narrows to some; others would be whole under a header that says otherwise."""
AGING_METHODS = ("Report_Date", "Current")


@dataclass(frozen=True, slots=True)
class Asked:
    name: str
    start: date
    end: date
    macro: str | None
    basis: str
    by: str
    customers: tuple[str, ...]
    vendors: tuple[str, ...]
    accounts: tuple[str, ...]
    columns: tuple[str, ...]
    """Keys of the columns wanted; () for the report's own."""
    periods: int
    period_days: int
    group_by: str
    today: date
    aged_from: date
    """The day from which what is due is counted as late."""


def asked(name: str, args: Mapping[str, str], default_basis: str, now: datetime) -> Asked:
    """Raises ApiRefused."""
    if unheard := [key for key in NOT_COMPUTED if args.get(key)]:
        raise _not_computed(unheard[0], args)
    for key, computed in COMPUTED_FOR.items():
        if args.get(key) and name not in computed:
            raise _not_computed(key, args)
    today = now.astimezone(DATA_CENTRE).date()
    if name == "TaxSummary" and not args.get("agency_id"):
        raise ApiRefused(
            "2020",
            "Required param missing, need to supply the required value for the API",
            "Required parameter agency_id is missing in the request",
        )
    start, end, macro = _dates(args, today)
    method = _one_of(AGING_METHODS, args, "aging_method", "Report_Date")
    return Asked(
        name,
        start,
        end,
        macro,
        _one_of(BASES, args, "accounting_method", default_basis) if name in BY_BASIS else BASES[0],
        _one_of(_columns_by(name), args, "summarize_column_by", "Total"),
        _list(args, "customer"),
        _list(args, "vendor"),
        _list(args, "account"),
        _list(args, "columns"),
        _whole(args, "num_periods", 4),
        _whole(args, "aging_period", 30),
        args.get("group_by") or "None",
        today,
        end if method == "Report_Date" else today,
    )


def header(
    found: Asked, currency: str, now: datetime, filled: bool, *, options: Sequence[Row] = ()
) -> Row:
    """The header that all reports share. `filled`: there is something in it."""
    says_by = found.name in BY_COLUMNS or found.by != "Total"
    narrowed = {"Customer": found.customers, "Vendor": found.vendors}
    return {
        "Time": record_time(now),
        "ReportName": found.name,
        **({"DateMacro": found.macro} if found.macro else {}),
        **({"ReportBasis": found.basis} if found.name in BY_BASIS else {}),
        "StartPeriod": found.start.isoformat(),
        "EndPeriod": found.end.isoformat(),
        **({"SummarizeColumnsBy": found.by} if says_by else {}),
        "Currency": currency,
        **{word: ",".join(ids) for word, ids in narrowed.items() if ids},
        "Option": [
            *options,
            {"Name": "NoReportData", "Value": "false" if filled else "true"},
        ],
    }


def report_date(found: Asked) -> Sequence[Row]:
    """The option by which reports of a day say which, as captured."""
    return ({"Name": "report_date", "Value": found.end.isoformat()},)


def _columns_by(name: str) -> Sequence[str]:
    more = ("Customers",) if name in BY_CUSTOMER else ()
    return (*COLUMNS_BY, *more) if name in COMPUTED_BY else COLUMNS_BY[:1]


def _dates(args: Mapping[str, str], today: date) -> tuple[date, date, str | None]:
    """A lone start or end is passed over in favour of the default period, as QuickBooks does."""
    if text := args.get("report_date") or args.get("as_of_date"):
        return _date(text), _date(text), None
    given = [args.get("start_date"), args.get("end_date")]
    if not all(given):
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
        raise _not_a("date", text) from None


def _whole(args: Mapping[str, str], name: str, default: int) -> int:
    text = args.get(name)
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise _not_a("number", text)
    return int(text)


def _not_a(kind: str, text: str) -> ApiRefused:
    return ApiRefused(
        "2020",
        "Required param missing, need to supply the required value for the API",
        f"Supplied value is not a {kind}: {text}",
    )


def _list(args: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in args.get(name, "").split(","))))


def _one_of(choices: Sequence[str], args: Mapping[str, str], name: str, default: str) -> str:
    text = args.get(name) or default
    for choice in choices:
        if choice.lower() == text.lower():
            return choice
    raise _no_such(text, name)


def _not_computed(name: str, args: Mapping[str, str]) -> ApiRefused:
    """Not 5030, which says that the company's plan lacks it."""
    return _no_such(args[name], f"{name}, which the sandbox does not compute here")


def _no_such(text: str, name: str) -> ApiRefused:
    return ApiRefused(
        "2170", "Invalid Enumeration", f"Invalid Enumeration : Enumeration value '{text}' of {name}"
    )
