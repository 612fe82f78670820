"""Profit and loss and balance sheet as rows of a QuickBooks report, from postings. Pure.

The sections, groups and titles are those of the live service in August 2026. A parent account's
own postings stand in its section's Header, its Summary is the total with its children.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.intuit.book import Book, Span
from sandbox.intuit.ledger import Posting
from sandbox.intuit.periods import fiscal_year_start
from sandbox.intuit.store import Row

Amounts = list[Decimal | None]
"""One per column; None where nothing was posted, which QuickBooks shows as blank."""

INCOME_TYPES = ("Income", "Other Income")
COST_TYPES = ("Cost of Goods Sold", "Expense", "Other Expense")
CREDIT_TYPES = (
    *INCOME_TYPES,
    "Accounts Payable",
    "Credit Card",
    "Other Current Liability",
    "Long Term Liability",
    "Equity",
)


@dataclass(slots=True)
class Line:
    label: str
    id: str | None
    own: Amounts
    children: list[Line] = field(default_factory=list)

    def total(self) -> Amounts:
        return _added([self.own, *(child.total() for child in self.children)])


@dataclass(frozen=True, slots=True)
class Section:
    row: Row
    total: Amounts


def profit_and_loss(book: Book, spans: Sequence[Span]) -> tuple[list[Row], bool]:
    """The report's rows, and whether there is anything in them."""
    sums = _sums(book.postings, spans)
    several = len(spans) > 1

    def of(kind: str) -> list[Line]:
        return _tree(book, kind, sums)

    income = _section("Income", "Income", "Total Income", of("Income"), spans)
    cogs = _section(
        "COGS", "Cost of Goods Sold", "Total Cost of Goods Sold", of("Cost of Goods Sold"), spans
    )
    expenses = _section("Expenses", "Expenses", "Total Expenses", of("Expense"), spans)
    gained = _section(
        "OtherIncome", "Other Income", "Total Other Income", of("Other Income"), spans
    )
    lost = _section(
        "OtherExpenses", "Other Expenses", "Total Other Expenses", of("Other Expense"), spans
    )
    gross = _less(income.total, cogs.total)
    operating = _less(gross, expenses.total)
    other = _less(gained.total, lost.total)
    net = _added([operating, other])
    rows = [income.row]
    if _any(cogs):
        rows.append(cogs.row)
    rows += [_line("GrossProfit", "Gross Profit", gross), expenses.row]
    rows.append(_line("NetOperatingIncome", "Net Operating Income", operating))
    rows += [section.row for section in (gained, lost) if _any(section)]
    if _any(gained) or _any(lost):
        rows.append(_line("NetOtherIncome", "Net Other Income", other))
    rows.append(_line("NetIncome", "Net Income", net))
    if several:
        _show_total_of_headers(rows)
    return rows, any(_any(section) for section in (income, cogs, expenses, gained, lost))


def balance_sheet(book: Book, ends: Sequence[date]) -> tuple[list[Row], bool]:
    """Balances at the end of each column. Net income is that of the fiscal year so far."""
    spans = [Span(None, end) for end in ends]
    sums = _sums(book.postings, spans)
    this_year, before = _earned(book, ends)
    if any(amount is not None for amount in before):
        kept = sums.get(book.retained_earnings, [None] * len(ends))
        sums[book.retained_earnings] = _added([kept, [_negated(amount) for amount in before]])

    def leaf(group: str, title: str, kind: str) -> Section:
        return _section(group, title, f"Total {title}", _tree(book, kind, sums), spans)

    current_assets = _group(
        "CurrentAssets",
        "Current Assets",
        "Total Current Assets",
        leaf("BankAccounts", "Bank Accounts", "Bank"),
        leaf("AR", "Accounts Receivable", "Accounts Receivable"),
        leaf("OtherCurrentAssets", "Other Current Assets", "Other Current Asset"),
    )
    assets = _group(
        "TotalAssets",
        "ASSETS",
        "TOTAL ASSETS",
        current_assets,
        leaf("FixedAssets", "Fixed Assets", "Fixed Asset"),
        leaf("OtherAssets", "Other Assets", "Other Asset"),
    )
    current_liabilities = _group(
        "CurrentLiabilities",
        "Current Liabilities",
        "Total Current Liabilities",
        leaf("AP", "Accounts Payable", "Accounts Payable"),
        leaf("CreditCards", "Credit Cards", "Credit Card"),
        leaf("OtherCurrentLiabilities", "Other Current Liabilities", "Other Current Liability"),
    )
    liabilities = _group(
        "Liabilities",
        "Liabilities",
        "Total Liabilities",
        current_liabilities,
        leaf("LongTermLiabilities", "Long-Term Liabilities", "Long Term Liability"),
    )
    equity = _equity(_tree(book, "Equity", sums), this_year, spans)
    claims = _group(
        "TotalLiabilitiesAndEquity",
        "LIABILITIES AND EQUITY",
        "TOTAL LIABILITIES AND EQUITY",
        liabilities,
        equity,
    )
    if not book.postings or not sums:
        return [], False
    return [section.row for section in (assets, claims) if section is not None], True


def net_income(book: Book, start: date, end: date) -> Decimal:
    """Income less costs between two days."""
    kinds = {account["Id"]: account["AccountType"] for account in book.accounts}
    return -sum(
        (
            posting.amount
            for posting in book.postings
            if kinds[posting.account] in (*INCOME_TYPES, *COST_TYPES) and start <= posting.on <= end
        ),
        Decimal(0),
    )


def _sums(postings: Iterable[Posting], spans: Sequence[Span]) -> dict[str, Amounts]:
    sums: dict[str, Amounts] = {}
    for posting in postings:
        for at, span in enumerate(spans):
            if span.holds(posting):
                row = sums.setdefault(posting.account, [None] * len(spans))
                row[at] = (row[at] or Decimal(0)) + posting.amount
    return sums


def _earned(book: Book, ends: Sequence[date]) -> tuple[Amounts, Amounts]:
    """Net income of the fiscal year up to each end, and of all years before it."""
    kinds = {account["Id"]: account["AccountType"] for account in book.accounts}
    earning = sorted(
        (posting.on, -posting.amount)
        for posting in book.postings
        if kinds[posting.account] in (*INCOME_TYPES, *COST_TYPES)
    )
    days = [on for on, _ in earning]
    this_year: Amounts = []
    before: Amounts = []
    for end in ends:
        opens = bisect_left(days, fiscal_year_start(end, book.fiscal_month))
        closes = bisect_left(days, end.fromordinal(end.toordinal() + 1))
        this_year.append(_sum_of(earning[opens:closes]))
        before.append(_sum_of(earning[:opens]))
    return this_year, before


def _sum_of(earning: Sequence[tuple[date, Decimal]]) -> Decimal | None:
    return sum((amount for _, amount in earning), Decimal(0)) if earning else None


def _tree(book: Book, kind: str, sums: Mapping[str, Amounts]) -> list[Line]:
    """The accounts of a type that were posted to, under their parents, in QuickBooks' order."""
    sign = -1 if kind in CREDIT_TYPES else 1
    width = len(next(iter(sums.values()), []))
    of_kind = [account for account in book.accounts if account["AccountType"] == kind]
    by_parent: dict[str | None, list[Row]] = {}
    for account in of_kind:
        by_parent.setdefault(account.get("ParentRef", {}).get("value"), []).append(account)

    def lines(parent: str | None) -> list[Line]:
        found = []
        for account in sorted(by_parent.get(parent, []), key=_place):
            own = sums.get(account["Id"])
            children = lines(account["Id"])
            if own is None and not children:
                continue
            signed: Amounts = [
                None if amount is None else sign * amount for amount in own or [None] * width
            ]
            found.append(Line(_label(account, book.numbered), account["Id"], signed, children))
        return found

    return lines(None)


def _place(account: Row) -> tuple[str, str]:
    return account.get("AcctNum", ""), account["Name"]


def _label(account: Row, numbered: bool) -> str:
    number = account.get("AcctNum")
    return f"{number} {account['Name']}" if numbered and number else str(account["Name"])


def _section(
    group: str, title: str, total_title: str, lines: Sequence[Line], spans: Sequence[Span]
) -> Section:
    blank: Amounts = [None] * len(spans)
    row: dict[str, Any] = {"Header": {"ColData": _cells(title, None, blank)}}
    total = blank
    if lines:
        row["Rows"] = {"Row": [_account_row(line) for line in lines]}
        total = _zeroed(_added([line.total() for line in lines]))
    row["Summary"] = {"ColData": _cells(total_title, None, total)}
    row |= {"type": "Section", "group": group}
    return Section(row, total)


def _group(group: str, title: str, total_title: str, *parts: Section | None) -> Section | None:
    """A section of sections, of those that hold anything; None when none does."""
    filled = [part for part in parts if part is not None and _any(part)]
    if not filled:
        return None
    total = _zeroed(_added([part.total for part in filled]))
    row = {
        "Header": {"ColData": _cells(title, None, [None] * len(total))},
        "Rows": {"Row": [part.row for part in filled]},
        "Summary": {"ColData": _cells(total_title, None, total)},
        "type": "Section",
        "group": group,
    }
    return Section(row, total)


def _equity(lines: Sequence[Line], this_year: Amounts, spans: Sequence[Span]) -> Section:
    section = _section("Equity", "Equity", "Total Equity", lines, spans)
    total = _zeroed(_added([section.total, this_year]))
    rows = section.row.get("Rows", {"Row": []})["Row"]
    earned = {
        "ColData": _cells("Net Income", None, this_year),
        "type": "Data",
        "group": "NetIncome",
    }
    row = {
        "Header": section.row["Header"],
        "Rows": {"Row": [*rows, earned]},
        "Summary": {"ColData": _cells("Total Equity", None, total)},
        "type": "Section",
        "group": "Equity",
    }
    return Section(row, total)


def _account_row(line: Line) -> Row:
    cells = _cells(line.label, line.id, line.own)
    if not line.children:
        return {"ColData": cells, "type": "Data"}
    return {
        "Header": {"ColData": cells},
        "Rows": {"Row": [_account_row(child) for child in line.children]},
        "Summary": {"ColData": _cells(f"Total {line.label}", None, _zeroed(line.total()))},
        "type": "Section",
    }


def _show_total_of_headers(rows: Iterable[Row]) -> None:
    """With several columns a parent account without postings of its own shows a total of 0.00."""
    for row in rows:
        header = row.get("Header", {}).get("ColData", [])
        if header and "id" in header[0] and header[-1]["value"] == "":
            header[-1]["value"] = "0.00"
        _show_total_of_headers(row.get("Rows", {}).get("Row", []))


def _line(group: str, title: str, amounts: Amounts) -> Row:
    """A section that is nothing but its Summary."""
    return {
        "Summary": {"ColData": _cells(title, None, amounts)},
        "type": "Section",
        "group": group,
    }


def _cells(label: str, id: str | None, amounts: Amounts) -> list[dict[str, str]]:
    first = {"value": label} if id is None else {"value": label, "id": id}
    # Adding zero turns a Decimal's "-0.00" into "0.00".
    return [first, *({"value": "" if it is None else f"{it + 0:.2f}"} for it in amounts)]


def _any(section: Section) -> bool:
    return any(amount is not None for amount in section.total)


def _added(columns: Sequence[Amounts]) -> Amounts:
    return [
        sum(there, Decimal(0)) if (there := [it for it in at if it is not None]) else None
        for at in zip(*columns, strict=True)
    ]


def _less(first: Amounts, second: Amounts) -> Amounts:
    return _added([first, [_negated(amount) for amount in second]])


def _negated(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else -amount


def _zeroed(amounts: Amounts) -> Amounts:
    return [amount or Decimal(0) for amount in amounts]
