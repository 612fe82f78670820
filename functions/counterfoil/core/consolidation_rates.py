"""Rates by which a company's amounts become those of the reporting currency. Pure.

A rate is so many units of the reporting currency for one of the company's.
"""

from __future__ import annotations

import enum
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from counterfoil.core.consolidation_books import (
    BALANCE_SHEET,
    CASH_FLOW,
    EQUITY,
    PROFIT_AND_LOSS,
    Account,
    Books,
    Entry,
)
from counterfoil.core.errors import IncompleteRead

_TEMPORARY = frozenset(("Revenue", "Expense"))


class Kind(enum.StrEnum):
    CLOSING = "closing"  # of a day
    AVERAGE = "average"  # of a range of days
    HISTORICAL = "historical"  # of the day on which an account of equity got what is in it


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """A rate without which an amount cannot be translated; `start` of an average alone, `account`
    of a historical one.
    """

    currency: str
    kind: Kind
    start: date | None
    end: date
    account: str = ""
    company: str = ""
    also: tuple[str, ...] = field(default=(), compare=False)  # what else the account may be called

    @property
    def names(self) -> tuple[str, ...]:
        return (self.account, *self.also)

    @property
    def told(self) -> str:
        """The account as the tab names it, with its company: two may call theirs alike."""
        return f"{self.company}: {self.account}" if self.account else ""

    @property
    def words(self) -> str:
        """ "EUR average 2026-01-01 to 2026-06-30"."""
        day = self.end.isoformat()
        if self.kind is Kind.AVERAGE:
            return f"{self.currency} average {self.start} to {day}"
        if self.kind is Kind.HISTORICAL:
            return f"{self.currency} historical for “{self.told}” on {day}"
        return f"{self.currency} closing on {day}"


@dataclass(frozen=True, slots=True)
class Span:
    """The days of the report, and on which day the company's fiscal year began then."""

    start: date
    end: date
    fiscal_start: date

    @property
    def before(self) -> date:
        return self.start - timedelta(days=1)


def needs(report: str, books: Books, span: Span) -> Iterator[Need]:
    """Of all amounts that are not nothing, each once."""
    found: dict[Need, None] = {}
    for entry in books.entries:
        if entry.amount:
            found[need_of(report, books, entry, span)] = None
    if report == CASH_FLOW:
        # Of what QuickBooks adds up and does not list, too.
        found[Need(books.currency, Kind.AVERAGE, span.start, span.end)] = None
        found[Need(books.currency, Kind.CLOSING, None, span.before)] = None
        found[Need(books.currency, Kind.CLOSING, None, span.end)] = None
    yield from found


def need_of(report: str, books: Books, entry: Entry, span: Span) -> Need:
    """Raises IncompleteRead where nobody says of which kind an account is."""
    currency = books.currency
    if report in (PROFIT_AND_LOSS, CASH_FLOW):
        return Need(currency, Kind.AVERAGE, span.start, span.end)
    if report == BALANCE_SHEET:
        return _of_balance(books, entry, span, equity=EQUITY in entry.place)
    account = entry.account
    if account is not None and not account.classification:
        raise IncompleteRead(
            "QuickBooks does not say of which kind an account of this trial balance is, so no rate "
            "can be chosen for it. Nothing was written."
        )
    if account is not None and account.classification in _TEMPORARY:
        return Need(currency, Kind.AVERAGE, span.fiscal_start, span.end)
    return _of_balance(
        books, entry, span, equity=account is None or account.classification == EQUITY
    )


def sure_needs(report: str, currency: str, span: Span) -> tuple[Need, ...]:
    """Those that are known before anything is read."""
    closing = Need(currency, Kind.CLOSING, None, span.end)
    if report == PROFIT_AND_LOSS:
        return (Need(currency, Kind.AVERAGE, span.start, span.end),)
    if report == CASH_FLOW:
        opening = Need(currency, Kind.CLOSING, None, span.before)
        return Need(currency, Kind.AVERAGE, span.start, span.end), opening, closing
    return closing, Need(currency, Kind.AVERAGE, span.fiscal_start, span.end)


def _of_balance(books: Books, entry: Entry, span: Span, *, equity: bool) -> Need:
    currency = books.currency
    if not equity:
        return Need(currency, Kind.CLOSING, None, span.end)
    if entry.account is None:  # what was earned in this fiscal year
        return Need(currency, Kind.AVERAGE, span.fiscal_start, span.end)
    account = entry.account
    also = (account.name, account.number) if account.number else ()
    return Need(currency, Kind.HISTORICAL, None, span.end, named(account), books.name, also)


def named(account: Account) -> str:
    return f"{account.number} {account.name}" if account.number else account.name


def month_ends(start: date, end: date) -> tuple[date, ...]:
    """Those from the first day to the last; the last day where there is none between."""
    found: list[date] = []
    year, month = start.year, start.month
    while (last := date(year, month, monthrange(year, month)[1])) <= end:
        found.append(last)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return tuple(found) or (end,)


def days_of(need: Need) -> tuple[date, ...]:
    """On which days rates of QuickBooks are asked for: an average is the mean of month ends."""
    if need.kind is Kind.AVERAGE and need.start is not None:
        return month_ends(need.start, need.end)
    return (need.end,)


def mean(rates: Sequence[Decimal]) -> Decimal:
    return sum(rates, Decimal(0)) / len(rates)


Rates = Mapping[Need, Decimal]
