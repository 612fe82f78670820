"""Marks: what a receipt keeps beside the digest, so that a run can tell a sorted block, a renamed
header and a column of the user's from a changed cell, and can name that cell. Pure.

Defined in docs/operations.md ("Marks") for JavaScript and Python alike. A mark is the beginning
of an HMAC-SHA256, so that nothing can be learnt from a receipt without the block's key; many
of them are one text, so that a report of a thousand columns fits into a receipt.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterfoil.core.canonical import Cell, canonical

MARK = 4  # characters, 24 bits
# Of a column's key: of a thousand columns no two have the same, but once in 140,000 reports.
KEY_MARK = 6
Rows = Sequence[Sequence[Cell]]


def mark(key: str, kind: str, text: str) -> str:
    """`key` is the digest's, in hex; `kind` keeps marks of different things apart."""
    return _signed(key, kind, text)[:MARK]


def key_marks(key: str, keys: Sequence[str]) -> str:
    """One text for all columns: `KEY_MARK` characters for the key of each."""
    return "".join(_signed(key, "key", each)[:KEY_MARK] for each in keys)


def line_mark(key: str, line: str) -> str:
    """Of a line of a report, by its key."""
    return _signed(key, "line", line)[:KEY_MARK]


def cut(text: str, width: int = MARK) -> list[str]:
    """The marks of a text that holds several."""
    return [text[at : at + width] for at in range(0, len(text), width)]


def title_mark(key: str, title: Cell) -> str:
    return mark(key, "title", canonical([[title]]))


def head_mark(key: str, rows: Rows) -> str:
    """Of the header rows above the titles."""
    return mark(key, "head", canonical(rows))


def column_mark(key: str, values: Sequence[Cell]) -> str:
    """Of one column's data, whatever order its rows are in."""
    texts = sorted((canonical([[value]]) for value in values), key=_units)
    return mark(key, "column", "\n".join(texts))


@dataclass(frozen=True, slots=True)
class Order:
    """Rows put in the order of their own texts: `rows[i]` is which row comes there."""

    rows: tuple[int, ...]
    sums: tuple[str, ...]  # checksums in that order


def order(rows: Rows) -> Order:
    texts = [_units(canonical([row])) for row in rows]
    places = sorted(range(len(texts)), key=texts.__getitem__)
    return Order(tuple(places), tuple(f"{zlib.crc32(texts[place]):08x}" for place in places))


def row_marks(key: str, ordered: Order) -> list[str]:
    """First of all rows, then for each binary digit of a row's place in the order (the lowest
    first) those where it is 0 and those where it is 1: what differs says which row changed.
    """
    sums = ordered.sums
    made = [mark(key, "rows", "".join(sums))]
    for bit in range(_bits(len(sums))):
        for value in (0, 1):
            some = "".join(sum for i, sum in enumerate(sums) if i >> bit & 1 == value)
            made.append(mark(key, f"rows {bit} {value}", some))
    return made


def of(
    key: str,
    head: Rows,
    titles: Sequence[Cell | None],
    rows: Rows,
    columns: int,
    kept: Sequence[str] = (),
) -> dict[str, str]:
    """What the receipt keeps of a block that was just read back; `kept` are marks of the titles
    that stay as they were written: those that are None.
    """
    return {
        "head": head_mark(key, head),
        "titles": "".join(
            kept[i] if title is None else title_mark(key, title) for i, title in enumerate(titles)
        ),
        "columns": "".join(column_mark(key, [row[j] for row in rows]) for j in range(columns)),
        "rows": "".join(row_marks(key, order(rows))),
    }


def as_long(columns: int, rows: int) -> dict[str, str]:
    """As long as the marks of such a block will be: what a receipt will need room for."""
    return {
        "head": "." * MARK,
        "titles": "." * MARK * columns,
        "columns": "." * MARK * columns,
        "rows": "." * MARK * (1 + 2 * _bits(rows)),
    }


def kept(receipt: Mapping[str, Any]) -> dict[str, Any] | None:
    """The marks of a receipt, one by one; None where it holds none."""
    found = receipt.get("marks")
    if not found:
        return None
    lists = {name: cut(found[name]) for name in ("titles", "columns", "rows")}
    return {"head": found["head"], **lists}


def places(
    kept: Mapping[str, Any], titles: Sequence[str], columns: Sequence[str], blank: str = ""
) -> list[int] | None:
    """Where each column of ours is now, among those found; None where one cannot be told.

    `titles` and `columns` are the marks of what was found, `blank` that of no title. A column is
    known by its title and its data, or else by its title, or else by its data: of several with the
    same data, as in a table without rows, by having a title.
    """
    ours = list(zip(kept["titles"], kept["columns"], strict=True))
    found = list(zip(titles, columns, strict=True))
    place: dict[int, int] = {}
    free = list(range(len(found)))
    for titled, filled in ((True, True), (True, False), (False, True)):
        for i, (title, data) in enumerate(ours):
            if i in place:
                continue
            for at in free if titled else sorted(free, key=lambda at: titles[at] == blank):
                same_title, same_data = found[at][0] == title, found[at][1] == data
                if (same_title or not titled) and (same_data or not filled):
                    place[i] = at
                    free.remove(at)
                    break
    # Both renamed and changed: where only it is missing, it is the one in its old place.
    for i in range(len(ours)):
        if i not in place and i in free and len(found) == len(ours):
            place[i] = i
            free.remove(i)
    return [place[i] for i in range(len(ours))] if len(place) == len(ours) else None


def changed_row(key: str, kept: Sequence[str], ordered: Order) -> int | None:
    """The one row that differs, or None where there are more of them."""
    found = row_marks(key, ordered)
    if len(found) != len(kept):
        return None
    at = 0
    for bit in range(_bits(len(ordered.rows))):
        zero, one = (found[i] != kept[i] for i in (1 + 2 * bit, 2 + 2 * bit))
        if zero == one:
            return None
        at |= int(one) << bit
    return ordered.rows[at] if ordered.rows else None


def _bits(rows: int) -> int:
    return max(0, rows - 1).bit_length()


def _signed(key: str, kind: str, text: str) -> str:
    made = hmac.digest(bytes.fromhex(key), f"{kind}\n{text}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(made).decode()


def _units(text: str) -> bytes:
    """By these, texts compare as in JavaScript: by UTF-16 code units."""
    return text.encode("utf-16-be", "surrogatepass")
