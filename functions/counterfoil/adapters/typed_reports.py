"""Reports decoded by msgspec: their cells take a third of the room and of the time.

The table is that of `core.reports.plain_report`, exactly; an answer whose shape is not the
documented one is read the plain way.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from operator import attrgetter
from typing import Any, TypedDict

import msgspec

from counterfoil import collector
from counterfoil.adapters.typed_rows import encoded
from counterfoil.core.errors import IncompleteRead
from counterfoil.core.faults import Body
from counterfoil.core.report_values import Telling
from counterfoil.core.reports import ReportTable, parse, plain_report


class _Cell(msgspec.Struct, gc=False):
    value: str = ""
    id: str = ""
    href: str | None = None


class _Line(TypedDict, total=False):
    ColData: list[_Cell]


class _Rows(TypedDict, total=False):
    Row: list[_Row]


class _Row(TypedDict, total=False):
    group: str
    ColData: list[_Cell]
    Header: _Line
    Rows: _Rows
    Summary: _Line


class _Report(TypedDict):
    Header: dict[str, Any]
    Columns: dict[str, Any]
    Rows: _Rows


_decode = msgspec.json.Decoder(_Report, float_hook=Decimal).decode


def report_table(body: Body, by: str = "") -> ReportTable:
    """The report that an answer holds; `by` what columns were asked for.

    Raises QuickBooksBusy for what is none, ReportTooLarge, IncompleteRead.
    """
    with collector.at_rest():
        # What is said of an answer that is no report depends on all that is in it.
        with suppress(msgspec.DecodeError, IncompleteRead, RecursionError):
            return replace(parse(_decode(body), _TYPED, by), encode=encoded)
        return plain_report(body, by)


def _texts(cells: Sequence[_Cell]) -> list[str]:
    return list(map(attrgetter("value"), cells))


def _ids(cells: Sequence[_Cell]) -> list[str | None]:
    return [cell.id or None for cell in cells]


def _links(cells: Sequence[_Cell]) -> list[str | None]:
    return list(map(attrgetter("href"), cells))


_TYPED = Telling(_texts, _ids, _links, _Cell())
