"""What was chosen for an export, checked against the catalog before anything else happens."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from counterfoil.catalog.options import (
    chosen_columns,
    chosen_dates,
    columns_of,
)
from counterfoil.catalog.parameters import chosen_parameters, sent_parameters
from counterfoil.catalog.shown_names import DEPARTED, completed
from counterfoil.core import filters
from counterfoil.core.datasets import Column, Entity, Headers, LineChoice, Report
from counterfoil.core.dates import as_of, parsed, period
from counterfoil.core.errors import BadRequest, Forbidden
from counterfoil.core.filters import Test
from counterfoil.core.occasions import Occasion
from counterfoil.core.order import Order
from counterfoil.core.people import Role
from counterfoil.core.query import Condition, conditions
from counterfoil.core.report_rows import ReportLayout
from counterfoil.flows.all_dates import ALL
from counterfoil.flows.consolidating import BASIS as ONE_BASIS
from counterfoil.flows.consolidating import OPTION
from counterfoil.flows.day_columns import check_days
from counterfoil.flows.filtering import chosen_filters, narrowing
from counterfoil.flows.line_options import OF_LINES, chosen_lines, kept_lines
from counterfoil.flows.moving import BASIS, Moving, moving, settled, unsettled, words
from counterfoil.flows.option_values import (
    column_keys,
    day_text,
    detail,
    flag,
    mapping,
    named,
    one_of,
)
from counterfoil.flows.ordering import chosen_order
from counterfoil.flows.report_options import REPORT_OPTIONS, Shape, refuse, shape_of

_OPTIONS = frozenset(
    (
        *("columns", "from", "to", "include_inactive", "parameters", *REPORT_OPTIONS),
        *("rows", "sensitive", *OF_LINES),
        *("dates", "cells", "filters", "mode", "departed", "sort", "first", "title_row"),
    )
)


KEY_COLUMN, LINE_KEY_COLUMN = "id", "row_id"
_UTC = ZoneInfo("UTC")


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
_Found = TypeVar("_Found", EntityChoice, ReportChoice)


def chosen(
    dataset: Entity | Report, options: Mapping[str, Any], occasion: Occasion | None = None
) -> Choice:
    """What is exported on this occasion, which only fixed choices can do without; its options
    are those that an exporter keeps: names and cells, not what they mean today.

    Raises BadRequest that names what is wrong.
    """
    move = moving(dataset, options)
    if move and occasion is None:
        raise ValueError("dates that move mean nothing without an occasion")
    fixed = {**(settled(dataset, options, move, occasion) if move and occasion else options)}
    if isinstance(dataset, Report):
        return _narrowed(dataset, fixed, move, options, occasion)
    tests, filtered = chosen_filters(dataset, options.get("filters"), occasion)
    found = _moved(_entity(dataset, fixed), move, options)
    kept = {**found.options, **({"filters": filtered} if filtered else {})}
    return replace(found, options=kept, tests=tests)


def _narrowed(
    report: Report,
    fixed: Mapping[str, Any],
    move: Moving,
    options: Mapping[str, Any],
    occasion: Occasion | None,
) -> ReportChoice:
    by_name, ids, filtered = narrowing(report, options.get("filters"), occasion)
    taken = {key: key for key, _ in by_name} | ids
    own = {key: value for key, value in fixed.items() if key != "filters"}
    month = occasion.fiscal_month if occasion else 1
    found = _moved(_report(report, own, taken, month), move, options)
    kept = {**found.options, **({"filters": filtered} if filtered else {})}
    parameters = {**found.parameters, **ids}
    return replace(found, options=kept, parameters=parameters, narrowed=by_name)


def _moved(found: _Found, move: Moving, options: Mapping[str, Any]) -> _Found:
    dataset = found.entity if isinstance(found, EntityChoice) else found.report
    kept = unsettled(dataset, found.options, move, options)
    return replace(found, options=kept, range=move.range)


def checked(dataset: Entity | Report, options: Mapping[str, Any], day: date) -> Choice:
    """What may be kept, without a run: days and values are only examples.

    Raises BadRequest that names what is wrong.
    """
    return chosen(dataset, options, Occasion(day, _UTC))


def allowed(choice: Choice, role: Role) -> None:
    """Raises Forbidden where only an owner of the connection may choose so."""
    if role is Role.OWNER or not isinstance(choice, EntityChoice):
        return
    for column in choice.columns:
        if column.sensitive:
            raise Forbidden(
                f'Only an owner of this company may export "{column.title}". Leave the column '
                "out, or ask an owner."
            )


def _named_period(range: str, days: str) -> str:
    return ": ".join(part for part in (words(range) if range else "", days) if part)


def _entity(entity: Entity, options: Mapping[str, Any]) -> EntityChoice:
    _known(options)
    if mapping(options, "parameters"):
        raise BadRequest(f"{entity.title} take no parameters of a report. Leave them out.")
    refuse(options, entity.title)
    lines = chosen_lines(options)
    keys = column_keys(options)
    if keys is not None:
        names = {column.key for column in columns_of(entity, lines)}
        for key in keys:
            if key not in names and not key.startswith(("custom_", "line_custom_")):
                raise BadRequest(f"{entity.title} have no column {named(key)}.", **detail(key))
    columns = chosen_columns(entity, keys, lines)
    mode = one_of(options, "mode", Mode, Mode.REPLACE)
    departed = _departed(options, mode)
    chosen = {column.key for column in columns}
    if mode is not Mode.REPLACE:
        key_column(columns, lines)
        every, marked = columns_of(entity, lines), departed is not Departed.MOVE
        columns = completed(entity, columns, every, lines, marked=marked)
    order, ordered = chosen_order(columns, options, mode is not Mode.REPLACE)
    if order and lines and lines.headers is Headers.ONCE:
        raise BadRequest(
            "Sorted rows come apart from the first line of their transaction. Choose that what a "
            "transaction has once stands beside each line, or leave out the order.",
            option="headers",
        )
    start, end = chosen_dates(entity, day_text(options, "from"), day_text(options, "to"))
    inactive = flag(options, "include_inactive")
    sensitive, titled = flag(options, "sensitive"), flag(options, "title_row")
    if not sensitive:
        _without_secrets(columns)
    return EntityChoice(
        entity,
        columns,
        start,
        end,
        inactive,
        {
            "columns": keys,
            "from": start.isoformat() if start else None,
            "to": end.isoformat() if end else None,
            "include_inactive": inactive,
            **kept_lines(lines),
            **({"sensitive": True} if sensitive else {}),
            **({"title_row": True} if titled else {}),
            **({"mode": mode.value} if mode is not Mode.REPLACE else {}),
            **({"departed": departed.value} if departed is not Departed.MOVE else {}),
            **ordered,
        },
        lines,
        mode=mode,
        departed=departed,
        order=order,
        titled=titled,
        added=frozenset(column.key for column in columns) - chosen,
    )


def _departed(options: Mapping[str, Any], mode: Mode) -> Departed:
    found = one_of(options, "departed", Departed, Departed.MOVE)
    if found is not Departed.MOVE and mode is not Mode.UPDATE:
        raise BadRequest(
            "Only an update lets rows go one by one. Leave out what becomes of them.",
            option="departed",
        )
    return found


def key_column(columns: tuple[Column, ...], lines: LineChoice | None) -> int:
    """The place of the column that an update knows rows by.

    Raises BadRequest where there is none.
    """
    wanted = KEY_COLUMN if lines is None else LINE_KEY_COLUMN
    for place, column in enumerate(columns):
        if column.key == wanted:
            return place
    title = "Id" if lines is None else "Row Id"
    raise BadRequest(
        f'An update knows rows by the column "{title}". There is none here: replace all rows.',
        option="mode",
    )


def _without_secrets(columns: tuple[Column, ...]) -> None:
    for column in columns:
        if column.sensitive:
            raise BadRequest(
                f'"{column.title}" is not for everybody: whoever can open this spreadsheet will '
                "see it. Say that this is what you want, or leave the column out.",
                column=column.key,
            )


def _report(
    report: Report, options: Mapping[str, Any], filters: Mapping[str, str], fiscal_month: int
) -> ReportChoice:
    _known(options)
    for name in (
        *("columns", "from", "to", "rows", "departed", "sort", "first"),
        *OF_LINES,
    ):
        if options.get(name):
            raise BadRequest(
                f'A report has no "{name}" of its own: choose its parameters instead.', option=name
            )
    given = mapping(options, "parameters")
    names = {parameter.key for parameter in report.parameters}
    for key, value in given.items():
        if key not in names:
            raise BadRequest(f"{report.title} has no parameter {named(key)}.", **detail(key))
        if value is not None and not isinstance(value, str):
            raise BadRequest(f"The parameter {named(key)} must be a text.", **detail(key))
    if twice := [key for key in filters if given.get(key)]:
        raise BadRequest(
            f"{report.title} is narrowed by {named(twice[0])} twice: as a parameter and by a "
            "filter. Leave one of them out.",
            option="filters",
        )
    if options.get(OPTION) is not None and BASIS in names:
        given = {**given, BASIS: given.get(BASIS) or ONE_BASIS}
    parameters = chosen_parameters(report, given, elsewhere=filters.keys())
    shape = shape_of(report, options, {**parameters, **filters})
    kept = {"parameters": parameters, **shape.kept}
    sent = sent_parameters(report, parameters, fiscal_month)
    check_days(report, sent)
    return ReportChoice(report, sent, kept, shape)


def _known(options: Mapping[str, Any]) -> None:
    for key in options:
        if key not in _OPTIONS:
            raise BadRequest(f"There is no option {named(key)}.", **detail(key))
