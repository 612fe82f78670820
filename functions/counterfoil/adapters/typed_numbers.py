"""Numbers of a column whose digits were kept: their cells, and their exact sum, without looking at
one after the other in Python.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import msgspec

from counterfoil.adapters.typed_cells import Shown
from counterfoil.core.amounts import Summed
from counterfoil.core.canonical import LARGEST_INTEGER
from counterfoil.core.cells import BLANK, Cell

# QuickBooks sends no more in a page. So many floats below a thousand million, and their sum, are
# off by less than a thousandth: to the hundredth they are exact.
_MOST = 1_000
_TOO_LONG = b"0" * 10
_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)


def numbers(raws: Sequence[Any]) -> Shown:
    """Of what stands in the JSON. Raises msgspec.DecodeError where one is neither a number nor
    null.
    """
    text = b",".join(raws)
    shape = text.translate(_DIGITS)
    is_plain = len(raws) <= _MOST and not (
        _TOO_LONG in shape or b".000" in shape or b"e" in shape or b"E" in shape
    )
    return _plain(text, shape, len(raws)) if is_plain else _any(text)


def _plain(text: bytes, shape: bytes, count: int) -> Shown:
    """None with more than two decimals: in one pass each."""
    whole = b"%b," % text  # and nothing behind the point of those that are
    found: list[Any] = _ints_and_floats(
        b"[%b]" % whole.replace(b".00,", b",").replace(b".0,", b",")[:-1]
    )
    cents = round(math.fsum(filter(None, found)) * 100)
    decimals = 2 if b".00" in shape else 1 if b".0" in shape else 0
    total = Decimal(cents // 10 ** (2 - decimals)).scaleb(-decimals)
    return Shown(
        [BLANK if each is None else each for each in found] if None in found else found,
        alike=True,
        amounts=Summed(count, total, partial(_amounts, text)),
    )


def _any(text: bytes) -> Shown:
    return Shown(_cells(_floats(b"[%b]" % text)), amounts=_amounts(text))


def _cells(found: Sequence[float | None]) -> Sequence[Cell]:
    return [
        BLANK
        if each is None
        else int(each)
        if each.is_integer() and -LARGEST_INTEGER <= each <= LARGEST_INTEGER
        else each
        for each in found
    ]


def _amounts(text: bytes) -> list[Decimal]:
    return list(map(Decimal, text.replace(b"null", b"0").decode().split(",")))


_ints_and_floats = msgspec.json.Decoder(list[int | float | None]).decode
_floats = msgspec.json.Decoder(list[float | None]).decode
