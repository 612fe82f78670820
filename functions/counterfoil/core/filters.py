"""What an export is narrowed by: asked of QuickBooks where it can, else found in its answers. Pure.

Both ways mean the same: texts are compared without regard to case, as QuickBooks does.
https://developer.intuit.com/app/developer/qbo/docs/learn/explore-the-quickbooks-online-api/data-queries
"""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from counterfoil.core import faults
from counterfoil.core.datasets import Column, ColumnType, Entity, Source
from counterfoil.core.pages import Body, NotAPage, Page, records_of
from counterfoil.core.query import Condition, Op, Scalar
from counterfoil.core.records import Record, reader


class Kind(enum.StrEnum):
    DAYS = "days"  # a range of them
    MOMENTS = "moments"  # the same, of a time
    NAMES = "names"  # one of these, by name or id
    STATE = "state"  # one of those that the filter names
    AMOUNT = "amount"  # from, to
    TEXT = "text"  # what it contains
    EXACT = "exact"  # the text that a report is to be asked for


class Relative(enum.Enum):
    TODAY = "the day of the run"


@dataclass(frozen=True, slots=True)
class Test:
    """What a value at one of the paths must be; `Line[].ItemRef` looks at every line, and
    `TotalAmt|Line[]` at what a column of that path shows: the first, or what those lines debit.
    `asked`: QuickBooks can be asked for it, which knows one path, no negation, and no % in a text.

    `negated` turns all of it round, with what has to pass `also`.
    """

    __test__ = False  # no test of pytest's

    paths: tuple[str, ...]
    op: Op
    value: Scalar | tuple[Scalar, ...] | Relative
    asked: bool = False
    negated: bool = False
    begins: bool = False  # of LIKE: the text begins so
    also: tuple[Test, ...] = ()
    with_it: Test | None = None  # what the very same value must be as well
    lists: tuple[str, ...] = ()  # of names: the list that knows those at each path, "" for none
    title: str = ""  # of names: what their filter is called, and the cell that they came from
    cell: str = ""

    def on(self, day: date) -> Test:
        return replace(self, value=day) if self.value is Relative.TODAY else self

    def by_ids(self, ids: tuple[str, ...]) -> Test:
        """A test of names as one of the ids that have them."""
        refs = tuple(path.removesuffix(".name") for path in self.paths)
        # Asked for, a reference is its id; in the answers it has a value.
        at = refs if self.asked else tuple(f"{ref}.value" for ref in refs)
        return Test(at, Op.IN, ids, self.asked)

    @property
    def condition(self) -> Condition | None:
        """As QuickBooks is asked; None where it is found in the answers."""
        value = self.value
        if not self.asked or self.negated or len(self.paths) != 1 or isinstance(value, Relative):
            return None
        if self.lists:  # it knows no names of references, but ids
            return None
        if self.begins or self.also or self.with_it:
            return None
        if self.op is Op.LIKE:
            if not isinstance(value, str) or "%" in value:
                return None
            value = f"%{value}%"
        return Condition(self.paths[0], self.op, value)


@dataclass(frozen=True, slots=True)
class State:
    key: str
    title: str
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """One thing to narrow an entity by; `paths` are those of references where it is of names."""

    key: str
    title: str
    kind: Kind
    paths: tuple[str, ...] = ()
    asked: bool = False
    states: tuple[State, ...] = ()
    required: bool = False

    @property
    def of_lines(self) -> bool:
        """Whether a record can have several values of it."""
        return any("[]" in path for path in self.paths)


def asked(tests: Iterable[Test]) -> tuple[Condition, ...]:
    """What QuickBooks is asked for."""
    return tuple(found for test in tests if (found := test.condition))


def local(tests: Iterable[Test]) -> tuple[Test, ...]:
    """What is found in its answers."""
    return tuple(test for test in tests if test.condition is None)


def matches(record: Mapping[str, Any], tests: Iterable[Test]) -> bool:
    """Whether a record passes all of them; of its lines it takes one that does."""
    return all(_passes(record, test) for test in tests)


def matching(
    read: Callable[[Body], Page], entity: Entity, tests: Sequence[Test]
) -> Callable[[Body], Page]:
    """A reader of pages that says of each record whether it passes."""
    if not tests:
        return read

    def reading(body: Body) -> Page:
        page = read(body)
        try:
            records = records_of(json.loads(body, parse_float=Decimal), entity)
        except (ValueError, RecursionError, NotAPage) as error:
            raise faults.unreadable(200) from error
        return replace(page, matches=[matches(record, tests) for record in records])

    return reading


def _passes(record: Mapping[str, Any], test: Test) -> bool:
    values = (value for path in test.paths for value in _at(record, path))
    passes = any(_fits(value, test) for value in values)
    return (passes and matches(record, test.also)) is not test.negated


def _at(record: Mapping[str, Any], path: str) -> Iterator[Any]:
    return _shown(path)(record) if "|" in path else _values(record, path.split("."))


@lru_cache(32)
def _shown(path: str) -> Callable[[Record], Iterator[Any]]:
    read = reader(Column("", "", ColumnType.MONEY, path, Source.FIRST))
    return lambda record: (each for each in [read(record)] if each is not None)


def _values(held: Any, path: Sequence[str]) -> Iterator[Any]:
    if not path:
        yield held
        return
    name = path[0].removesuffix("[]")
    inner = held.get(name) if isinstance(held, Mapping) else None
    for each in inner if isinstance(inner, list) else [] if inner is None else [inner]:
        yield from _values(each, path[1:])


def _fits(value: Any, test: Test) -> bool:
    if test.with_it and not _fits(value, test.with_it):
        return False
    wanted = test.value
    if isinstance(wanted, tuple):
        return any(_compared(value, Op.EQ, each) for each in wanted)
    if isinstance(wanted, Relative):
        raise ValueError("today is not known here")
    if test.begins:
        return _begins(value, wanted)
    return _compared(value, test.op, wanted)


def _compared(value: Any, op: Op, wanted: Scalar) -> bool:
    if isinstance(wanted, bool):
        return value is wanted or str(value).lower() == str(wanted).lower()
    if isinstance(wanted, datetime):
        return _ordered(_moment(value), op, wanted)
    if isinstance(wanted, date):
        return _ordered(str(value)[:10], op, wanted.isoformat())
    if isinstance(wanted, int | Decimal):
        return _ordered(_number(value), op, wanted)
    text = str(value).casefold()
    return wanted.casefold() in text if op is Op.LIKE else _ordered(text, op, wanted.casefold())


def _begins(value: Any, wanted: object) -> bool:
    return str(value).casefold().startswith(str(wanted).casefold())


def _ordered(value: Any, op: Op, wanted: Any) -> bool:
    if value is None:
        return False
    match op:
        case Op.LT:
            return bool(value < wanted)
        case Op.LE:
            return bool(value <= wanted)
        case Op.GT:
            return bool(value > wanted)
        case Op.GE:
            return bool(value >= wanted)
        case _:
            return bool(value == wanted)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        found = Decimal(value)
    except ArithmeticError:
        return None
    return found if found.is_finite() else None


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
