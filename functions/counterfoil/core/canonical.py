"""Rows as JSON text, character for character what JavaScript's JSON.stringify gives. Pure.

That text is what a digest is made of on both sides (RFC 8785), and what travels: rows are
encoded once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from json.encoder import encode_basestring
from typing import Any

Cell = str | int | float | bool
"""What a cell can hold; "" is a blank one. Never None."""

# Beyond this an integer is no longer exactly a JavaScript number: it travels as a float.
LARGEST_INTEGER = 2**53

# Python writes floats from here to there as JavaScript does; outside, exponents differ.
_SMALLEST_ALIKE, _LARGEST_ALIKE = 1e-4, 1e16

_SURROGATES = re.compile("([\ud800-\udbff])([\udc00-\udfff])|[\ud800-\udfff]")
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def canonical(rows: Sequence[Sequence[Cell]]) -> str:
    """`JSON.stringify(rows)`, as text that UTF-8 can hold."""
    if all(map(alike, rows)):
        text = _dumps(rows)
    else:
        text = "[" + ",".join(_dumps(row) if alike(row) else _row(row) for row in rows) + "]"
    try:
        text.encode()
    except UnicodeEncodeError:  # halves of characters
        return _SURROGATES.sub(_well_formed, text)
    return text


def es6_number(value: int | float) -> str:
    """A number's text as ECMAScript's Number::toString gives it; what is not finite is null.

    https://tc39.es/ecma262/#sec-numeric-types-number-tostring
    """
    near = float(value)
    if near - near != 0:
        return "null"
    if near == 0:
        return "0"
    sign = "-" if near < 0 else ""
    mantissa, _, exponent = repr(abs(near)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    # The value is 0.DIGITS times ten to the power of `point`.
    point = int(exponent or 0) + len(whole) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{rest}e{point - 1:+d}"


def alike(row: Iterable[Any]) -> bool:
    """True when Python's own encoder writes each number among these values as JavaScript does."""
    for value in row:
        kind = value.__class__
        if kind is float:
            if (
                not (
                    _SMALLEST_ALIKE <= value < _LARGEST_ALIKE
                    or -_LARGEST_ALIKE < value <= -_SMALLEST_ALIKE
                )
                or value.is_integer()
            ):
                return False
        elif kind is int and not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            return False
    return True


def _row(row: Iterable[Cell]) -> str:
    return "[" + ",".join(map(_value, row)) + "]"


def _value(value: Cell) -> str:
    if isinstance(value, str):
        text: str = encode_basestring(value)
        return text
    if isinstance(value, bool):
        return "true" if value else "false"
    return es6_number(value)


def _well_formed(match: re.Match[str]) -> str:
    if match[1]:  # two halves of one character, apart in Python only
        return match[0].encode("utf-16", "surrogatepass").decode("utf-16")
    return f"\\u{ord(match[0]):04x}"
