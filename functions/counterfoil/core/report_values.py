"""What the cells of a report say: texts, what they mean, ids and links. Pure.

A ledger has hundreds of thousands of cells: each look is at all cells of a column at once.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from types import MappingProxyType
from typing import Any, TypeVar

from counterfoil.core.errors import ReportTooLarge
from counterfoil.core.report_columns import ReportColumn

_T = TypeVar("_T")
Value = Decimal | date | str | None
"""An amount, a day, a text; None where QuickBooks shows nothing."""

Texts = tuple[str | None, ...]
Said = tuple[tuple[Value, ...], tuple[str, ...], Texts, Texts]
"""Values, texts, ids and links of one line, for each of its cells; an id of "" is none."""

Cells = Sequence[Any]
"""Of one line or of many, in whatever shape they were decoded."""


@dataclass(frozen=True, slots=True)
class Telling:
    """How cells of a kind tell what they say, many at once."""

    texts: Callable[[Cells], list[str]]
    ids: Callable[[Cells], list[str | None]]  # none of them ""
    links: Callable[[Cells], list[str | None]]
    nothing: Any  # a cell where a line has fewer than there are columns


# What a report of more than 400,000 cells says instead of its data, with HTTP 200.
TOO_LARGE = "unable to display more data"

# The date of the second and later lines of a transaction, whose other facts stand above them.
FOLLOWING = "0-00-00"

# An amount as reports write it: ".00", "-1234.5". A leading zero makes a text ("0012").
_PLAIN = re.compile(r"-?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

# How many cells are looked at together: a processor still has them at hand from look to look.
_AT_ONCE = 4_000


def said(
    lines: Sequence[Cells], columns: Sequence[ReportColumn], telling: Telling
) -> Iterator[Said]:
    """What each line says, which has a cell for every column.

    Raises ReportTooLarge for a cell that says so.
    """
    step = max(1, _AT_ONCE // len(columns))
    for first in range(0, len(lines), step):
        yield from _said(lines[first : first + step], columns, telling)


def _said(
    lines: Sequence[Cells], columns: Sequence[ReportColumn], telling: Telling
) -> Iterator[Said]:
    wide = len(columns)
    cells = list(itertools.chain.from_iterable(lines))
    texts, ids, links = telling.texts(cells), telling.ids(cells), telling.links(cells)
    # All of them at once before each.
    if TOO_LARGE in "\n".join(texts).casefold() and any(map(says_too_large, texts)):
        raise too_large()
    values = [_values(texts[place::wide], column) for place, column in enumerate(columns)]
    nothing = [(None,) * wide] * len(lines)
    return zip(
        zip(*values, strict=True),
        _lines(texts, wide),
        _lines(ids, wide) if any(ids) else nothing,
        nothing if set(links) <= {None} else _lines(links, wide),
        strict=True,
    )


def day_of(text: str | None) -> date | None:
    if text is None or not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def says_too_large(held: object) -> bool:
    if isinstance(held, str):
        return held.lstrip().casefold().startswith(TOO_LARGE)
    if isinstance(held, Mapping):
        return any(map(says_too_large, held.values()))
    return isinstance(held, list) and any(map(says_too_large, held))


def too_large() -> ReportTooLarge:
    return ReportTooLarge(
        "QuickBooks cannot show a report this large. Choose a shorter range of dates, where it has "
        "one, or fewer columns."
    )


def _lines(found: Sequence[_T], wide: int) -> Iterator[tuple[_T, ...]]:
    """As many to a line as there are columns."""
    return zip(*[iter(found)] * wide, strict=True)


def _values(texts: Sequence[str], column: ReportColumn) -> Iterable[Value]:
    if column.is_date:
        return map(_day_or_text, texts)
    if column.is_amount:
        return [Decimal(text) if _PLAIN.fullmatch(text) else _amount(text) for text in texts]
    if any(map(str.isspace, texts)):
        return [None if text.isspace() else text or None for text in texts]
    return [text or None for text in texts]


def _amount(text: str) -> Value:
    shown = text.strip()
    if not shown:
        return None
    return Decimal(shown) if _PLAIN.fullmatch(shown) else text


@lru_cache(maxsize=8192)  # the same days come back in line after line
def _day_or_text(text: str) -> Value:
    shown = text.strip()
    return (day_of(shown) or text) if shown else None


def _texts(cells: Cells) -> list[str]:
    try:
        texts = list(map(itemgetter("value"), cells))
        "".join(texts)
    except (KeyError, TypeError):  # a cell without a value, or whose value is no text
        return list(map(_text, cells))
    return texts


def _text(cell: Mapping[str, Any]) -> str:
    value = cell.get("value")
    return value if isinstance(value, str) else "" if value is None else str(value)


def _ids(cells: Cells) -> list[str | None]:
    return [str(id) if (id := cell.get("id")) else None for cell in cells]


def _links(cells: Cells) -> list[str | None]:
    return [None if (link := cell.get("href")) is None else str(link) for cell in cells]


PLAIN = Telling(_texts, _ids, _links, MappingProxyType({"value": ""}))
"""Of cells as JSON has them."""
