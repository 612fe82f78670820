"""What an operation that lives in a file of its own can ask of the writer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterfoil.adapters.sheet_book import Book
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.core.canonical import Cell

Cells = list[list[Cell]]


@dataclass(frozen=True, slots=True)
class Hands:
    """`entered` and `plain` read cells, formulas as texts or as their values; `look` asks for those
    fields of the spreadsheet."""

    send: Callable[[Book], None]
    pour: Callable[[Book, int, Iterable[Json]], None]
    entered: Callable[[Rect], Cells]
    plain: Callable[[Rect], Cells]
    formats: Callable[[Sequence[Rect]], list[list[Json]]]
    notes: Callable[[Sequence[Rect]], list[list[str]]]
    laid_out: Callable[[Book, int, Mapping[str, Any], str], Json]
    commit: Callable[[Book, int, Mapping[str, Any]], None]
    look: Callable[[str], Json]
