"""Whose choice it is where a column's title stands: docs/operations.md ("Looks").

The add-on's half is in addon/Looks.js.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from counterfoil.adapters.sheet_book import Book, was_done
from counterfoil.core import marks

_HEX = re.compile(r"[0-9a-f]{1,300}")


def left_titles(book: Book, keys: str, columns: int) -> list[bool]:
    """Of so many columns of ours, with those keys, whether the title stays as it stands."""
    receipt = book.old.receipt if book.old else None
    if receipt is None or not was_done(receipt):
        return [False] * columns
    unset, right = _marked(receipt.get("unset")), set(book.right or ())
    settled = {key for i, key in enumerate(_cut(receipt["keys"])) if i not in unset}
    # A column that is put in looks like the one before it.
    put = _put_in(book)
    inherits = "to_come" in receipt or bool(put)
    cut, left = _cut(keys), list[bool]()
    for i, place in enumerate(book.lay.of(columns)):
        is_like = inherits and i > 0 and left[i - 1] and (i in right) is (i - 1 in right)
        # After a kill in the middle of that nobody knows which columns stood there.
        is_known = i not in put
        if book.lay.was:
            is_known = i < len(cut) and cut[i] in settled and book.lay.was.get(cut[i]) == place
        left.append(is_like or is_known)
    return left


def unset_titles(book: Book, op: Mapping[str, Any]) -> str:
    """Which titles of a `receipt`'s columns are still to be set, a bit for each, in hex; "" for
    none, and where no run was ever done, or this one sets none.
    """
    old = book.old.receipt if book.old else None
    if book.right is None or old is None or not was_done(old):
        return ""
    left = left_titles(book, op["keys"], op["columns"])
    bits = sum(1 << i for i, stays in enumerate(left) if not stays)
    return f"{bits:x}" if bits else ""


def _put_in(book: Book) -> set[int]:
    """Which of our columns `insert_columns` puts in."""
    found, before = set[int](), 0
    for at, count in next((o["places"] for o in book.lines if o["op"] == "insert_columns"), ()):
        found.update(range(at + before, at + before + count))
        before += count
    return found


def _marked(hexed: object) -> set[int]:
    """The bits that are 1; none of what no run of ours has left."""
    bits = int(hexed, 16) if isinstance(hexed, str) and _HEX.fullmatch(hexed) else 0
    return {i for i in range(bits.bit_length()) if bits >> i & 1}


def _cut(keys: str) -> list[str]:
    return marks.cut(keys, marks.KEY_MARK)
