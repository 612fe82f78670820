"""What was chosen for an export, once it was checked."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from counterfoil.catalog.shown_names import DEPARTED
from counterfoil.core import filters
from counterfoil.core.datasets import Column, Entity, LineChoice, Report
from counterfoil.core.dates import as_of, parsed, period
from counterfoil.core.filters import Test
from counterfoil.core.order import Order
from counterfoil.core.query import Condition, conditions
from counterfoil.core.report_rows import ReportLayout
from counterfoil.flows.all_dates import ALL
from counterfoil.flows.moving import words
from counterfoil.flows.report_options import Shape


class Mode(enum.StrEnum):
    """What a refresh does with the rows that are there."""

    REPLACE = "replace"
    UPDATE = "update"  # rows by key: what a person typed beside a record stays with it
    ADD = "add"  # rows that are not there yet; those that are stay as they are


class Departed(enum.StrEnum):
    """What an update does with rows that are no more; none with something beside it is lost."""

    MOVE = "move"  # they go; those with something beside them into a tab of their own
    KEEP = "keep"  # they go, but those with something beside them stay, with a mark
    MARK = "mark"  # what was deleted in QuickBooks stays, with a mark


@dataclass(frozen=True, slots=True)
class EntityChoice:
    """A list or a kind of transaction, with the columns and the range of days chosen."""

    entity: Entity
    columns: tuple[Column, ...]
    start: date | None
    end: date | None
    include_inactive: bool
    options: Mapping[str, Any]  # as they are kept with the exporter
    lines: LineChoice | None = None  # one row per line, instead of one per record
    range: str = ""  # the name of a range of days that moves
    tests: tuple[Test, ...] = ()
    mode: Mode = Mode.REPLACE
    departed: Departed = Departed.MOVE
    added: frozenset[str] = frozenset()  # keys of columns that nobody chose: an update needs them
    order: Order | None = None  # None: as QuickBooks sends them
    ids: tuple[tuple[str, ...], ...] | None = None  # of each of `named`, once they are looked up
    titled: bool = False  # a row above the column titles, which says when the table is late

    @property
    def first(self) -> int | None:
        """How many rows there are at the most: the first in their order."""
        return self.order.most if self.order else None

    @property
    def added_places(self) -> tuple[int, ...]:
        """The columns that an update needs beside those that were chosen, and people do not."""
        return tuple(
            place
            for place, column in enumerate(self.columns)
            if column.key in self.added and column is not DEPARTED
        )

    @property
    def where(self) -> tuple[Condition, ...]:
        """What QuickBooks is asked for."""
        own = conditions(self.entity, self.start, self.end, include_inactive=self.include_inactive)
        return (*own, *filters.asked(self.judged))

    @property
    def local(self) -> tuple[Test, ...]:
        """What is found in its answers."""
        return filters.local(self.judged)

    @property
    def named(self) -> tuple[Test, ...]:
        """The tests that compare names of references."""
        return tuple(test for test in self.tests if test.lists)

    @property
    def judged(self) -> tuple[Test, ...]:
        """By ids, where these are known."""
        if self.ids is None:
            return self.tests
        ids = iter(self.ids)
        return tuple(test.by_ids(next(ids)) if test.lists else test for test in self.tests)

    @property
    def period(self) -> str:
        return _named_period(self.range, period(self.start, self.end))


@dataclass(frozen=True, slots=True)
class ReportChoice:
    """A report with its parameters, as QuickBooks takes them."""

    report: Report
    parameters: Mapping[str, str]
    options: Mapping[str, Any]  # only what was chosen, as it is kept with the exporter
    shape: Shape = field(default_factory=Shape)
    range: str = ""  # the name of a range of days that moves
    narrowed: tuple[tuple[str, Test], ...] = ()  # by parameter: names whose ids it is to take

    @property
    def is_keyed(self) -> bool:
        """Whether its lines and columns keep their places in the sheet from run to run."""
        return self.shape.layout is ReportLayout.PRINTED and not self.report.is_detail

    @property
    def period(self) -> str:
        start, end = (
            parsed(day) if day else None
            for day in map(self.parameters.get, ("start_date", self.report.as_of or "end_date"))
        )
        start = None if self.range == ALL else start
        days = as_of(end) if self.report.as_of and end else period(start, end)
        return _named_period(self.range, days)


Choice = EntityChoice | ReportChoice


def _named_period(range: str, days: str) -> str:
    return ": ".join(part for part in (words(range) if range else "", days) if part)
