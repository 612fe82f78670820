"""Custom fields that hold numbers, days or yes and no: their cells and how these look. Pure.

QuickBooks tells the type of a field with each record or line that has it, as it does its name.
The first page that tells it decides how a column looks, and so what its cells are (those before
are blank): a value of another type, as another company's field of the same number can be, stays
text. Once rows stand in a sheet nothing new is decided.
https://developer.intuit.com/app/developer/qbo/docs/workflows/create-custom-fields
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from counterfoil.core import looks
from counterfoil.core.blocks import Layout
from counterfoil.core.canonical import canonical
from counterfoil.core.cells import BLANK, Cell, maker
from counterfoil.core.custom_fields import Reader, definition_of, fields_in
from counterfoil.core.datasets import Column, ColumnType, Entity, Source
from counterfoil.core.pages import Body, Page

# A text is what a column of them is anyway.
_TYPES = {
    "BooleanType": ColumnType.BOOLEAN,
    "DateType": ColumnType.DATE,
    "NumberType": ColumnType.NUMBER,
    "StringType": ColumnType.TEXT,
}
_ANYWHERE = ZoneInfo("UTC")  # days have no zone


class FieldTypes:
    """The types by the numbers of their definitions, each settled by the first page on which it has
    values (the first page of all tells those of empty fields too), or by the table that is there.
    """

    def __init__(self, columns: Sequence[Column], settled: Mapping[str, str] | None = None) -> None:
        self._columns = tuple(columns)
        self._custom = {
            place: definition_of(column)
            for place, column in enumerate(columns)
            if column.source is Source.CUSTOM
        }
        self._known: dict[str, ColumnType] = {}  # with texts
        self._is_settled = False
        if settled is not None:
            self.go_on_from(settled)
            self.settle()

    def watched(self, entity: Entity, read: Reader) -> Reader:
        """The same reader of one company's pages, which makes numbers, days and flags of the cells
        of such fields.
        """
        if not self._custom:
            return read
        own: dict[str, ColumnType] = {}  # of this company
        first = True

        def reading(body: Body) -> Page:
            nonlocal first
            page = read(body)
            places = self._typed() if self._is_settled else self._custom
            valued = {
                it
                for place, it in places.items()
                if it not in own and any(row[place] != BLANK for row in page.rows)
            }
            every = first and not self._is_settled and page.ids
            if wanted := set(places.values()) if every else valued:
                # Where a value's type is not told it is a text.
                own.update(dict.fromkeys(valued, ColumnType.TEXT) | types_in(body, entity, wanted))
            first = first and not page.ids
            if not self._is_settled:
                self._known = own | self._known
            return _retyped(
                page,
                {
                    place: self._known[it]
                    for place, it in self._typed().items()
                    if own.get(it) is self._known[it]
                },
            )

        return reading

    def columns(self) -> tuple[Column, ...]:
        """Of the types that are known by now."""
        places = self._typed()
        return tuple(
            replace(column, type=self._known[places[place]]) if place in places else column
            for place, column in enumerate(self._columns)
        )

    def shown(self, layout: Layout, currency: str) -> Layout:
        """With the looks of those types."""
        places = self._typed()
        if not places:
            return layout
        columns = [
            looks.sheet_column(column, currency) if place in places else look
            for place, (column, look) in enumerate(zip(self.columns(), layout.columns, strict=True))
        ]
        return replace(layout, columns=tuple(columns))

    def settle(self) -> None:
        """Rows stand in the sheet already, and look as they do."""
        self._is_settled = True

    def state(self) -> Mapping[str, str]:
        """What a cursor keeps, and a watermark: texts are what such columns are anyway."""
        return {it: kind.value for it, kind in self._known.items() if kind is not ColumnType.TEXT}

    def go_on_from(self, state: Mapping[str, str] | None) -> None:
        self._known = {it: ColumnType(kind) for it, kind in (state or {}).items()}

    def _typed(self) -> dict[int, str]:
        """The definitions of the columns that hold more than texts, by their places."""
        return {
            place: it
            for place, it in self._custom.items()
            if self._known.get(it, ColumnType.TEXT) is not ColumnType.TEXT
        }


def types_in(body: Body, entity: Entity, wanted: set[str]) -> dict[str, ColumnType]:
    """Of the definitions that are wanted, the first type that a record of the page tells."""
    found: dict[str, ColumnType] = {}
    for definition, field in fields_in(body, entity, wanted):
        kind = _TYPES.get(str(field.get("Type")))
        if kind is not None:
            found.setdefault(definition, kind)
        if len(found) == len(wanted):
            break
    return found


def _retyped(page: Page, types: Mapping[int, ColumnType]) -> Page:
    """What does not fit its type stays text."""
    if not types:
        return page
    makers = {place: maker(type, _ANYWHERE) for place, type in types.items()}

    def cells(row: Iterable[Cell]) -> list[Cell]:
        return [makers[place](cell) if place in makers else cell for place, cell in enumerate(row)]

    return replace(page, rows=list(map(cells, page.rows)), encode=canonical)
