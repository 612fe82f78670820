"""What finds values in a table: INDEX, MATCH, XLOOKUP, SUMIFS, COUNTIFS, FILTER, UNIQUE, SORT, as
far as our formulas use them.

Pure. https://support.google.com/docs/table/25273
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from sandbox.google.cells import CellError, Value

Cells = list[list[Value]]
Argument = Value | Cells


class NotFound(Exception):
    """#N/A: nothing matches."""


class OutOfRange(Exception):
    """#REF!: there is no such row or column."""


class Piece(list[list[Value]]):
    """What INDEX gives: a reference, from which a range can go on to another one."""

    def __init__(self, cells: Cells, rows: range, columns: range) -> None:
        super().__init__([[cells[row][column] for column in columns] for row in rows])
        self.cells, self.rows, self.columns = cells, rows, columns

    def to(self, other: Piece) -> Piece:
        """From the one to the other; both are of the same cells."""
        rows, columns = (
            range(min(a.start, b.start), max(a.stop, b.stop))
            for a, b in ((self.rows, other.rows), (self.columns, other.columns))
        )
        return Piece(self.cells, rows, columns)


def index(arguments: Sequence[Argument]) -> Argument:
    """INDEX(range, row, column); 0 is all of them."""
    cells = _cells(arguments[0])
    row, column = (_whole(arguments, place) for place in (1, 2))
    if not (0 <= row <= len(cells) and 0 <= column <= len(cells[0])):
        raise OutOfRange
    rows = range(row - 1, row) if row else range(len(cells))
    return Piece(cells, rows, range(column - 1, column) if column else range(len(cells[0])))


def match(arguments: Sequence[Argument]) -> Value:
    """MATCH(value, one row or column, 0): the first place, with * and ? in texts."""
    wanted, line = _one(arguments[0]), _line(arguments[1])
    for place, value in enumerate(line):
        if _fits(value, wanted, wild=True):
            return place + 1
    raise NotFound


def xlookup(arguments: Sequence[Argument]) -> Argument:
    """XLOOKUP(value, one row or column, results): exactly that value."""
    wanted, along, results = _one(arguments[0]), _cells(arguments[1]), _cells(arguments[2])
    for place, value in enumerate(_line(arguments[1])):
        if _fits(value, wanted, wild=False):
            return [results[place]] if len(along) > 1 else [[row[place]] for row in results]
    if len(arguments) > 3:
        return arguments[3]
    raise NotFound


def sumifs(arguments: Sequence[Argument]) -> Value:
    """SUMIFS(numbers, cells, criterion, …)."""
    numbers = _line(arguments[0])
    return sum(
        number
        for number, yes in zip(numbers, _chosen(arguments[1:]), strict=True)
        if yes and isinstance(number, int | float) and not isinstance(number, bool)
    )


def countifs(arguments: Sequence[Argument]) -> Value:
    """COUNTIFS(cells, criterion, …)."""
    return sum(_chosen(arguments))


def _chosen(tests: Sequence[Argument]) -> list[bool]:
    chosen = [True] * len(_line(tests[0]))
    for place in range(0, len(tests) - 1, 2):
        test = _criterion(_one(tests[place + 1]))
        for at, value in enumerate(_line(tests[place])):
            chosen[at] = chosen[at] and test(value)
    return chosen


def filtered(arguments: Sequence[Argument]) -> Argument:
    """FILTER(range, columns of truths…): the rows for which each is true."""
    truths = zip(*map(_line, arguments[1:]), strict=True)
    rows = zip(_cells(arguments[0]), truths, strict=True)
    found = [row for row, yes in rows if all(each is True for each in yes)]
    if not found:
        raise NotFound
    return found


def unique(arguments: Sequence[Argument]) -> Argument:
    """UNIQUE(range): each row once."""
    rows: Cells = []
    for row in _cells(arguments[0]):
        if row not in rows:
            rows.append(row)
    return rows


def in_order(arguments: Sequence[Argument]) -> Argument:
    """SORT(range, column, ascending), by numbers."""
    cells, column = _cells(arguments[0]), _whole(arguments, 1)
    if not 1 <= column <= len(cells[0]):
        raise OutOfRange

    def size(row: Sequence[Value]) -> float:
        value = row[column - 1]
        return float(value) if isinstance(value, int | float) else 0.0

    return sorted(cells, key=size, reverse=_one(arguments[2]) is False)


LOOKUPS: Mapping[str, tuple[int, Callable[[Sequence[Argument]], Argument]]] = {
    "INDEX": (2, index),
    "MATCH": (2, match),
    "XLOOKUP": (3, xlookup),
    "SUMIFS": (3, sumifs),
    "COUNTIFS": (2, countifs),
    "FILTER": (2, filtered),
    "SORT": (3, in_order),
    "UNIQUE": (1, unique),
}
"""By name: the fewest arguments, and what it does."""


def _criterion(criterion: Value) -> Callable[[Value], bool]:
    text = criterion if isinstance(criterion, str) else ""
    found = re.match(r"(<>|<=|>=|<|>|=)(.*)", text)
    if found is None:
        wanted = _typed(criterion)
        return lambda value: _fits(_typed(value), wanted, wild=True)
    mark, bound = found[1], _typed(found[2])
    if mark in ("=", "<>"):
        return lambda value: _fits(_typed(value), bound, wild=True) == (mark == "=")
    if not isinstance(bound, int | float):
        return lambda value: False
    compare: dict[str, Callable[[float], bool]] = {
        "<": lambda n: n < bound,
        ">": lambda n: n > bound,
        "<=": lambda n: n <= bound,
        ">=": lambda n: n >= bound,
    }
    return lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and compare[mark](value)
    )


def _fits(value: Value, wanted: Value, *, wild: bool) -> bool:
    if isinstance(value, CellError) or isinstance(wanted, CellError):
        return False
    if not (isinstance(value, str) and isinstance(wanted, str)):
        return type(value) is not bool and value == wanted
    if not wild:
        return value.lower() == wanted.lower()
    parts = re.split(r"(~[*?~]|[*?])", wanted)
    pattern = "".join(
        {"*": ".*", "?": "."}.get(part) or re.escape(part[1:] if part[:1] == "~" else part)
        for part in parts
    )
    return re.fullmatch(pattern, value, re.IGNORECASE | re.DOTALL) is not None


def _typed(value: Value) -> Value:
    """A criterion's text that is a number counts as one, and so do cells beside it."""
    try:
        return float(value) if isinstance(value, str) and value.strip() else value
    except ValueError:
        return value


def _cells(argument: Argument) -> Cells:
    return argument if isinstance(argument, list) else [[argument]]


def _line(argument: Argument) -> list[Value]:
    return [value for row in _cells(argument) for value in row]


def _one(argument: Argument) -> Value:
    return _cells(argument)[0][0]


def _whole(arguments: Sequence[Argument], place: int) -> int:
    if place >= len(arguments):
        return 0
    value = _one(arguments[place])
    return int(value) if isinstance(value, int | float) else -1
