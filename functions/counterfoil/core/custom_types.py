"""Custom fields that hold numbers, days or yes and no: their cells and how these look. Pure.

QuickBooks tells the type of a field with each record or line that has it, as it does its name.
What the first page tells decides how a column looks, and so what its cells are: a value of another
type, as another company's field of the same number can be, stays text.
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
    """The types by the numbers of their definitions, settled by the first page with records, or by
    the table that is there.
    """

    def __init__(self, columns: Sequence[Column], settled: Mapping[str, str] | None = None) -> None:
        self._columns = tuple(columns)
        self._custom = {
            place: definition_of(column)
            for place, column in enumerate(columns)
            if column.source is Source.CUSTOM
        }
        self._settled: dict[str, ColumnType] | None = None
        self.go_on_from(settled)

    def watched(self, entity: Entity, read: Reader) -> Reader:
        """The same reader of one company's pages, which makes numbers, days and flags of the cells
        of such fields.
        """
        if not self._custom:
            return read
        own: dict[str, ColumnType] = {}

        def reading(body: Body) -> Page:
            page = read(body)
            if self._settled is None and page.ids:
                own.update(types_in(body, entity, set(self._custom.values())))
                self._settle(own)
            places = self._typed()
            unknown = {
                definition
                for place, definition in places.items()
                if definition not in own and any(row[place] != BLANK for row in page.rows)
            }
            if unknown:
                own.update(types_in(body, entity, unknown))
            settled = self._settled or {}
            return _retyped(
                page,
                {
                    place: settled[definition]
                    for place, definition in places.items()
                    if own.get(definition) is settled[definition]
                },
            )

        return reading

    def columns(self) -> tuple[Column, ...]:
        """Of the types that are known by now."""
        settled, places = self._settled or {}, self._typed()
        return tuple(
            replace(column, type=settled[places[place]]) if place in places else column
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

    def state(self) -> Mapping[str, str] | None:
        """What a cursor keeps."""
        settled = self._settled
        return None if settled is None else {each: kind.value for each, kind in settled.items()}

    def go_on_from(self, state: Mapping[str, str] | None) -> None:
        if state is not None:
            self._settle({each: ColumnType(kind) for each, kind in state.items()})

    def _settle(self, types: Mapping[str, ColumnType]) -> None:
        self._settled = {each: it for each, it in types.items() if it is not ColumnType.TEXT}

    def _typed(self) -> dict[int, str]:
        """The definitions of the columns that hold more than texts, by their places."""
        return {place: it for place, it in self._custom.items() if it in (self._settled or {})}


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
