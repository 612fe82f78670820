"""What a report is made from, and what is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandbox.intuit.book import Book
from sandbox.intuit.ledger import Chart
from sandbox.intuit.store import Row, Store


@dataclass(frozen=True, slots=True)
class Books:
    """A company's rows; `book` gives the postings of a basis."""

    store: Store
    chart: Chart
    book: Callable[[str], Book]
    currency: str
    country: str = "US"


@dataclass(frozen=True, slots=True)
class Made:
    """A report but for its header: its columns, its rows, and what the header's options say."""

    columns: Sequence[Row]
    rows: Sequence[Row]
    filled: bool
    options: Sequence[Row] = ()
