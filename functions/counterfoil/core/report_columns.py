"""The columns of a QuickBooks report, flattened, each with a key of its own. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from counterfoil.core.period_keys import Days, period_keys

# Keys (or, in older answers, column types) of columns that hold amounts and days.
_AMOUNTS = re.compile(r"(?:^|_)(?:amount|amt|bal|total|value)(?:_nt)?$")
_QUANTITIES = re.compile(r"(?:^|_)(?:rate|quantity|qty|qty_on_hand|past_due)$")
_DAYS = re.compile(r"(?:^|_)date$")

# In the meta of a column of ours: of which company its amounts are.
COMPANY = "Company"


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """`key` never depends on a language; `meta` is all that QuickBooks said of the column."""

    key: str
    title: str
    type: str  # QuickBooks' ColType, or ""
    meta: tuple[tuple[str, str], ...]
    is_amount: bool = False
    is_quantity: bool = False  # an amount that is not of money: pieces, a price a piece, days
    is_added: bool = False  # a quantity whose lines can be added up: pieces
    is_date: bool = False
    is_percent: bool = False  # of ours: a change in parts of what was before
    has_own_sign: bool = False  # of ours: what is good is positive, on whatever side it stands
    start: date | None = None  # of a column that stands for a period
    end: date | None = None
    former: str = ""  # its key in receipts of earlier versions, where that was another one

    @property
    def plain_key(self) -> str:
        """What it was asked for by: a company without classes and locations answers by another."""
        return self.key.removesuffix("_nt")


def columns_of(
    columns: Mapping[str, Any], *, summary: bool, by: str = ""
) -> tuple[ReportColumn, ...]:
    """The leaf columns from left to right; a nested one is called "parent / child".

    In a `summary` report every column but the first holds amounts, whatever its type says; `by`
    is what it was summarized by.
    """
    spans = [span for each in columns.get("Column") or () if (span := _span(_meta(each)))]
    periods = period_keys(spans, by)
    given: Counter[str] = Counter()
    formerly: Counter[str] = Counter()
    found: list[ReportColumn] = []
    for leaf in _leaves(columns, periods, _Path()):
        place = len(found)
        fallback = _fallback(leaf, place)
        key = _numbered(leaf.key or fallback, given)
        former = _numbered(leaf.former or fallback, formerly)
        word = dict(leaf.meta).get("ColKey") or leaf.type
        is_date = leaf.type == "Date" or bool(_DAYS.search(word))
        is_quantity = not is_date and bool(_QUANTITIES.search(word))
        found.append(
            replace(
                leaf,
                key=key,
                former="" if former == key else former,
                is_date=is_date,
                is_quantity=is_quantity,
                is_amount=not is_date
                and (
                    (summary and place > 0)
                    or leaf.type == "Money"
                    or leaf.start is not None
                    or is_quantity
                    or bool(_AMOUNTS.search(word))
                ),
            )
        )
    return tuple(found)


def rekeyed(columns: Sequence[ReportColumn], by: str) -> tuple[ReportColumn, ...]:
    """Those of several answers beside each other, of which only the first one may begin late."""
    spans = [(each.start, each.end) for each in columns if each.start and each.end]
    keys = period_keys(spans, by)
    return tuple(
        replace(each, key=keys.get((each.start, each.end), each.key))
        if each.start and each.end
        else each
        for each in columns
    )


def _meta(column: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(item["Name"]), str(item.get("Value", ""))) for item in column.get("MetaData") or ()
    )


def _span(meta: Iterable[tuple[str, str]]) -> Days | None:
    """None for one of several amounts of a period, and for their total, whatever days it tells."""
    known = dict(meta)
    start, end = _day(known.get("StartDate")), _day(known.get("EndDate"))
    word = known.get("ColKey", "")
    is_word = _AMOUNTS.search(word) or _QUANTITIES.search(word)
    return (start, end) if start and end and not is_word else None


@dataclass(frozen=True, slots=True)
class _Path:
    """Of the columns above one: keys, what they were in earlier versions, and titles."""

    key: str = ""
    former: str = ""
    title: str = ""

    def then(self, key: str, former: str, title: str) -> _Path:
        return _Path(
            "/".join(filter(None, (self.key, key))),
            "/".join(filter(None, (self.former, former))),
            " / ".join(filter(None, (self.title, title))),
        )


def _numbered(key: str, given: Counter[str]) -> str:
    given[key] += 1
    return key if given[key] == 1 else f"{key}#{given[key]}"


def _leaves(
    columns: Mapping[str, Any], periods: Mapping[Days, str], above: _Path
) -> Iterator[ReportColumn]:
    for column in columns.get("Column") or ():
        meta = _meta(column)
        known = dict(meta)
        own = known.get("ColKey", "")
        if "ID" in known:  # a customer, a class …: the key beside it can be a name, and is data
            own = known["ID"]
        span = _span(meta)
        key = periods.get(span, own) if span else own
        path = above.then(key, own, column.get("ColTitle", ""))
        inner = column.get("Columns")
        if inner and inner.get("Column"):
            yield from _leaves(inner, periods, path)
            continue
        yield ReportColumn(
            key=path.key,
            title=path.title,
            type=column.get("ColType") or "",
            meta=meta,
            start=_day(known.get("StartDate")),
            end=_day(known.get("EndDate")),
            former=path.former,
        )


def _fallback(column: ReportColumn, place: int) -> str:
    """A key for a column of an older answer, which names its columns by titles only."""
    if column.start or column.end:
        return f"{column.start or ''}..{column.end or ''}"
    if place == 0:
        return "account" if column.type == "Account" else column.type or "label"
    if column.type == "Money":
        return "total"
    return column.type or f"column-{place + 1}"


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
