"""What was sent, counted on the way, so that the sheet can be asked for the same. Pure."""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from operator import itemgetter
from typing import Any

from counterfoil.core.canonical import Cell

# Up to here a float product still tells a quarter from a half.
_SURE = 2.0**50

# A float this large has no digits behind its point: adding it rounds, taking it away keeps that.
_WHOLE = 1.5 * 2.0**52

# Enough digits for the exact value of any float.
_EXACT = Context(prec=1100)


def minor(value: int | float, scale: int) -> int:
    """The number times 10^scale, rounded as JavaScript's toFixed(scale) does: by the exact value
    of the float, a half away from zero.
    """
    if isinstance(value, int):
        return value * int(10**scale)
    product = value * 10.0**scale
    if -_SURE < product < _SURE:
        near = round(product)
        if -0.25 < product - near < 0.25:  # the float product is off by far less than that
            return near
    exact = Decimal(value).scaleb(scale, _EXACT)
    return int(exact.to_integral_value(ROUND_HALF_UP))


def rounded(value: Cell, scale: int) -> Cell:
    """What a total says at so many places: what a sum of floats is off by is gone."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    exact, unit = minor(value, scale), int(10**scale)
    return exact // unit if exact % unit == 0 else exact / unit


def column_sum(rows: Iterable[Sequence[Cell]], column: int, scale: int) -> int:
    """The numbers of one column added in minor units; texts, blanks and booleans count 0."""
    values: list[Any] = list(map(itemgetter(column), rows))
    if not _NUMBERS.issuperset(map(type, values)):
        values = [value for value in values if value.__class__ in _NUMBERS]
    near = _near_sum(values, 10.0**scale)
    return sum(minor(value, scale) for value in values) if near is None else near


_NUMBERS = frozenset({float, int})


def _near_sum(values: Sequence[int | float], factor: float) -> int | None:
    """As `minor`, of all at once; None where one of them needs a closer look."""
    products = [value * factor for value in values]
    largest = max(max(products, default=0.0), -min(products, default=0.0))
    if not largest * len(products) < _SURE:
        return None
    nears = [product + _WHOLE - _WHOLE for product in products]
    # Where all together are off by less than a quarter, so is each.
    return int(sum(nears)) if math.dist(products, nears) < 0.25 else None


class Distinct:
    """A set of ids that travels between steps in little space."""

    __slots__ = ("_ids",)

    def __init__(self, ids: Iterable[Cell] = ()) -> None:
        self._ids: set[Cell] = set(ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, id: object) -> bool:
        return id in self._ids

    def add(self, ids: Iterable[Cell]) -> None:
        self._ids.update(ids)

    def state(self) -> str:
        """Text for a cursor. QuickBooks' ids are mostly dense: their distances pack well."""
        numbers = sorted(int(id) for id in self._ids if _is_plain(id))
        others = [id for id in self._ids if not _is_plain(id)]
        steps = [b - a for a, b in zip([0, *numbers], numbers, strict=False)]
        plain = json.dumps([steps, others], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(zlib.compress(plain, 9)).decode()

    @classmethod
    def from_state(cls, state: str) -> Distinct:
        steps, others = json.loads(zlib.decompress(base64.urlsafe_b64decode(state)))
        ids: list[Cell] = list(others)
        last = 0
        for step in steps:
            last += step
            ids.append(str(last))
        return cls(ids)


class Every(Distinct):
    """Keys that cannot repeat, counted: those of lines hold their record's, which was sent once."""

    __slots__ = ("_count",)

    def __init__(self, count: int = 0) -> None:
        super().__init__()
        self._count = count

    def __len__(self) -> int:
        return self._count

    def add(self, ids: Iterable[Cell]) -> None:
        self._count += sum(1 for _ in ids)


NOTHING_KNOWN: Mapping[int, Decimal] = {}


class Tally:
    """Rows, distinct keys and sums of what has been sent so far.

    `key` is the column whose values should be distinct; `sums` names the columns that are
    added, each with its scale.
    """

    __slots__ = ("_sums", "distinct", "key", "rows")

    def __init__(self, key: int, sums: Iterable[tuple[int, int]]) -> None:
        self.key = key
        self.rows = 0
        self.distinct = Distinct()
        self._sums = {(column, scale): 0 for column, scale in sums}

    def add(
        self, rows: Sequence[Sequence[Cell]], known: Mapping[int, Decimal] = NOTHING_KNOWN
    ) -> None:
        """`known` are exact sums of columns, each with as many decimals as the number with the most
        of them: with no more places than a scale has, nothing in there is rounded.
        """
        self.rows += len(rows)
        self.distinct.add(row[self.key] for row in rows)
        for column, scale in self._sums:
            exact = _in_units(known[column], scale) if column in known else None
            self._sums[column, scale] += column_sum(rows, column, scale) if exact is None else exact

    def sums(self) -> list[dict[str, Any]]:
        """As `expect` carries them."""
        return [
            {"column": column, "scale": scale, "sum": str(total)}
            for (column, scale), total in self._sums.items()
        ]

    def state(self) -> dict[str, Any]:
        """What a cursor keeps between steps."""
        return {
            "key": self.key,
            "rows": self.rows,
            "distinct": self.distinct.state(),
            "sums": self.sums(),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Tally:
        tally = cls(int(state["key"]), ())
        tally.rows = int(state["rows"])
        tally.distinct = Distinct.from_state(state["distinct"])
        tally._sums = {(t["column"], t["scale"]): int(t["sum"]) for t in state["sums"]}
        return tally


def _in_units(exact: Decimal, scale: int) -> int | None:
    """The number times 10^scale; None where it has more decimals."""
    units = exact.scaleb(scale, _EXACT)
    exponent = units.as_tuple().exponent
    return int(units) if isinstance(exponent, int) and exponent >= 0 else None


def _is_plain(id: Cell) -> bool:
    """An id whose number gives the same text back: no leading zero, no sign."""
    return isinstance(id, str) and id.isascii() and id.isdigit() and (id[0] != "0" or id == "0")
