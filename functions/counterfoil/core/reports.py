"""QuickBooks' reports, read into a table of lines without losing anything. Pure.

Read by keys, groups and ids, never by titles, column types or order: those change between
companies, languages and versions of the service.
https://developer.intuit.com/app/developer/qbo/docs/develop/explore-the-quickbooks-online-api/reports
"""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from counterfoil.core import faults
from counterfoil.core.canonical import Cell, canonical
from counterfoil.core.errors import IncompleteRead
from counterfoil.core.faults import Body
from counterfoil.core.order_columns import told_by_order
from counterfoil.core.report_columns import ReportColumn as ReportColumn
from counterfoil.core.report_columns import columns_of
from counterfoil.core.report_values import (
    PLAIN,
    Cells,
    Telling,
    day_of,
    said,
    says_too_large,
    too_large,
)
from counterfoil.core.report_values import Value as Value

# In a header of ours: what a report is compared with, in words.
COMPARED_WITH = "ComparedWith"
# And at which rates amounts were translated.
TRANSLATED_AT = "TranslatedAt"


class LineKind(enum.StrEnum):
    SECTION = "section"
    DATA = "data"
    TOTAL = "total"


class ReportLine(NamedTuple):
    """One line of the report: a section's head, a row of data, or a total. A tuple, since a
    frozen dataclass takes ten times as long to make.

    `key` names the line from run to run: groups and account ids from the top down. `texts`,
    `ids` and `links` hold, for each column, what was sent; `values` what it means. `extra` is
    what stood in front of the columns, where a line has more cells than there are columns.
    """

    key: str
    kind: LineKind
    depth: int
    group: str | None
    values: tuple[Value, ...]
    texts: tuple[str, ...]
    ids: tuple[str | None, ...]
    links: tuple[str | None, ...]
    extra: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return self.extra[0] if self.extra else self.texts[0] if self.texts else ""


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A part of the report with a head, lines and sections inside, and a total; each optional."""

    key: str
    group: str | None
    head: ReportLine | None
    inside: tuple[ReportSection | ReportLine, ...]
    total: ReportLine | None

    def lines(self) -> Iterator[ReportLine]:
        if self.head is not None:
            yield self.head
        yield from flat(self.inside)
        if self.total is not None:
            yield self.total


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A whole report. `header` and `options` hold what QuickBooks said about it, as texts."""

    name: str
    header: Mapping[str, str]
    options: tuple[tuple[str, str], ...]
    columns: tuple[ReportColumn, ...]
    tree: tuple[ReportSection | ReportLine, ...]
    # The text of rows made of it, which have one length.
    encode: Callable[[Sequence[Sequence[Cell]]], str] = field(default=canonical, compare=False)

    @property
    def lines(self) -> tuple[ReportLine, ...]:
        """Every line, in QuickBooks' order."""
        return tuple(flat(self.tree))

    @property
    def basis(self) -> str:
        """ "Accrual" or "Cash"; "" where the report does not say."""
        return self.header.get("ReportBasis", "")

    @property
    def currency(self) -> str:
        return self.header.get("Currency", "")

    @property
    def start(self) -> date | None:
        """The first day covered; where only the columns say, that of the earliest."""
        return day_of(self.header.get("StartPeriod")) or min(
            (column.start for column in self.columns if column.start), default=None
        )

    @property
    def end(self) -> date | None:
        return day_of(self.header.get("EndPeriod")) or max(
            (column.end for column in self.columns if column.end), default=None
        )


def flat(parts: Sequence[ReportSection | ReportLine]) -> Iterator[ReportLine]:
    """The lines of a tree from top to bottom."""
    for part in parts:
        if isinstance(part, ReportLine):
            yield part
        else:
            yield from part.lines()


def plain_report(body: Body, by: str = "") -> ReportTable:
    """The report that an answer holds; `by` is that of `parse`.

    Raises QuickBooksBusy for what is none, and as `parse`.
    """
    try:
        answer = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise faults.unreadable(200) from error
    if not isinstance(answer, dict):
        raise faults.unreadable(200)
    return parse(answer, by=by)


def parse(report: Mapping[str, Any], telling: Telling = PLAIN, by: str = "") -> ReportTable:
    """The report as a table; `telling` is how its cells do, where they were decoded otherwise, `by`
    what columns were asked for, where its header does not say.

    Raises ReportTooLarge when it says that it cannot show all, IncompleteRead when it is not
    shaped like a report.
    """
    try:
        header = report["Header"]
        if says_too_large(header):
            raise too_large()
        told = header.get("SummarizeColumnsBy")
        columns = columns_of(report["Columns"], summary=told is not None, by=str(told or by))
        if not columns:
            raise KeyError("Column")
        columns = told_by_order(str(header.get("ReportName", "")), columns)
        options = tuple(
            (str(option["Name"]), str(option.get("Value", "")))
            for option in header.get("Option") or ()
        )
        tree = _Reading(columns, telling).tree(report["Rows"])
        texts = {name: value for name, value in header.items() if isinstance(value, str)}
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        if not isinstance(error, RecursionError) and says_too_large(report):
            raise too_large() from error
        raise IncompleteRead(
            "QuickBooks' answer is not a report that we can read. Please try again."
        ) from error
    return ReportTable(texts.get("ReportName", ""), texts, options, columns, tree)


class _Section(NamedTuple):
    """A section whose lines are numbers: the places of what is read all at once."""

    key: str
    group: str | None
    head: int | None
    inside: list[_Section | int]
    total: int | None


class _Reading:
    """One pass over a report's rows; remembers the keys given out, to number duplicates."""

    def __init__(self, columns: Sequence[ReportColumn], telling: Telling) -> None:
        self._columns = columns
        self._telling = telling
        self._given: dict[str, int] = {}
        # Of the lines, in the order in which they were met.
        self._facts: list[tuple[str, LineKind, int, str | None]] = []
        self._cells: list[Cells] = []
        self._extra: dict[int, tuple[str, ...]] = {}

    def tree(self, rows: Mapping[str, Any] | None) -> tuple[ReportSection | ReportLine, ...]:
        parts = self._parts(rows, "", 0)
        told = said(self._cells, self._columns, self._telling)
        lines = [ReportLine(*facts, *own) for facts, own in zip(self._facts, told, strict=True)]
        for place, extra in self._extra.items():
            lines[place] = lines[place]._replace(extra=extra)
        return _built(parts, lines)

    def _parts(
        self, rows: Mapping[str, Any] | None, above: str, depth: int
    ) -> list[_Section | int]:
        # An empty report or section has {} here, or nothing at all.
        return [self._part(row, above, depth) for row in (rows or {}).get("Row") or ()]

    def _part(self, row: Mapping[str, Any], above: str, depth: int) -> _Section | int:
        # By what is there: rows of data can lack their "type".
        group = row.get("group")
        if _OF_SECTIONS.isdisjoint(row):
            cells = row["ColData"]
            kind = LineKind.TOTAL if group == "GrandTotal" else LineKind.DATA
            return self._line(self._key(above, group, cells), kind, depth, group, cells)

        head, total = _cells(row.get("Header")) or row.get("ColData"), _cells(row.get("Summary"))
        key = self._key(above, group, head or total or ())
        return _Section(
            key=key,
            group=group,
            head=self._line(key, LineKind.SECTION, depth, group, head) if head else None,
            inside=self._parts(row.get("Rows"), key, depth + 1 if head else depth),
            total=(
                self._line(f"{key}:total", LineKind.TOTAL, depth, group, total) if total else None
            ),
        )

    def _key(self, above: str, group: str | None, cells: Cells) -> str:
        # The label is the last resort, for a line that has neither a group nor an id.
        name = group or next(filter(None, self._telling.ids(cells)), None)
        if name is None:
            label = self._telling.texts(cells[:1])
            name = f"~{label[0].strip().casefold() if label else ''}"
        key = f"{above}/{name}" if above else name
        given = self._given
        if key not in given:
            given[key] = 1
            return key
        given[key] += 1
        return f"{key}#{given[key]}"

    def _line(self, key: str, kind: LineKind, depth: int, group: str | None, cells: Cells) -> int:
        place, wide = len(self._facts), len(self._columns)
        self._facts.append((key, kind, depth, group))
        if len(cells) != wide:
            # Totals can have one more cell than there are columns, their label, in front.
            surplus = max(0, len(cells) - wide)
            if surplus:
                self._extra[place] = tuple(self._telling.texts(cells[:surplus]))
            cells = [*cells[surplus:], *[self._telling.nothing] * (wide - len(cells))]
        self._cells.append(cells)
        return place


def _built(
    parts: Sequence[_Section | int], lines: Sequence[ReportLine]
) -> tuple[ReportSection | ReportLine, ...]:
    return tuple(
        lines[part]
        if isinstance(part, int)
        else ReportSection(
            key=part.key,
            group=part.group,
            head=None if part.head is None else lines[part.head],
            inside=_built(part.inside, lines),
            total=None if part.total is None else lines[part.total],
        )
        for part in parts
    )


_OF_SECTIONS = frozenset(("Header", "Rows", "Summary"))


def _cells(line: Mapping[str, Any] | None) -> Cells:
    return (line or {}).get("ColData") or ()
