"""Pages of an entity decoded by msgspec: only the fields that the columns ask for are built.

The cells are those of `core.pages.plain_page`, exactly: leaves keep whatever type they have in
the JSON, numbers with a fraction become Decimals from their own digits, and a page whose shape is
not the documented one is read the plain way.
https://jcristharif.com/msgspec/perf-tips.html#use-structs
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from counterfoil.core import faults, pages
from counterfoil.core.cells import TEXT_LIMIT, Cell, maker
from counterfoil.core.datasets import Column, ColumnType, Entity, Source
from counterfoil.core.pages import Page
from counterfoil.core.records import negated, reader, signed_parts

# A tree of the fields wanted: each name leads to more names, or to None: all that is there.
Tree = dict[str, "Tree | None"]

# Below it no text needs counting: characters are one or two units of JavaScript's.
_SHORT = TEXT_LIMIT // 2

# Datasets with the same columns are exported again and again; compiling takes a millisecond.
_COMPILED = 64


def page_reader(
    entity: Entity, columns: Sequence[Column], zone: ZoneInfo
) -> Callable[[bytes], Page]:
    """What turns the body of a page into rows. Raises QuickBooksBusy for what is no page, and
    ExportTooLarge for a text that no cell can hold. Safe to share between threads.
    """
    return _compiled(entity, tuple(columns), zone)


@lru_cache(_COMPILED)
def _compiled(
    entity: Entity, columns: tuple[Column, ...], zone: ZoneInfo
) -> Callable[[bytes], Page]:
    typed = _TypedReader(entity, columns, zone)

    def read(body: bytes) -> Page:
        try:
            return typed.page(body)
        except (msgspec.DecodeError, AttributeError, RecursionError):
            return _plain(body, entity, columns, zone)

    return read


def _plain(body: bytes, entity: Entity, columns: Sequence[Column], zone: ZoneInfo) -> Page:
    try:
        return pages.plain_page(json.loads(body, parse_float=Decimal), entity, columns, zone)
    except (ValueError, TypeError, AttributeError, RecursionError, pages.NotAPage) as error:
        raise faults.unreadable(200) from error


class _TypedReader:
    def __init__(self, entity: Entity, columns: tuple[Column, ...], zone: ZoneInfo) -> None:
        currency = pages.currency_column(entity)
        wanted = (*columns, currency) if currency else columns
        tree = _tree([part for column in wanted for part in _parts(column)])
        record = _struct("Record", tree)
        self._decoder = msgspec.json.Decoder(_envelope(entity.entity, record), float_hook=Decimal)
        raws = [_raw(column, tree) for column in wanted]
        paths = [path for raw in raws for path in raw.paths]
        # The first path twice: with a single one attrgetter would not give tuples.
        self._values = attrgetter(*paths, paths[0])
        self._raws = raws
        self._cells = [_cells(column, zone) for column in columns]
        self._has_currency = currency is not None
        self._totals = {columns[place].key: place for place in pages.total_columns(entity, columns)}

    def page(self, body: bytes) -> Page:
        answer: Any = self._decoder.decode(body)
        records = answer.held.records
        if not records:
            return Page((), (), dict.fromkeys(self._totals, ()), pages.moment(answer.time))
        by_path = zip(*map(self._values, records), strict=True)
        values = [raw.read(*islice(by_path, len(raw.paths))) for raw in self._raws]
        cells = [make(found) for make, found in zip(self._cells, values, strict=False)]
        return Page(
            rows=list(zip(*cells, strict=True)),
            currencies=(
                [pages.currency_code(value) for value in values[-1]]
                if self._has_currency
                else [""] * len(records)
            ),
            amounts={
                # What JSON holds as a number is finite: only the rest needs a closer look.
                key: [
                    value if value.__class__ is Decimal else pages.amount(value)
                    for value in values[place]
                ]
                for key, place in self._totals.items()
            },
            time=pages.moment(answer.time),
        )


class _Raw:
    """A column's values before they are cells: read by msgspec, or from a whole subtree."""

    def __init__(self, column: Column, tree: Tree) -> None:
        names = _names(column)
        self._root = names[0]
        self._whole = tree[self._root] is None and (
            column.source is not Source.VALUE or len(names) > 1
        )
        self._reader = reader(column)
        self.paths = [_attribute(self._root) if self._whole else ".".join(map(_attribute, names))]

    def read(self, found: Sequence[Any]) -> Sequence[Any]:
        if not self._whole:
            return found
        return [self._reader({self._root: value}) for value in found]


class _Signed:
    """The same for a column that is an amount and perhaps a flag."""

    def __init__(self, column: Column, tree: Tree) -> None:
        self._raws = [_Raw(part, tree) for part in signed_parts(column)]
        self.paths = [path for raw in self._raws for path in raw.paths]

    def read(self, *found: Sequence[Any]) -> Sequence[Any]:
        values = [raw.read(each) for raw, each in zip(self._raws, found, strict=True)]
        return list(map(negated, *values))


def _raw(column: Column, tree: Tree) -> _Raw | _Signed:
    return _Signed(column, tree) if column.source is Source.SIGNED else _Raw(column, tree)


def _parts(column: Column) -> tuple[Column, ...]:
    """The columns whose fields have to be built for this one."""
    return signed_parts(column) if column.source is Source.SIGNED else (column,)


def _tree(columns: Sequence[Column]) -> Tree:
    """Which fields to build. A field that any column wants as a whole is built as a whole."""
    tree: Tree = {}
    for column in columns:
        names = _names(column)
        if column.source is not Source.VALUE:
            tree[names[0]] = None
            continue
        branch: Tree | None = tree
        for name in names[:-1]:
            branch = branch.setdefault(name, {}) if branch is not None else None
        if branch is None:
            continue
        if branch.setdefault(names[-1], None) is not None:
            tree[names[0]] = None  # wanted as a value and as an object: rare, read plainly
    for column in columns:
        if _crosses(tree, _names(column)):
            tree[_names(column)[0]] = None
    return tree


def _crosses(tree: Tree, names: Sequence[str]) -> bool:
    """True when the path goes on below a field that is built as a whole."""
    branch: Tree | None = tree
    for name in names:
        if branch is None:
            return True
        branch = branch[name]
    return branch is not None


def _names(column: Column) -> list[str]:
    if column.source is Source.VALUE:
        return column.path.split(".")
    return [column.path.partition(".")[0].partition("[")[0]]


def _struct(name: str, tree: Tree) -> type[msgspec.Struct]:
    fields: list[tuple[str, Any, Any]] = []
    for key, below in tree.items():
        if below is None:
            fields.append((_attribute(key), Any, None))
        else:
            inner = _struct(f"{name}{key}", below)
            fields.append((_attribute(key), inner, inner()))
    return msgspec.defstruct(
        name,
        fields,
        rename={_attribute(key): key for key in tree},
        frozen=True,
        # Plain trees without cycles: the collector need not look at them.
        gc=False,
    )


def _envelope(entity: str, record: type[msgspec.Struct]) -> type[msgspec.Struct]:
    held = msgspec.defstruct(
        "QueryResponse",
        [("records", tuple[record, ...], ())],  # type: ignore[valid-type]  # made just now
        rename={"records": entity},
        frozen=True,
        gc=False,
    )
    return msgspec.defstruct(
        "Answer",
        [("held", held), ("time", Any, "")],
        rename={"held": "QueryResponse"},
        frozen=True,
        gc=False,
    )


def _attribute(name: str) -> str:
    # QuickBooks' own names can be Python's words ("domain" is not, "class" would be).
    return f"f_{name}"


def _cells(column: Column, zone: ZoneInfo) -> Callable[[Sequence[Any]], list[Cell]]:
    """The column's maker over many values, with the common case in line."""
    make = maker(column.type, zone, column.title)

    def texts(values: Sequence[Any]) -> list[Cell]:
        return [
            value if value.__class__ is str and len(value) <= _SHORT else make(value)
            for value in values
        ]

    def numbers(values: Sequence[Any]) -> list[Cell]:
        # Numbers with a fraction, as most amounts are; `make` takes what is whole or not finite.
        return [
            near
            if value.__class__ is Decimal
            and not (near := float(value)).is_integer()
            and near - near == 0
            else make(value)
            for value in values
        ]

    match column.type:
        case ColumnType.TEXT:
            return texts
        case ColumnType.MONEY | ColumnType.NUMBER:
            return numbers
        case _:
            return lambda values: list(map(make, values))
