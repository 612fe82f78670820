"""Pages of an entity decoded by msgspec: only the fields that the columns ask for are built.

The cells are those of `core.pages.plain_page` and `core.line_pages.plain_line_page`, exactly; a
page whose shape is not the documented one is read the plain way.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from counterfoil.adapters.typed_cells import Shown
from counterfoil.adapters.typed_fields import (
    NO_LEAVES,
    Tree,
    amounts_of,
    codes_of,
    columns_in,
    decoder,
    in_order,
    paths_in,
    raw_of,
    shown_of,
    struct,
    tree_of,
)
from counterfoil.adapters.typed_leaves import leaves_of, shows_its_field
from counterfoil.adapters.typed_lines import TypedLines
from counterfoil.adapters.typed_rows import encoding
from counterfoil.core import faults, line_pages, pages
from counterfoil.core.amounts import Summed
from counterfoil.core.custom_fields import records_in
from counterfoil.core.datasets import Column, Entity, LineChoice
from counterfoil.core.look_ups import Lack, id_column, lacked
from counterfoil.core.pages import Body, Page
from counterfoil.core.records import parts

# A table of fewer records is read before anything learned of it is of use.
_MANY = 500

# Datasets with the same columns are exported again and again; compiling takes a millisecond.
_COMPILED = 64

Reader = Callable[[Body], Page]


def page_reader(
    entity: Entity, columns: Sequence[Column], zone: ZoneInfo, lines: LineChoice | None = None
) -> Reader:
    """What turns the body of a page into rows. Raises QuickBooksBusy for what is no page, and
    ExportTooLarge for a text that no cell can hold. Safe to share between threads.
    """
    return _compiled(entity, tuple(columns), zone, lines)


@lru_cache(_COMPILED)
def _compiled(
    entity: Entity, columns: tuple[Column, ...], zone: ZoneInfo, lines: LineChoice | None
) -> Reader:
    readers = _typed(entity, columns, zone, lines)

    def read(body: Body) -> Page:
        for typed in readers:
            with suppress(msgspec.DecodeError, AttributeError, RecursionError):
                page = typed(body)
                if page.rows or page.ids or _is_empty(body, entity):
                    return page
                break
        return _plain(body, entity, columns, zone, lines)

    return read


def _is_empty(body: Body, entity: Entity) -> bool:
    """Whether it holds nothing at all, where a type found no record of that name in it."""
    try:
        return not pages.records_of(json.loads(body), entity)
    except pages.NotAPage:
        return False


def _typed(
    entity: Entity, columns: tuple[Column, ...], zone: ZoneInfo, lines: LineChoice | None
) -> list[Reader]:
    """The swiftest first; none where records are of several kinds, which have no one type."""
    if entity.wrapped:
        return []
    if lines is None:
        ways = (True, False)
        return [_TypedRecords(entity, columns, zone, documented=way).page for way in ways]
    of_lines = TypedLines(entity, columns, zone, lines)
    return [of_lines.page] if of_lines.fits else []


def _plain(
    body: Body,
    entity: Entity,
    columns: Sequence[Column],
    zone: ZoneInfo,
    lines: LineChoice | None,
) -> Page:
    try:
        answer = json.loads(body, parse_float=Decimal)
        if lines is None:
            return pages.plain_page(answer, entity, columns, zone)
        return line_pages.plain_line_page(answer, entity, columns, zone, lines)
    except (ValueError, TypeError, AttributeError, RecursionError, pages.NotAPage) as error:
        raise faults.unreadable(200) from error


class _TypedRecords:
    def __init__(
        self, entity: Entity, columns: tuple[Column, ...], zone: ZoneInfo, *, documented: bool
    ) -> None:
        """`documented` expects each field to be what Intuit says that it is."""
        currency = pages.currency_column(entity)
        self._named = [(place, it) for place, it in enumerate(columns) if it.look_up]
        wanted = [*columns, *(id_column(it) for _, it in self._named)]
        wanted += [currency] if currency else []
        tree = tree_of([part for column in wanted for part in parts(column)])
        totals = pages.total_columns(entity, columns)
        leaves = NO_LEAVES
        if documented:
            leaves = leaves_of(wanted, paths_in(tree), zone)
        self._entity, self._leaves = entity, leaves
        self._way, self._is_settled = self._decoded_by(tree), False
        self._raws = [raw_of(column, tree, leaves) for column in wanted]
        self._shown = [shown_of(column, zone, leaves) for column in columns]
        self._columns = columns
        fields = [it.path if shows_its_field(it) and it.path in leaves else it for it in columns]
        self._firsts = [fields.index(it) for it in fields]  # two can show one field
        self._has_currency = currency is not None
        self._totals = [(columns[place].key, place) for place in totals]

    def page(self, body: Body) -> Page:
        decode, tree = self._way
        answer: Any = decode(body)
        records = answer.held.records
        if not records:
            nothing = {key: () for key, *_ in self._totals}
            return Page((), (), nothing, pages.moment(answer.time))
        found = dict(columns_in(records, tree))
        if not self._is_settled and len(records) >= _MANY:
            self._settle(tree, body)
        values = [raw.read(*[found[path] for path in raw.paths]) for raw in self._raws]
        shown: list[Shown] = []
        for place, first in enumerate(self._firsts):
            known = first < place
            shown.append(shown[first] if known else self._shown[place](values[place]))
        return Page(
            rows=list(zip(*[it.cells for it in shown], strict=True)),
            currencies=(codes_of(values[-1]) if self._has_currency else [""] * len(records)),
            amounts={
                key: amounts_of(values[place]) if (told := shown[place].amounts) is None else told
                for key, place in self._totals
            },
            time=pages.moment(answer.time),
            lacks=list(self._lacks(values)),
            encode=encoding(it.cells for it in shown if not it.alike),
            sums={
                place: it.amounts.sum
                for place, it in enumerate(shown)
                if isinstance(it.amounts, Summed)
            },
        )

    def _decoded_by(self, tree: Tree) -> tuple[Callable[[Body], Any], Tree]:
        return decoder(self._entity, struct("Record", tree, leaves=self._leaves)).decode, tree

    def _settle(self, tree: Tree, body: Body) -> None:
        """From now on fields are expected in the order in which a record of this page has them."""
        self._is_settled = True
        for record in records_in(body, self._entity):
            self._way = self._decoded_by(in_order(tree, record))
            return

    def _lacks(self, values: Sequence[Sequence[Any]]) -> Iterator[Lack]:
        for at, (place, column) in enumerate(self._named, start=len(self._columns)):
            names, ids = values[place], values[at]
            # Most of what has no name has no reference at all.
            if (None in names or "" in names) and any(ids):
                for row, (name, told) in enumerate(zip(names, ids, strict=True)):
                    if told and (id := lacked(name, told)) is not None:
                        yield Lack(row, place, column.look_up, id)
