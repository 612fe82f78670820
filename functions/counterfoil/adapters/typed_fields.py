"""The values of a page's columns as msgspec decodes them: only the fields asked for are built.

Leaves keep whatever type they have in the JSON, numbers with a fraction become Decimals from their
own digits. https://jcristharif.com/msgspec/perf-tips.html#use-structs
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from counterfoil.adapters.typed_cells import TEXTS, TEXTS_OR_NOTHINGS, Shown, shown_by
from counterfoil.adapters.typed_leaves import (
    ANYTHING,
    Leaf,
    custom_reader,
    field_of,
    shows_its_field,
)
from counterfoil.core import pages
from counterfoil.core.datasets import Column, Entity, Source
from counterfoil.core.records import ADDRESS_PARTS, combined, in_one_line, parts, reader

# A tree of the fields wanted: each name leads to more names, or to None: all that is there.
Tree = dict[str, "Tree | None"]

# Fields of a struct besides those of its tree: name, type, default.
Extra = tuple[str, Any, Any]

NO_LEAVES: Mapping[str, Leaf] = {}


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
        root, read = self._root, self._reader
        return [None if value is None else read({root: value}) for value in found]


class Custom(Plain):
    """The same of custom fields that were decoded as such."""

    def __init__(self, column: Column) -> None:
        self._values = custom_reader(column)
        self.paths = [attribute("CustomField")]

    def read(self, found: Sequence[Any]) -> Sequence[Any]:
        return self._values(found)


class Combined:
    """The same for a column that is worked out from several values."""

    def __init__(self, column: Column, tree: Tree, leaves: Mapping[str, Leaf]) -> None:
        self._raws = [Plain(part, tree) for part in parts(column)]
        self._make = combined(column)
        self._is_address = column.source is Source.ADDRESS
        self._are_texts = all(part.path in leaves for part in parts(column))
        self.paths = [path for raw in self._raws for path in raw.paths]

    def read(self, *found: Sequence[Any]) -> Sequence[Any]:
        values = [raw.read(each) for raw, each in zip(self._raws, found, strict=True)]
        # Of texts only: equal numbers can differ.
        if self._is_address and (
            self._are_texts or all(TEXTS_OR_NOTHINGS.issuperset(map(type, v)) for v in values)
        ):
            return _in_lines(values)
        return list(map(self._make, *values))


def _in_lines(values: Sequence[Sequence[str | None]]) -> Sequence[str | None]:
    """Addresses, each in one line, of which most parts are empty in all of them."""
    told = tuple(place for place, each in enumerate(values) if any(each))
    if not told:
        return [None] * len(values[0])
    return list(map(_line_of(told), *[values[place] for place in told]))


@lru_cache(maxsize=8)
def _line_of(told: tuple[int, ...]) -> Callable[..., str | None]:
    """The line of an address with these parts alone. The same ones come in row after row."""

    @lru_cache(maxsize=4096)
    def line(*values: str | None) -> str | None:
        by_place = dict(zip(told, values, strict=True))
        return in_one_line(*map(by_place.get, range(len(ADDRESS_PARTS))))

    return line


def raw_of(column: Column, tree: Tree, leaves: Mapping[str, Leaf] = NO_LEAVES) -> Plain | Combined:
    if column.source is Source.CUSTOM and "CustomField" in leaves:
        return Custom(column)
    if shows_its_field(column) and column.path in leaves:
        return Plain(parts(column)[0], tree)
    is_plain = parts(column) == (column,)
    return Plain(column, tree) if is_plain else Combined(column, tree, leaves)


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


def in_order(tree: Tree, record: object) -> Tree:
    """The same tree, its fields in the order in which the record has them, others behind: msgspec
    looks for a field after the one that it found before.
    """
    held = record if isinstance(record, Mapping) else {}
    names = [*(name for name in held if name in tree), *(name for name in tree if name not in held)]
    inside = {name: tree[name] for name in names}
    return {name: below and in_order(below, held.get(name)) for name, below in inside.items()}


def _crosses(tree: Tree, names: Sequence[str]) -> bool:
    """True when the path goes on below a field that is built as a whole."""
    branch: Tree | None = tree
    for name in names:
        if branch is None:
            return True
        branch = branch[name]
    return branch is not None


def _names(column: Column) -> list[str]:
    return field_of(column).split(".")


def paths_in(tree: Tree, above: str = "") -> Iterator[str]:
    """Of all its leaves."""
    for name, inside in tree.items():
        if inside is None:
            yield above + name
        else:
            yield from paths_in(inside, f"{above}{name}.")


def struct(
    name: str,
    tree: Tree,
    below: dict[str, Extra] | None = None,
    extra: Extra | None = None,
    *,
    leaves: Mapping[str, Leaf] = NO_LEAVES,
    above: str = "",
) -> type[msgspec.Struct]:
    """`extra` is a field of its own, `below` one of what lies at a field of the tree; `leaves` are
    those of which more is expected, by their paths, `above` is the path of this tree.
    """
    fields: list[Extra] = []
    for key, inside in tree.items():
        path = above + key
        if inside is None:
            leaf = leaves.get(path, ANYTHING)
            fields.append((attribute(key), leaf.type, leaf.missing))
        else:
            inner = struct(
                f"{name}{key}",
                inside,
                extra=(below or {}).get(key),
                leaves=leaves,
                above=f"{path}.",
            )
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


# Of fewer fields each is read by itself.
_FEW = 4


def columns_in(
    structs: Sequence[Any], tree: Tree, above: str = ""
) -> Iterator[tuple[str, Sequence[Any]]]:
    """The values of all leaves of the tree in so many structs, by their attributes' path."""
    names = [attribute(name) for name in tree]
    if len(names) < _FEW:
        columns = [list(map(attrgetter(name), structs)) for name in names]
    else:
        every = list(chain.from_iterable(map(msgspec.structs.astuple, structs)))
        columns = [every[at :: len(names)] for at in range(len(names))]
    for name, inside, column in zip(names, tree.values(), columns, strict=True):
        if inside is None:
            yield above + name, column
        else:
            yield from columns_in(column, inside, f"{above}{name}.")


def attribute(name: str) -> str:
    # QuickBooks' own names can be Python's words ("domain" is not, "class" would be).
    return f"f_{name}"


def shown_of(
    column: Column, zone: ZoneInfo, leaves: Mapping[str, Leaf]
) -> Callable[[Sequence[Any]], Shown]:
    """What makes the column's cells of values that were decoded with such leaves."""
    leaf = leaves.get(column.path, ANYTHING) if shows_its_field(column) else ANYTHING
    return leaf.shown or shown_by(column, zone)


def amounts_of(values: Sequence[Any]) -> list[Decimal]:
    # What JSON holds as a number is finite: only the rest needs a closer look.
    return [value if value.__class__ is Decimal else pages.amount(value) for value in values]


def codes_of(values: Sequence[Any]) -> Sequence[str]:
    """Of currencies."""
    if set(map(type, values)) == TEXTS:
        return values
    return list(map(pages.currency_code, values))


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
