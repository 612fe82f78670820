"""Periods of a report beside each other, with change and change in percent. Pure.

From one report by month where that says it all, or from one report a period, with one amount a line
or several (debit and credit, ages of what is owed).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from counterfoil.core.compared_days import Span
from counterfoil.core.errors import IncompleteRead
from counterfoil.core.report_columns import ReportColumn
from counterfoil.core.report_join import beside
from counterfoil.core.reports import (
    COMPARED_WITH,
    LineKind,
    ReportLine,
    ReportSection,
    ReportTable,
    Value,
)

Part = ReportSection | ReportLine
CURRENT = "total"  # as the column of a report that is not compared, so that it keeps its place
_BEFORE = "previous-"
_CHANGE = "/change"
_PERCENT = Decimal("0.000001")


def is_of_before(key: str) -> bool:
    """Whether a column's key is that of an earlier period, or of a change since."""
    return _BEFORE in key


def is_change(key: str) -> bool:
    """Whether a column's key is that of a change since an earlier period."""
    return is_of_before(key) and key.endswith(_CHANGE)


def of_now(key: str) -> str:
    """The key of the column of the period asked for beside which a column stands."""
    return key.partition(f"/{_BEFORE}")[0]


def from_months(table: ReportTable, spans: Sequence[Span]) -> ReportTable:
    """From one report with a column a month: amounts of a period add up, a state is its last
    month's. Lines without an amount in any of the periods are left out.

    Raises IncompleteRead where a month is missing.
    """
    places = [_months_of(table, span) for span in spans]

    def amounts(line: ReportLine) -> list[Value]:
        return [_sum([line.values[place] for place in each]) for each in places]

    return _compared(table, _kept(_mapped(table.tree, amounts)), spans, ())


def from_reports(tables: Sequence[ReportTable], spans: Sequence[Span]) -> ReportTable:
    """From one report for each period, the latest first.

    Raises IncompleteRead where they have other columns, or lines that cannot be told apart.
    """
    columns = tables[0].columns[1:]
    keys = [column.key for column in columns]
    for table in tables:
        if not keys or [column.key for column in table.columns[1:]] != keys:
            raise _misfit()
        if table.columns[0].is_amount or not any(it.is_amount for it in table.columns[1:]):
            raise _misfit()
    plain = [replace(table, tree=_mapped(table.tree, _amounts)) for table in tables]
    several = [
        _Own(column, not column.is_amount or _is_text(tables, at))
        for at, column in enumerate(columns, 1)
    ]
    tree = beside(plain, len(columns))
    return _compared(tables[0], tree, spans, several if len(several) > 1 else ())


@dataclass(frozen=True, slots=True)
class _Own:
    """One of several columns; what is a text in it, a stock number, is shown but not compared."""

    column: ReportColumn
    is_text: bool


def _is_text(tables: Sequence[ReportTable], place: int) -> bool:
    return any(
        isinstance(line.values[place], str)
        for table in tables
        for line in table.lines
        if line.kind is LineKind.DATA
    )


def _amounts(line: ReportLine) -> Sequence[Value]:
    return line.values[1:]


def _compared(
    table: ReportTable,
    tree: Sequence[Part],
    spans: Sequence[Span],
    several: Sequence[_Own],
) -> ReportTable:
    """With the changes; `tree` has the amounts of each span, one or those of `several` columns."""
    wide = len(several) or 1

    def amounts(line: ReportLine) -> list[Value]:
        found: list[Value] = []
        for at in range(wide):
            now, *before = line.values[1 + at :: wide]
            if several and several[at].is_text:
                found.append(_text_of(several[at].column, now, before))
                continue
            found.append(now)
            for value in before:
                found += [value, _change(now, value), _percent(now, value)]
        return found

    first, last = spans[0], spans[1:]
    header = {
        **table.header,
        **({"StartPeriod": first.start.isoformat()} if first.start else {}),
        **({"EndPeriod": first.end.isoformat()} if "EndPeriod" in table.header else {}),
        COMPARED_WITH: ", ".join(span.title for span in last),
    }
    return replace(
        table,
        header=header,
        columns=(table.columns[0], *_all_columns(spans, several)),
        tree=_mapped(tree, amounts),
    )


def _text_of(column: ReportColumn, now: Value, before: Sequence[Value]) -> Value:
    """A share is that of the period asked for; a stock number is whatever period has its line."""
    if column.is_amount:
        return now
    return next((value for value in (now, *before) if isinstance(value, str)), None)


def _all_columns(spans: Sequence[Span], several: Sequence[_Own]) -> list[ReportColumn]:
    """Of several amounts a line each beside its own earlier ones."""
    found = _columns(spans)
    return [
        replace(
            column,
            key=own.column.key if column.key == CURRENT else f"{own.column.key}/{column.key}",
            title=f"{own.column.title}: {column.title}",
            is_amount=own.column.is_amount and column.is_amount,
            is_quantity=own.column.is_quantity and column.is_amount,
            is_added=own.column.is_added and column.is_amount,
        )
        for own in several
        for column in (found[:1] if own.is_text else found)
    ] or found


def _columns(spans: Sequence[Span]) -> list[ReportColumn]:
    """Keys do not name days: what is "previous" today is so next month."""
    found = [_amount(CURRENT, spans[0].title, spans[0])]
    for back, span in enumerate(spans[1:], 1):
        key = f"{_BEFORE}{back}"
        percent = ReportColumn(f"{key}/percent", "Change %", "Percent", (), is_percent=True)
        change = _amount(key + _CHANGE, f"Change from {span.title}", None)
        found += [_amount(key, span.title, span), change, percent]
    return found


def _amount(key: str, title: str, span: Span | None) -> ReportColumn:
    days = (span.start, span.end) if span else (None, None)
    return ReportColumn(key, title, "Money", (), is_amount=True, start=days[0], end=days[1])


def _months_of(table: ReportTable, span: Span) -> list[int]:
    """The places of a period's months, or of the one at whose end a state is."""
    found = [
        place
        for place, column in enumerate(table.columns)
        if column.start is not None
        and column.end is not None
        and (
            column.end == span.end
            if span.start is None
            else span.start <= column.start and column.end <= span.end
        )
    ]
    months = 1
    if span.start is not None:
        months += (span.end.year - span.start.year) * 12 + span.end.month - span.start.month
    if len(found) != months or not span.is_months:
        raise _misfit()
    return found


def _mapped(
    parts: Sequence[Part], amounts: Callable[[ReportLine], Sequence[Value]]
) -> tuple[Part, ...]:
    """The same lines with other amounts behind their names."""

    def line(each: ReportLine) -> ReportLine:
        found = amounts(each)
        blank = (None,) * len(found)
        return each._replace(
            values=(each.label or None, *found),
            texts=(each.label, *("" if value is None else str(value) for value in found)),
            ids=(each.ids[0] if each.ids else None, *blank),
            links=(None, *blank),
            extra=(),
        )

    return tuple(
        line(part)
        if isinstance(part, ReportLine)
        else replace(
            part,
            head=line(part.head) if part.head else None,
            inside=_mapped(part.inside, amounts),
            total=line(part.total) if part.total else None,
        )
        for part in parts
    )


def _kept(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Without accounts in which nothing happened in any of the periods."""
    kept: list[Part] = []
    for part in parts:
        if isinstance(part, ReportLine):
            if part.kind is LineKind.TOTAL or _says_something(part):
                kept.append(part)
            continue
        section = replace(part, inside=_kept(part.inside))
        lines = list(section.lines())
        if part.group or any(_says_something(line) for line in lines):
            kept.append(section)
    return tuple(kept)


def _says_something(line: ReportLine) -> bool:
    return any(value is not None and value != 0 for value in line.values[1:])


def _sum(values: Sequence[Value]) -> Value:
    amounts = [value for value in values if isinstance(value, Decimal)]
    if len(amounts) < sum(value is not None for value in values):
        return None  # the name of a head, among its amounts
    return sum(amounts, Decimal(0)) if amounts else None


def _change(now: Value, before: Value) -> Value:
    if now is None and before is None:
        return None
    one, other = (Decimal(0) if value is None else value for value in (now, before))
    if not isinstance(one, Decimal) or not isinstance(other, Decimal):
        return None
    return one - other


def _percent(now: Value, before: Value) -> Value:
    """Of what was before, whatever its sign; nothing where that is 0."""
    change = _change(now, before)
    if not isinstance(change, Decimal) or not isinstance(before, Decimal) or not before:
        return None
    return (change / abs(before)).quantize(_PERCENT)


def _misfit() -> IncompleteRead:
    return IncompleteRead(
        "QuickBooks' answers for these periods do not fit beside each other. Nothing was written. "
        "Compare other dates, or export the report without a comparison."
    )
