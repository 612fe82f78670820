"""What a statement is made from, all of it or a part. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sandbox.intuit.ledger import Posting
from sandbox.intuit.store import Row


@dataclass(frozen=True, slots=True)
class Span:
    """A column: postings from `start` (None: from the beginning) to `end`, of everybody or of one
    customer ("": of none).
    """

    start: date | None
    end: date
    customer: str | None = None

    def holds(self, posting: Posting) -> bool:
        if self.customer is not None and (posting.customer or "") != self.customer:
            return False
        return (self.start is None or self.start <= posting.on) and posting.on <= self.end


@dataclass(frozen=True, slots=True)
class Book:
    """What a statement is made from."""

    accounts: Sequence[Row]
    postings: Sequence[Posting]
    numbered: bool
    retained_earnings: str
    fiscal_month: int


def narrowed(book: Book, customers: Sequence[str]) -> Book:
    """To what was posted for some customers; () for all."""
    if not customers:
        return book
    kept = [posting for posting in book.postings if posting.customer in customers]
    return replace(book, postings=kept)
