"""The values of a page's columns as msgspec decodes them: only the fields asked for are built.

Leaves keep whatever type they have in the JSON, numbers with a fraction become Decimals from their
own digits. https://jcristharif.com/msgspec/perf-tips.html#use-structs
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import repeat
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from counterfoil.core import pages
from counterfoil.core.cells import (
    BLANK,
    TEXT_LIMIT,
    Cell,
    date_text_serial,
    maker,
    moment_serial,
)
from counterfoil.core.datasets import Column, ColumnType, Entity, Source
from counterfoil.core.records import combined, parts, reader

# A tree of the fields wanted: each name leads to more names, or to None: all that is there.
Tree = dict[str, "Tree | None"]

# Fields of a struct besides those of its tree: name, type, default.
Extra = tuple[str, Any, Any]

# Below it no text needs counting: characters are one or two units of JavaScript's.
_SHORT = TEXT_LIMIT // 2


class Plain:
    """A column's values before they are cells: read by msgspec, or from a whole subtree."""

    def __init__(self, column: Column, tree: Tree) -> None:
        names = _names(column)
        self._root = names[0]
        self._whole = tree[self._root] is None and (
            column.source is not Source.VALUE or len(names) > 1
        )
        self._reader = reader(column)
        self.paths = [attribute(self._root) if self._whole else ".".join(map(attribute, names))]

    def read(self, found: Sequence[Any]) -> Sequence[Any]:
        if not self._whole:
            return found
        return [self._reader({self._root: value}) for value in found]


class Combined:
    """The same for a column that is worked out from several values."""

    def __init__(self, column: Column, tree: Tree) -> None:
        self._raws = [Plain(part, tree) for part in parts(column)]
        self._make = combined(column)
        self.paths = [path for raw in self._raws for path in raw.paths]

    def read(self, *found: Sequence[Any]) -> Sequence[Any]:
        values = [raw.read(each) for raw, each in zip(self._raws, found, strict=True)]
        return list(map(self._make, *values))


def raw_of(column: Column, tree: Tree) -> Plain | Combined:
    is_plain = parts(column) == (column,)
    return Plain(column, tree) if is_plain else Combined(column, tree)


def tree_of(columns: Sequence[Column]) -> Tree:
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


def struct(
    name: str,
    tree: Tree,
    below: dict[str, Extra] | None = None,
    extra: Extra | None = None,
) -> type[msgspec.Struct]:
    """`extra` is a field of its own, `below` one of what lies at a field of the tree."""
    fields: list[Extra] = []
    for key, inside in tree.items():
        if inside is None:
            fields.append((attribute(key), Any, None))
        else:
            inner = struct(f"{name}{key}", inside, extra=(below or {}).get(key))
            fields.append((attribute(key), inner, inner()))
    rename = {attribute(key): key for key in tree}
    if extra is not None:
        key, kind, default = extra
        fields.append((attribute(key), kind, default))
        rename[attribute(key)] = key
    return msgspec.defstruct(
        name,
        fields,
        rename=rename,
        frozen=True,
        # Plain trees without cycles: the collector need not look at them.
        gc=False,
    )


def attribute(name: str) -> str:
    # QuickBooks' own names can be Python's words ("domain" is not, "class" would be).
    return f"f_{name}"


def cells_maker(column: Column, zone: ZoneInfo) -> Callable[[Sequence[Any]], Sequence[Cell]]:
    """The column's maker over many values, with the common cases of one kind all at once."""
    make = maker(column.type, zone, column.title)
    of_texts = _of_texts(column.type, zone)

    def cells(values: Sequence[Any]) -> Sequence[Cell]:
        kinds = set(map(type, values))
        if kinds == _NOTHINGS:
            return [BLANK] * len(values)
        found = of_texts(values) if kinds == _TEXTS else None
        if found is not None:
            return found
        # Numbers with a fraction, as most amounts are; `make` takes what is whole or not finite.
        return [
            near
            if value.__class__ is Decimal
            and is_number
            and not (near := float(value)).is_integer()
            and near - near == 0
            else make(value)
            for value in values
        ]

    is_number = column.type in (ColumnType.MONEY, ColumnType.NUMBER)
    return cells


_NOTHINGS, _TEXTS = {type(None)}, {str}


def _of_texts(type: ColumnType, zone: ZoneInfo) -> Callable[[Sequence[str]], Sequence[Cell] | None]:
    """The cells of texts; None where one of them is not what its column expects."""

    def told(serials: list[Any]) -> Sequence[Cell] | None:
        return None if None in serials else serials

    match type:
        case ColumnType.TEXT:
            return lambda values: values if max(map(len, values)) <= _SHORT else None
        case ColumnType.DATE:
            return lambda values: told(list(map(date_text_serial, values)))
        case ColumnType.DATETIME:
            return lambda values: told(list(map(moment_serial, values, repeat(zone))))
        case _:
            return lambda values: None


def amounts_of(values: Sequence[Any]) -> list[Decimal]:
    # What JSON holds as a number is finite: only the rest needs a closer look.
    return [value if value.__class__ is Decimal else pages.amount(value) for value in values]


def decoder(entity: Entity, record: type[msgspec.Struct]) -> msgspec.json.Decoder[Any]:
    """Of a whole answer: `held.records`, and `time`."""
    held = msgspec.defstruct(
        "QueryResponse",
        [("records", tuple[record, ...], ())],  # type: ignore[valid-type]  # made just now
        rename={"records": entity.entity},
        frozen=True,
        gc=False,
    )
    answer = msgspec.defstruct(
        "Answer",
        [("held", held), ("time", Any, "")],
        rename={"held": "QueryResponse"},
        frozen=True,
        gc=False,
    )
    return msgspec.json.Decoder(answer, float_hook=Decimal)
