"""What an update has to know of its table: by which columns it knows rows, days and names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from counterfoil.catalog.options import columns_of
from counterfoil.catalog.shown_names import (
    DEPARTED,
    ShownName,
    days_of,
    lists_named,
    shown_names,
)
from counterfoil.core.cells import EPOCH
from counterfoil.core.datasets import Column, ColumnType
from counterfoil.core.line_pages import OF_COMPANY, OF_DAY, OF_REALM
from counterfoil.core.rows_known import RowsKnown
from counterfoil.flows.choices import KEY_COLUMN, LINE_KEY_COLUMN, key_column
from counterfoil.flows.chosen import EntityChoice, Mode
from counterfoil.flows.closed_books import Closed
from counterfoil.flows.several import Part


@dataclass(frozen=True, slots=True)
class UpdateColumns:
    """`day` is the date that a range of days filters by, None where the table does not show it."""

    key: Column
    key_place: int
    company: Column | None  # whose ID tells the rows of several companies apart
    company_place: int | None
    day: Column | None
    shown: tuple[ShownName, ...]  # nothing where rows that are there stay as they are
    filtering: tuple[str, ...]  # the lists whose names the filters compare
    labels: tuple[int, ...]  # the columns by which people know a row
    departed: Column | None  # where rows that are no more have their mark

    @property
    def lists(self) -> tuple[str, ...]:
        """Those whose changes may change a cell, or whether a row belongs to the table."""
        shown = [each for name in self.shown for each in name.lists]
        return tuple(dict.fromkeys([*shown, *self.filtering]))

    @property
    def needed(self) -> tuple[str, ...]:
        """The keys of the columns that the spreadsheet is asked for."""
        days = [self.day] if self.day else []
        names = [column for it in self.shown if it.id for column in (it.column, it.id)]
        marks = [self.departed] if self.departed else []
        companies = [self.company] if self.company else []
        return tuple(dict.fromkeys(it.key for it in (self.key, *days, *names, *marks, *companies)))

    @property
    def key_places(self) -> tuple[int, ...]:
        return (*(() if self.company_place is None else (self.company_place,)), self.key_place)


def update_columns(choice: EntityChoice) -> UpdateColumns:
    """Raises BadRequest where there is nothing to know rows by."""
    columns, entity = choice.columns, choice.entity
    place = key_column(columns, choice.lines)
    days = days_of(entity, columns)
    every = columns_of(entity, choice.lines)
    shown = shown_names(entity, columns, every) if choice.mode is Mode.UPDATE else []
    compared = [path for test in choice.named for path in test.paths]
    company = next((at for at, it in enumerate(columns) if it.key == OF_REALM), None)
    return UpdateColumns(
        key=columns[place],
        key_place=place,
        company=None if company is None else columns[company],
        company_place=company,
        day=next((it for it in days if it.key == OF_DAY), days[0] if days else None),
        shown=tuple(shown),
        filtering=lists_named(compared),
        labels=_labels(choice, place),
        departed=DEPARTED if DEPARTED in columns else None,
    )


def closed_until(closed: Closed, day: int | None, company: int | None) -> dict[str, Any] | None:
    """For the operations: by the date in that column, of several companies in whichever column
    `closed` calls them by.
    """
    days = {whose: (until - EPOCH).days for whose, until in closed}
    if not days or day is None:
        return None
    if company is None:
        return {"column": day, "until": next(iter(days.values()))}
    return {"column": day, "of": company, "until": days}


def day_shown(choice: EntityChoice) -> int | None:
    """The column of the date that a transaction has."""
    days = days_of(choice.entity, choice.columns)
    return choice.columns.index(days[0]) if days else None


def tells_closed_books(choice: EntityChoice) -> bool:
    """Whether a replacement can tell which rows it changed, and when these are dated."""
    is_known = _known_by(choice) in [column.key for column in choice.columns]
    return choice.mode is Mode.REPLACE and is_known and day_shown(choice) is not None


def _known_by(choice: EntityChoice) -> str:
    return KEY_COLUMN if choice.lines is None else LINE_KEY_COLUMN


def rows_known(parts: Sequence[Part], closed: Closed = ()) -> RowsKnown | None:
    """By what a replacement tells its rows apart, None where the table does not show it; and when
    the books of its companies were closed.
    """
    choice = parts[0].entity
    keys = [column.key for column in choice.columns]
    if _known_by(choice) not in keys:
        return None
    place = keys.index(_known_by(choice))
    company = [keys.index(OF_COMPANY)] if OF_COMPANY in keys else []
    names = [part.name for part in parts] if company else []
    called = {part.connection.realm_id: part.name for part in parts}
    named = tuple((called[realm], until) for realm, until in closed)
    return RowsKnown(
        key_columns=(*company, place),
        labels=_labels(choice, place),
        whose=(*(part.connection.realm_id for part in parts), *names),
        closed=closed_until(named, day_shown(choice), company[0] if company else None),
    )


MOST_LABELS = 3


def _labels(choice: EntityChoice, key: int) -> tuple[int, ...]:
    """The key, and the first texts that somebody chose: a number and a name, as a rule, and of
    several companies whose it is.
    """
    texts = [
        place
        for place, column in enumerate(choice.columns)
        if column.type is ColumnType.TEXT
        and place != key
        and not column.sensitive
        and column.key not in choice.added
    ]
    return (key, *texts[: MOST_LABELS - 1])
