"""Pages of an entity decoded by msgspec: only the fields that the columns ask for are built.

The cells are those of `core.pages.plain_page` and `core.line_pages.plain_line_page`, exactly; a
page whose shape is not the documented one is read the plain way.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from counterfoil.adapters.typed_fields import (
    amounts_of,
    cells_maker,
    codes_of,
    decoder,
    raw_of,
    struct,
    tree_of,
)
from counterfoil.adapters.typed_lines import TypedLines
from counterfoil.adapters.typed_rows import WITHOUT_NUMBERS, encoding
from counterfoil.core import faults, line_pages, pages
from counterfoil.core.datasets import Column, Entity, LineChoice
from counterfoil.core.look_ups import Lack, id_column, lacked
from counterfoil.core.pages import Page
from counterfoil.core.records import parts

# Datasets with the same columns are exported again and again; compiling takes a millisecond.
_COMPILED = 64

Reader = Callable[[bytes], Page]


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
    typed = _typed(entity, columns, zone, lines)

    def read(body: bytes) -> Page:
        try:
            if typed is not None:
                return typed(body)
        except (msgspec.DecodeError, AttributeError, RecursionError):
            pass
        return _plain(body, entity, columns, zone, lines)

    return read


def _typed(
    entity: Entity, columns: tuple[Column, ...], zone: ZoneInfo, lines: LineChoice | None
) -> Reader | None:
    """None where records are of several kinds, which have no one type."""
    if entity.wrapped:
        return None
    if lines is None:
        return _TypedRecords(entity, columns, zone).page
    of_lines = TypedLines(entity, columns, zone, lines)
    return of_lines.page if of_lines.fits else None


def _plain(
    body: bytes,
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
    def __init__(self, entity: Entity, columns: tuple[Column, ...], zone: ZoneInfo) -> None:
        currency = pages.currency_column(entity)
        self._named = [(place, it) for place, it in enumerate(columns) if it.look_up]
        wanted = [*columns, *(id_column(it) for _, it in self._named)]
        wanted += [currency] if currency else []
        tree = tree_of([part for column in wanted for part in parts(column)])
        self._decoder = decoder(entity, struct("Record", tree))
        self._raws = [raw_of(column, tree) for column in wanted]
        paths = list(dict.fromkeys(path for raw in self._raws for path in raw.paths))
        self._places = [[paths.index(path) for path in raw.paths] for raw in self._raws]
        # The first path twice: with a single one attrgetter would not give tuples.
        self._values = attrgetter(*paths, paths[0])
        self._cells = [cells_maker(column, zone) for column in columns]
        self._columns = columns
        # The others hold texts and booleans alone.
        self._numbers = [
            place for place, it in enumerate(columns) if it.type not in WITHOUT_NUMBERS
        ]
        self._has_currency = currency is not None
        self._totals = {columns[place].key: place for place in pages.total_columns(entity, columns)}

    def page(self, body: bytes) -> Page:
        answer: Any = self._decoder.decode(body)
        records = answer.held.records
        if not records:
            return Page((), (), dict.fromkeys(self._totals, ()), pages.moment(answer.time))
        by_path = list(zip(*map(self._values, records), strict=True))
        values = [
            raw.read(*[by_path[place] for place in places])
            for raw, places in zip(self._raws, self._places, strict=True)
        ]
        cells = [make(found) for make, found in zip(self._cells, values, strict=False)]
        return Page(
            rows=list(zip(*cells, strict=True)),
            currencies=(codes_of(values[-1]) if self._has_currency else [""] * len(records)),
            amounts={key: amounts_of(values[place]) for key, place in self._totals.items()},
            time=pages.moment(answer.time),
            lacks=[
                Lack(row, place, column.look_up, id)
                for at, (place, column) in enumerate(self._named, start=len(self._columns))
                if None in values[place] or "" in values[place]
                for row, (name, told) in enumerate(zip(values[place], values[at], strict=True))
                # Most of what has no name has no reference at all.
                if told is not None and (id := lacked(name, told)) is not None
            ],
            encode=encoding(cells[place] for place in self._numbers),
        )
