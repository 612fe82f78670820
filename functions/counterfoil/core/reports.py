"""QuickBooks' reports, read into a table of lines without losing anything. Pure.

Read by keys, groups and ids, never by titles, column types or order: those change between
companies, languages and versions of the service.
https://developer.intuit.com/app/developer/qbo/docs/develop/explore-the-quickbooks-online-api/reports
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from counterfoil.core.errors import IncompleteRead, ReportTooLarge
from counterfoil.core.report_columns import ReportColumn as ReportColumn
from counterfoil.core.report_columns import columns_of

Value = Decimal | date | str | None
"""An amount, a day, a text; None where QuickBooks shows nothing."""

# What a report of more than 400,000 cells says instead of its data, with HTTP 200.
TOO_LARGE = "unable to display more data"

# An amount as reports write it: ".00", "-1234.5". A leading zero makes a text ("0012").
_PLAIN = re.compile(r"-?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


# In a header of ours: what a report is compared with, in words.
COMPARED_WITH = "ComparedWith"
# And at which rates amounts were translated.
TRANSLATED_AT = "TranslatedAt"


class LineKind(enum.StrEnum):
    SECTION = "section"
    DATA = "data"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of the report: a section's head, a row of data, or a total.

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
        return _day(self.header.get("StartPeriod")) or min(
            (column.start for column in self.columns if column.start), default=None
        )

    @property
    def end(self) -> date | None:
        return _day(self.header.get("EndPeriod")) or max(
            (column.end for column in self.columns if column.end), default=None
        )


def flat(parts: Sequence[ReportSection | ReportLine]) -> Iterator[ReportLine]:
    """The lines of a tree from top to bottom."""
    for part in parts:
        if isinstance(part, ReportLine):
            yield part
        else:
            yield from part.lines()


def parse(report: Mapping[str, Any]) -> ReportTable:
    """The report as a table.

    Raises ReportTooLarge when it says that it cannot show all, IncompleteRead when it is not
    shaped like a report.
    """
    try:
        header = report["Header"]
        if _says_too_large(header):
            raise _too_large()
        columns = columns_of(report["Columns"], summary="SummarizeColumnsBy" in header)
        if not columns:
            raise KeyError("Column")
        options = tuple(
            (str(option["Name"]), str(option.get("Value", "")))
            for option in header.get("Option") or ()
        )
        tree = _Reading(columns).parts(report["Rows"], "", 0)
        texts = {name: value for name, value in header.items() if isinstance(value, str)}
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        if not isinstance(error, RecursionError) and _says_too_large(report):
            raise _too_large() from error
        raise IncompleteRead(
            "QuickBooks' answer is not a report that we can read. Please try again."
        ) from error
    return ReportTable(texts.get("ReportName", ""), texts, options, columns, tree)


class _Reading:
    """One pass over a report's rows; remembers the keys given out, to number duplicates."""

    def __init__(self, columns: Sequence[ReportColumn]) -> None:
        # Of columns that are no words; a ledger has hundreds of thousands of cells.
        self._meanings = [
            (place, _amount if column.is_amount else _day_of)
            for place, column in enumerate(columns)
            if column.is_amount or column.is_date
        ]
        self._blank: tuple[None, ...] = (None,) * len(columns)
        self._given: dict[str, int] = {}

    def parts(
        self, rows: Mapping[str, Any] | None, above: str, depth: int
    ) -> tuple[ReportSection | ReportLine, ...]:
        # An empty report or section has {} here, or nothing at all.
        return tuple(self._part(row, above, depth) for row in (rows or {}).get("Row") or ())

    def _part(self, row: Mapping[str, Any], above: str, depth: int) -> ReportSection | ReportLine:
        # By what is there: rows of data can lack their "type".
        group = row.get("group")
        if not row.keys() & {"Header", "Rows", "Summary"}:
            cells = row["ColData"]
            key = self._key(above, group, cells)
            kind = LineKind.TOTAL if group == "GrandTotal" else LineKind.DATA
            return self._line(key, kind, depth, group, cells)

        head, total = _cells(row.get("Header")) or row.get("ColData"), _cells(row.get("Summary"))
        key = self._key(above, group, head or total or ())
        return ReportSection(
            key=key,
            group=group,
            head=self._line(key, LineKind.SECTION, depth, group, head) if head else None,
            inside=self.parts(row.get("Rows"), key, depth + 1 if head else depth),
            total=(
                self._line(f"{key}:total", LineKind.TOTAL, depth, group, total) if total else None
            ),
        )

    def _key(self, above: str, group: str | None, cells: Sequence[Mapping[str, Any]]) -> str:
        # The label is the last resort, for a line that has neither a group nor an id.
        name = group or _first_id(cells)
        if name is None:
            label = str(cells[0].get("value", "")) if cells else ""
            name = f"~{label.strip().casefold()}"
        key = f"{above}/{name}" if above else name
        given = self._given
        if key not in given:
            given[key] = 1
            return key
        given[key] += 1
        return f"{key}#{given[key]}"

    def _line(
        self,
        key: str,
        kind: LineKind,
        depth: int,
        group: str | None,
        cells: Sequence[Mapping[str, Any]],
    ) -> ReportLine:
        wide = len(self._blank)
        # Totals can have one more cell than there are columns, their label, in front.
        surplus = max(0, len(cells) - wide)
        own = cells[surplus:] if surplus else cells
        if len(own) < wide:
            own = [*own, *[{}] * (wide - len(own))]
        texts: list[Any] = [cell.get("value") for cell in own]
        if not _ALL_TEXT.issuperset(map(type, texts)):
            texts = list(map(_text, own))
        # All cells at once before each of them: a ledger has hundreds of thousands.
        if TOO_LARGE in "".join(texts).casefold() and any(map(_says_too_large, texts)):
            raise _too_large()
        values: list[Value] = [text or None for text in texts]  # as most columns have it
        if any(map(str.isspace, texts)):
            values = [None if text.isspace() else text or None for text in texts]
        for place, means in self._meanings:
            values[place] = means(texts[place])
        ids, links = self._beside(own)
        return ReportLine(
            key=key,
            kind=kind,
            depth=depth,
            group=group,
            values=tuple(values),
            texts=tuple(texts),
            ids=ids,
            links=links,
            extra=tuple(map(_text, cells[:surplus])) if surplus else (),
        )

    def _beside(
        self, cells: Sequence[Mapping[str, Any]]
    ) -> tuple[tuple[str | None, ...], tuple[str | None, ...]]:
        """What each cell says beside its value: its id, of which "" is none, and its link."""
        # Most cells say nothing but their value.
        more = [(at, cell) for at, cell in enumerate(cells) if len(cell) > 1 or "value" not in cell]
        if not more:
            return self._blank, self._blank
        ids: list[str | None] = [None] * len(cells)
        links: list[str | None] = [None] * len(cells)
        for at, cell in more:
            if id := cell.get("id"):
                ids[at] = str(id)
            if (link := cell.get("href")) is not None:
                links[at] = str(link)
        return tuple(ids), tuple(links)


# Of a cell's value, as QuickBooks sends it.
_ALL_TEXT = frozenset((str,))


def _first_id(cells: Sequence[Mapping[str, Any]]) -> str | None:
    for cell in cells:
        if id := cell.get("id"):
            return str(id)
    return None


def _cells(line: Mapping[str, Any] | None) -> Sequence[Mapping[str, Any]]:
    return (line or {}).get("ColData") or ()


def _text(cell: Mapping[str, Any]) -> str:
    value = cell.get("value")
    return value if isinstance(value, str) else "" if value is None else str(value)


def _amount(text: str) -> Value:
    shown = text.strip()
    if not shown:
        return None
    return Decimal(shown) if _PLAIN.fullmatch(shown) else text


@lru_cache(maxsize=8192)  # the same days come back in line after line
def _day_of(text: str) -> Value:
    shown = text.strip()
    return (_day(shown) or text) if shown else None


def _day(text: str | None) -> date | None:
    if text is None or not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _too_large() -> ReportTooLarge:
    return ReportTooLarge(
        "QuickBooks cannot show a report this large. Choose a shorter range of dates, or fewer "
        "columns."
    )


def _says_too_large(held: object) -> bool:
    if isinstance(held, str):
        return held.lstrip().casefold().startswith(TOO_LARGE)
    if isinstance(held, Mapping):
        return any(map(_says_too_large, held.values()))
    return isinstance(held, list) and any(map(_says_too_large, held))
