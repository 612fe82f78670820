"""What was chosen for an export, checked against the catalog before anything else happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from counterfoil.catalog.options import (
    chosen_columns,
    chosen_dates,
    columns_of,
)
from counterfoil.catalog.parameters import chosen_parameters, sent_parameters
from counterfoil.catalog.shown_names import completed
from counterfoil.core.datasets import Column, Entity, Headers, LineChoice, Report
from counterfoil.core.errors import BadRequest, Forbidden
from counterfoil.core.occasions import Occasion
from counterfoil.core.people import Role
from counterfoil.flows.chosen import Choice, Departed, EntityChoice, Mode, ReportChoice
from counterfoil.flows.consolidating import BASIS as ONE_BASIS
from counterfoil.flows.consolidating import OPTION
from counterfoil.flows.day_columns import check_days
from counterfoil.flows.filtering import chosen_filters, narrowing
from counterfoil.flows.line_options import OF_LINES, chosen_lines, kept_lines
from counterfoil.flows.moving import BASIS, Moving, moving, settled, unsettled
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
from counterfoil.flows.ranges import blaming
from counterfoil.flows.report_options import REPORT_OPTIONS, refuse, shape_of

_OPTIONS = frozenset(
    (
        *("columns", "from", "to", "include_inactive", "parameters", *REPORT_OPTIONS),
        *("rows", "sensitive", *OF_LINES),
        *("dates", "cells", "filters", "mode", "departed", "sort", "first", "title_row"),
    )
)


KEY_COLUMN, LINE_KEY_COLUMN = "id", "row_id"
_UTC = ZoneInfo("UTC")


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
    if occasion is None or occasion.cells is not None or move.day_cell is None:
        with blaming(move.day_cell):
            check_days(report, found.parameters)
    parameters = {**found.parameters, **ids}
    return replace(found, options=kept, parameters=parameters, narrowed=by_name)


def _moved(found: _Found, move: Moving, options: Mapping[str, Any]) -> _Found:
    dataset = found.entity if isinstance(found, EntityChoice) else found.report
    kept = unsettled(dataset, found.options, move, options)
    return replace(found, options=kept, range=move.range)


def checked(
    dataset: Entity | Report, options: Mapping[str, Any], day: date, example: date | None = None
) -> Choice:
    """What may be kept, without a run: days and values are only examples, and `example` is the day
    in every cell, if it is to be another one than `day`.

    Raises BadRequest that names what is wrong.
    """
    return chosen(dataset, options, Occasion(day, _UTC, example=example))


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
    return ReportChoice(report, sent, kept, shape)


def _known(options: Mapping[str, Any]) -> None:
    for key in options:
        if key not in _OPTIONS:
            raise BadRequest(f"There is no option {named(key)}.", **detail(key))
