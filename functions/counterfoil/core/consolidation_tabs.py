"""The tabs of a consolidation that people fill in: rates, mapping, eliminations. Pure.

A tab is a list of rows of texts. Its columns are found by their headings, wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from counterfoil.core.consolidation_books import Account
from counterfoil.core.consolidation_rates import Kind, Need
from counterfoil.core.dates import parsed
from counterfoil.core.errors import BadRequest

MAPPING, RATES = "Counterfoil mapping", "Counterfoil rates"
ELIMINATIONS = "Counterfoil eliminations"
HEADINGS: Mapping[str, tuple[str, ...]] = {
    MAPPING: ("Company", "Id", "Number", "Account", "Group line"),
    RATES: ("Currency", "Into", "Kind", "From", "To", "Account", "Rate"),
    ELIMINATIONS: ("Company", "Account", "Other company", "Other account"),
}
MOST_ROWS, MOST_COLUMNS, LONGEST = 5_000, 20, 500

# What a spreadsheet sends of them (JSON Schema).
SCHEMA: Mapping[str, Any] = {
    "additionalProperties": False,
    "properties": {
        title: {
            "type": ["array", "null"],
            "maxItems": MOST_ROWS,
            "items": {
                "type": "array",
                "maxItems": MOST_COLUMNS,
                "items": {"type": "string", "maxLength": LONGEST},
            },
        }
        for title in HEADINGS
    },
}

Tab = Sequence[Sequence[str]]
Tabs = Mapping[str, Tab | None]
"""By title; None for a tab that is not there."""

# As a person types it or a formula gives it: 1/1.0845 has 17 digits, of a small currency "1e-7".
_NUMBER = re.compile(r"\d{1,12}(?:[.,]\d{1,20})?(?:e[+-]?\d{1,2})?", re.ASCII | re.IGNORECASE)
# May be a thousand and some, or one and a fraction: in which country was it typed?
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2},\d{3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Side:
    company: str
    account: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Balances of two companies with each other; `row` is that of the tab, from 1."""

    row: int
    sides: tuple[Side, Side]


@dataclass(frozen=True, slots=True)
class RateRow:
    """`row` is that of the tab, from 1."""

    row: int
    currency: str
    into: str
    kind: str
    start: date | None
    end: date | None
    account: str
    rate: Decimal | None

    @property
    def what(self) -> tuple[object, ...]:
        """What it is the rate of: two rows of the same contradict each other."""
        start = self.start if self.kind == Kind.AVERAGE else None
        account = self.account.casefold() if self.kind == Kind.HISTORICAL else ""
        return self.currency, self.into, self.kind, start, self.end, account


def checked(tabs: Mapping[str, object]) -> Tabs:
    """What a spreadsheet sent. Raises BadRequest."""
    for title, tab in tabs.items():
        if title in HEADINGS and isinstance(tab, list) and len(tab) > MOST_ROWS:
            raise BadRequest(f"The tab “{title}” has more than {MOST_ROWS:,} rows.", field="tabs")
        if title not in HEADINGS or not (tab is None or _is_tab(tab)):
            raise BadRequest(
                "What was sent of a tab of this spreadsheet is not understood. Please reload the "
                "sidebar.",
                field="tabs",
            )
    return tabs  # type: ignore[return-value]  # each was looked at


def mapping_of(tab: Tab | None) -> Mapping[tuple[str, str], str]:
    """Group lines, "" where nobody has chosen one yet, by company and account id.

    Raises BadRequest for two rows of one account that say different things.
    """
    found: dict[tuple[str, str], str] = {}
    for row, cells in _rows(MAPPING, tab):
        company, id, _, _, line = cells
        if not company or not id:
            continue
        key = (company.casefold(), id)
        if found.get(key) and line and found[key] != line:
            raise _wrong(MAPPING, row, "maps an account that an earlier row maps to another line")
        found[key] = found.get(key) or line
    return found


def pairs_of(tab: Tab | None) -> tuple[Pair, ...]:
    """Raises BadRequest for a row that lacks something."""
    found: list[Pair] = []
    for row, cells in _rows(ELIMINATIONS, tab):
        if not all(cells):
            raise _wrong(ELIMINATIONS, row, "must name two companies and an account of each")
        first, its, second, other = cells
        if first.casefold() == second.casefold():
            raise _wrong(ELIMINATIONS, row, f"names {first} twice: it is for two companies")
        found.append(Pair(row, (Side(first, its), Side(second, other))))
    return tuple(found)


def rates_of(tab: Tab | None) -> tuple[RateRow, ...]:
    """One without a rate waits for it.

    Raises BadRequest for what is no rate, kind or day, and for two rows of the same that differ.
    """
    kinds = [each.value for each in Kind]
    found: list[RateRow] = []
    for row, cells in _rows(RATES, tab):
        currency, into, kind, start, end, account, rate = cells
        if kind.casefold() not in kinds:
            raise _wrong(RATES, row, f"has no kind: {', '.join(kinds)}")
        found.append(
            RateRow(
                row=row,
                currency=currency.upper(),
                into=into.upper(),
                kind=kind.casefold(),
                start=_day(row, start),
                end=_day(row, end),
                account=account,
                rate=_rate(row, rate),
            )
        )
    _check_rates(found)
    return tuple(found)


def _check_rates(rows: Sequence[RateRow]) -> None:
    first: dict[tuple[object, ...], RateRow] = {}
    for row in rows:
        if row.rate is None:
            continue
        other = first.setdefault(row.what, row)
        if other.rate != row.rate:
            raise BadRequest(
                f"Rows {other.row} and {row.row} of the tab “{RATES}” say different rates for the "
                f"same: {other.rate} and {row.rate}. Take one of them out.",
                field="tabs",
            )


def rate_for(need: Need, into: str, rows: Sequence[RateRow]) -> Decimal | None:
    """None where the tab has none. One without a day holds for any, where none is of the very day.
    Of historical ones the latest that is not after the day, the company's own before a general one.
    """
    of_kind = [
        row
        for row in rows
        if (row.currency, row.into, row.kind) == (need.currency, into, need.kind.value)
        and row.rate is not None
    ]
    if need.kind is Kind.HISTORICAL:
        return _historical(need, of_kind)
    of_day = need.kind is Kind.CLOSING  # where the first day says nothing
    fits = [
        row
        for row in of_kind
        if row.end in (None, need.end) and (of_day or row.start in (None, need.start))
    ]
    best = max(fits, key=lambda row: (row.end is not None, row.start is not None), default=None)
    return best.rate if best else None


def _historical(need: Need, rows: Sequence[RateRow]) -> Decimal | None:
    own = [f"{need.company}: {each}" for each in need.names]
    for account in (*own, *need.names):
        fits = [
            row
            for row in rows
            if row.account.casefold() == account.casefold()
            and (row.end is None or row.end <= need.end)
        ]
        if fits:
            return max(fits, key=lambda row: row.end or date.min).rate
    return None


def rate_rows(missing: Sequence[Need], into: str, tab: Tab | None) -> list[list[str]]:
    """What is to be filled in: with the headings where there is no tab, and without rows that are
    there and wait for their rate.
    """
    waiting = {row.what for row in rates_of(tab)}
    rows = [
        [
            *(need.currency, into, need.kind.value, need.start.isoformat() if need.start else ""),
            *(_historical_end(need), need.told, ""),
        ]
        for need in missing
        if not waiting & set(_waited_for(need, into))
    ]
    return _with_headings(RATES, tab, rows)


def _waited_for(need: Need, into: str) -> Iterator[tuple[object, ...]]:
    """What rows can be of that would give the rate."""
    historical = need.kind is Kind.HISTORICAL
    for start in dict.fromkeys((need.start, None)):
        end = None if historical else need.end
        for account in need.names:
            told = f"{need.company}: {account}" if historical else ""
            yield need.currency, into, need.kind, start, end, told.casefold()


def mapping_rows(unmapped: Sequence[tuple[str, Account]], tab: Tab | None) -> list[list[str]]:
    """Accounts that the tab does not name yet, each with its company; as `rate_rows`."""
    known = mapping_of(tab)
    rows = [
        [company, account.id, account.number, account.name, ""]
        for company, account in unmapped
        if (company.casefold(), account.id) not in known
    ]
    return _with_headings(MAPPING, tab, rows)


def _historical_end(need: Need) -> str:
    return "" if need.kind is Kind.HISTORICAL else need.end.isoformat()


def _with_headings(title: str, tab: Tab | None, rows: list[list[str]]) -> list[list[str]]:
    if tab is not None and any(map(any, tab)):
        return rows
    return [list(HEADINGS[title]), *rows]


def _rows(title: str, tab: Tab | None) -> Iterator[tuple[int, list[str]]]:
    """The cells below the headings, in our order, with the numbers of their rows."""
    headings = [each.casefold() for each in HEADINGS[title]]
    places: list[int] | None = None
    for row, cells in enumerate(tab or (), 1):
        texts = [cell.strip() for cell in cells]
        if not any(texts):
            continue
        if places is None:
            given = [text.casefold() for text in texts]
            lacking = [HEADINGS[title][at] for at, it in enumerate(headings) if it not in given]
            if lacking:
                raise _wrong(title, row, f"lacks the heading “{lacking[0]}”")
            places = [given.index(each) for each in headings]
            continue
        found = [texts[place] if place < len(texts) else "" for place in places]
        if any(found):
            yield row, found


def _day(row: int, text: str) -> date | None:
    if not text:
        return None
    try:
        return parsed(text)
    except BadRequest:
        raise _wrong(RATES, row, f"has “{text[:40]}” for a day; write it as 2026-06-30") from None


def _rate(row: int, text: str) -> Decimal | None:
    if not text:
        return None
    if _AMBIGUOUS.fullmatch(text):
        point, none = text.replace(",", "."), text.replace(",", "")
        raise _wrong(
            RATES, row, f"has “{text}” for a rate, which may be {point} or {none}; write a point"
        )
    if not _NUMBER.fullmatch(text) or not (rate := Decimal(text.replace(",", "."))):
        raise _wrong(RATES, row, f"has “{text[:40]}” for a rate; write a number, such as 1.0845")
    return rate


def _is_tab(tab: object) -> bool:
    return isinstance(tab, list) and all(
        isinstance(row, list)
        and len(row) <= MOST_COLUMNS
        and all(isinstance(cell, str) and len(cell) <= LONGEST for cell in row)
        for row in tab
    )


def _wrong(title: str, row: int, why: str) -> BadRequest:
    return BadRequest(f"Row {row} of the tab “{title}” {why}.", field="tabs")
