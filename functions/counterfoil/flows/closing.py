"""The end of a reading: has anything moved while it was read, and from where is it to be read
again? What is in the table is always QuickBooks' own answer to a query; nothing is put together
from pieces.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from counterfoil.core import query
from counterfoil.core.bookmarks import Bookmark, Bookmarks
from counterfoil.core.changes import (
    MARGIN,
    WITHOUT_CDC,
    Change,
    Changes,
    asked_since,
    may_match,
    parse_changes,
)
from counterfoil.core.errors import IncompleteRead, QuickBooksBusy, QuickBooksRejected
from counterfoil.core.pages import count_of
from counterfoil.core.query import Condition, Op
from counterfoil.core.seen import SeenIds
from counterfoil.flows.chosen import EntityChoice
from counterfoil.flows.ports import Company

# A company in which people work is overtaken once or twice, and each time there is less to read
# again. Where that does not end, waiting for a quieter hour is better than calls without end.
MOST_READINGS = 6

# Edits that come in a flood are given time to end.
SETTLE_S = MARGIN.total_seconds() + 1

# How QuickBooks may say that CDC does not know an entity; anything else concerns its rows too.
NOT_CAPTURED = frozenset({"500", "2010", "2170", "4001"})


@dataclass(frozen=True, slots=True)
class Back:
    """Read again: behind `bookmark`, or from the beginning where that is None, after `wait_s`."""

    bookmark: Bookmark | None
    wait_s: float = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """The answer to what changed, and how long it took."""

    body: bytes
    took_s: float


class Closing:
    """Asks what changed since the reading began; `edited` counts what was read again for it."""

    def __init__(
        self, choice: EntityChoice, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._choice = choice
        self._monotonic = monotonic
        self._since: datetime | None = None
        self._first: datetime | None = None
        self._known: dict[str, str] = {}
        self.readings = 1
        self._whole = (
            True  # everything was read since `_since`, not only what comes behind a bookmark
        )
        self.has_cdc = choice.entity.entity not in WITHOUT_CDC
        self.edited = 0

    def state(self) -> dict[str, Any]:
        """What a cursor keeps."""
        return {
            "since": self._since.isoformat() if self._since else None,
            "first": self._first.isoformat() if self._first else None,
            "known": self._known,
            "readings": self.readings,
            "whole": self._whole,
            "has_cdc": self.has_cdc,
            "edited": self.edited,
        }

    def go_on_from(self, state: Mapping[str, Any]) -> None:
        self._since = datetime.fromisoformat(state["since"]) if state["since"] else None
        self._first = datetime.fromisoformat(state["first"]) if state["first"] else None
        self._known = dict(state["known"])
        self.readings = state["readings"]
        self._whole = state["whole"]
        self.has_cdc = state["has_cdc"]
        self.edited = state["edited"]

    def began(self, answered: str, took_s: float) -> None:
        """The first page came, `answered` by QuickBooks' clock."""
        self._since = asked_since(answered, took_s)
        self._whole = True

    def asked(self, answered: str, took_s: float) -> None:
        """The first page came, be it all there is: what changes from now on may not be in it."""
        try:
            self._first = asked_since(answered, took_s)
        except QuickBooksBusy:  # without a time; there is only no next update then
            self._first = None

    @property
    def complete_since(self) -> datetime | None:
        """From when on changes, those of names in other lists too, may not be in what was read;
        None where CDC could not tell of them.
        """
        return self._first if self.has_cdc else None

    def question(self, company: Company) -> Callable[[], Changed]:
        """What asks for the changes, from any thread, once all pages have come. Raises what a call
        raises.
        """
        assert self._since is not None  # noqa: S101 - a page was read
        asked, since = (self._choice.entity.query_name,), self._since

        def ask() -> Changed:
            began = self._monotonic()
            body = company.cdc(asked, since)
            return Changed(body, self._monotonic() - began)

        return ask

    def moved(
        self,
        company: Company,
        ask: Callable[[], Changed],
        sent: SeenIds,
        bookmarks: Bookmarks,
        counted: int,
        rows: int,
    ) -> Back | None:
        """Where to read again; None when nothing moved, or nothing that could have been sent. `ask`
        is the `question`, whoever has asked it already.

        Raises IncompleteRead when it moved too often, and what a call raises.
        """
        if not self.has_cdc:
            return self._recounted(company, counted, rows)
        try:
            changes = self._changes(ask())
        except QuickBooksRejected as error:
            if error.details.get("intuit_code") not in NOT_CAPTURED:
                raise
            # Read it as the entities that never were.
            self.has_cdc = False
            return self._back(None)
        if not changes.complete:
            self._known = {}
            self.edited += len(changes.of)
            return self._back(None, SETTLE_S)
        news = [it for it in changes.of if self._known.get(it.id) != it.print]
        # Reported and still the same: it was so before the last reading, which has it.
        self._known = {change.id: change.print for change in changes.of}
        end = bookmarks.last()
        affected = [(it, bookmarks.before(it.id, sent)) for it in news]
        # What comes after all that were sent moved none of them: it is new, or none of ours.
        affected = [
            (it, bookmark)
            for it, bookmark in affected
            if bookmark is None or bookmark is not end or self._is_in(it)
        ]
        self.edited += len(affected)
        if affected:
            return self._back(min((bookmark for _, bookmark in affected), key=_rows))
        if counted != rows and (news or not self._whole):
            return self._back(end if self._whole else None)
        return None

    def overtaken(self) -> Back:
        """Pages that overlap did not fit together."""
        return self._back(None, SETTLE_S)

    def _changes(self, changed: Changed) -> Changes:
        changes = parse_changes(changed.body, self._choice.entity.entity)
        self._since = asked_since(changes.time, changed.took_s)
        return changes

    def _is_in(self, change: Change) -> bool:
        """Whether an object that comes after all that were sent belongs to them."""
        choice = self._choice
        return not change.deleted and may_match(
            change.record,
            choice.entity,
            choice.start,
            choice.end,
            include_inactive=choice.include_inactive,
        )

    def _recounted(self, company: Company, counted: int, rows: int) -> Back | None:
        """COUNT again, and how many of them changed: one deleted and one created cancel out."""
        assert self._since is not None  # noqa: S101 - a page was read
        name, where = self._choice.entity.query_name, self._choice.where
        after = count_of(company.query(query.count(name, where)))
        changed = Condition("MetaData.LastUpdatedTime", Op.GE, self._since)
        edited = count_of(company.query(query.count(name, (*where, changed))))
        if after == counted == rows and not edited:
            return None
        self.edited += edited
        return self._back(None, SETTLE_S)

    def _back(self, bookmark: Bookmark | None, wait_s: float = 0) -> Back:
        self.readings += 1
        if self.readings > MOST_READINGS:
            raise IncompleteRead(
                f"{self._choice.entity.title} kept changing in QuickBooks while they were read: "
                f"{MOST_READINGS} readings were overtaken. Nothing was written. Please export "
                "again when fewer people are at work, or narrow the dates.",
                readings=MOST_READINGS,
                edited=self.edited,
            )
        self._whole = bookmark is None
        return Back(bookmark, wait_s)


def _rows(bookmark: Bookmark | None) -> int:
    return bookmark.rows if bookmark else 0
