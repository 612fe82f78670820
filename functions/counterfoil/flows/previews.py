"""The first rows of an export, to be looked at: one call of each company, nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from counterfoil.core import query
from counterfoil.core.cells import EPOCH, Cell
from counterfoil.core.custom_fields import FieldNames, all_names_in
from counterfoil.core.custom_types import FieldTypes
from counterfoil.core.datasets import Column, ColumnType
from counterfoil.core.order import places_in_order
from counterfoil.core.pages import Body, Page
from counterfoil.flows.chosen import EntityChoice
from counterfoil.flows.pace import in_a_minute
from counterfoil.flows.ports import Company

ROWS = 20
_NUMBERS = (ColumnType.MONEY, ColumnType.NUMBER)
BLANK_NAMES = "Names that QuickBooks keeps in other lists are blank here; the export has them."


@dataclass(frozen=True, slots=True)
class Preview:
    """`more`: there may be others than these; `note` says what they are not. `looked` is among
    how many of QuickBooks' rows they were looked for, 0 where that was all. `fields` are the titles
    of the custom fields that were met, by the keys of their columns. `amounts` are the places of
    columns of numbers; of a report, `above` are its title lines, `bold` the places of rows that
    are, and `depths` how far each row's name is indented.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    more: bool
    note: str = ""
    looked: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)
    amounts: Sequence[int] = ()
    above: Sequence[str] = ()
    bold: Sequence[int] = ()
    depths: Sequence[int] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": list(self.columns),
            "rows": list(self.rows),
            "more": self.more,
            "note": self.note,
            "looked": self.looked,
            "fields": [{"key": key, "title": title} for key, title in self.fields.items()],
            "amounts": list(self.amounts),
            "above": list(self.above),
            "bold": list(self.bold),
            "depths": list(self.depths),
        }


@dataclass(frozen=True, slots=True)
class Look:
    """What one call told of a company: its rows that match, of `sent` records."""

    choice: EntityChoice
    columns: Sequence[Column]  # as the company has them
    rows: Sequence[Sequence[Cell]]
    sent: int
    size: int
    lacks_names: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)  # names of custom fields, by column

    @property
    def is_cut(self) -> bool:
        """Whether there may be more than were sent."""
        return self.sent >= self.size


def shown_of(choice: EntityChoice) -> EntityChoice:
    """The choice without secrets of people: those are never in a preview, nor is it in their
    order.
    """
    shown = (it for it in choice.columns if it.key not in choice.added)
    columns = tuple(it for it in shown if not it.sensitive)
    order = choice.order
    if order is not None:
        by = choice.columns[order.column]
        order = replace(order, column=columns.index(by)) if by in columns else None
    return replace(choice, columns=columns, order=order)


def look(
    company: Company,
    choice: EntityChoice,
    read: Callable[[Body], Page],
    names: FieldNames,
    *,
    page: int,
) -> Look:
    """From one call; names that QuickBooks sends elsewhere are left blank, and asked for only where
    a filter compares them. With filters that it does not know, or an order, rows are looked for in
    its first page. Raises as a run does.
    """
    size = page if choice.local or choice.order else min(ROWS, page)
    entity = choice.entity
    statement = query.select(entity.query_name, choice.where, entity.order_by, size=size)
    custom_fields = any("CustomField[" in it.path for it in choice.columns)
    types = FieldTypes(choice.columns)
    with in_a_minute():
        body = company.query(statement, custom_fields=custom_fields)
        sent = types.watched(choice.entity, names.watched(choice.entity, read))(body)
        matching = sent.matching()
    fields = all_names_in(body, choice.entity, of_lines=choice.lines is not None)
    return Look(
        choice, types.columns(), matching.rows, len(sent.ids), size, bool(matching.lacks), fields
    )


def preview_of(looks: Sequence[Look], names: FieldNames) -> Preview:
    """The first rows of each company, or in their order the first ones of all."""
    choice = looks[0].choice
    is_cut = any(each.is_cut for each in looks)
    each_shows = max(1, ROWS // len(looks))
    notes = []
    if choice.order:
        every = [(row, each.columns) for each in looks for row in each.rows]
        places = places_in_order([row for row, _ in every], choice.order)[: choice.first]
        shown = [every[place] for place in places]
        if is_cut:
            notes.append(_sorted_among(looks[0].size, len(looks)))
    else:
        shown = [(row, each.columns) for each in looks for row in each.rows[:each_shows]]
        if len(looks) > 1 and any(len(each.rows) > each_shows or each.is_cut for each in looks):
            notes.append(f"The first {each_shows} of each company.")
    if any(each.lacks_names for each in looks):
        notes.append(BLANK_NAMES)
    count = sum(len(each.rows) for each in looks)
    return Preview(
        names.titles(),
        [list(map(_shown, row, columns)) for row, columns in shown[:ROWS]],
        more=count > len(shown[:ROWS]) or is_cut,
        note=" ".join(notes),
        looked=sum(each.sent for each in looks) if is_cut else 0,
        fields=_fields(looks),
        amounts=[at for at, column in enumerate(looks[0].columns) if column.type in _NUMBERS],
    )


def _fields(looks: Sequence[Look]) -> Mapping[str, str]:
    """By column, as people tell them apart: "Crew # (1)"; of several companies with all names."""
    found: dict[str, dict[str, None]] = {}
    for each in looks:
        for key, name in each.fields.items():
            found.setdefault(key, {})[name] = None
    return {key: f"{' / '.join(names)} ({key.rpartition('_')[2]})" for key, names in found.items()}


def _sorted_among(size: int, companies: int) -> str:
    of_each = " of each company" if companies > 1 else ""
    return f"Sorted among the first {size:,}{of_each} that QuickBooks sends."


def _shown(cell: Cell, column: Column) -> str:
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, str):
        return cell
    if column.type is ColumnType.DATE:
        return (EPOCH + timedelta(days=int(cell))).isoformat()
    if column.type is ColumnType.DATETIME:
        at = datetime(EPOCH.year, EPOCH.month, EPOCH.day) + timedelta(days=float(cell))  # noqa: DTZ001  a wall clock
        return f"{at:%Y-%m-%d %H:%M}"
    if column.type is ColumnType.MONEY:
        return f"{cell:,.2f}"
    return str(cell)
