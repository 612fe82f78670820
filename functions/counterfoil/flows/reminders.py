"""Mail to the authors of scheduled exports that were not refreshed: part of the hourly tick.

At most one letter to a person in a day. So the day is noted before the letter is handed over, and
taken back only when the mail server surely has not taken it: a kill, or an answer that is lost,
can cost a letter and never sends two.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Protocol

from counterfoil.core.people import ConnectionState
from counterfoil.core.reminders import Letter, Posted, Waiting, letter, trouble
from counterfoil.core.stores import AlreadyThere, Changed, Document
from counterfoil.flows.active_grants import CONNECTIONS
from counterfoil.flows.connections import MEMBERS, member_id
from counterfoil.flows.exporter_records import (
    COLLECTION,
    COMPANY_GONE,
    connection_ids,
    plan_of,
    shown_title,
)
from counterfoil.flows.leftovers import on_its_own
from counterfoil.flows.ports import Clock, Records
from counterfoil.flows.rewriting import written
from counterfoil.flows.runs import FAILED
from counterfoil.flows.scans import each

log = logging.getLogger("counterfoil.reminders")

MAILS = "mails"
AGAIN = timedelta(days=1)  # at the earliest, the next letter to the same person
UPKEEP, PLACE = "upkeep", "mails"
# A look at every export costs a read of each; what is late for hours is told soon enough so.
ROUND = timedelta(hours=6)
_PAGE = 100


class Post(Protocol):
    def send(self, to: str, letter: Letter) -> Posted:
        """Hands it over; ends within a minute or so and raises nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Reminders:
    records: Records
    post: Post | None  # None: this deployment sends no mail
    clock: Clock

    def mail(self, has_time: Callable[[], bool]) -> int:
        """How many letters went. Goes on where the time, or the mail server, left off."""
        if self.post is None:
            return 0
        place = _Place.of(self.records.get(UPKEEP, PLACE))
        if not place.over:
            return self._round(self.post, place, has_time)
        if self.clock() - place.begun < ROUND:
            return 0
        return self._round(self.post, _Place(None, self.clock(), over=False), has_time)

    def _round(self, post: Post, place: _Place, has_time: Callable[[], bool]) -> int:
        sent, after = 0, place.after
        while True:
            page = self.records.find(COLLECTION, {}, limit=_PAGE, after=after)
            for document in page:
                came = self._seen(post, document) if has_time() else Posted.AWAY
                if came is Posted.AWAY:
                    self._keep(replace(place, after=after))
                    return sent
                sent += came is Posted.TAKEN
                after = document.id
            if len(page) < _PAGE:
                self._keep(replace(place, after=None, over=True))
                return sent

    def _seen(self, post: Post, document: Document) -> Posted | None:
        return on_its_own(
            lambda: self._told(post, document),
            None,
            log=log,
            told="not mailed",
            exporter=document.id,
        )

    def _told(self, post: Post, document: Document) -> Posted | None:
        """None where there is nothing to tell, nobody to tell it, or they were told already."""
        author = document.data["author"]
        if not author or self._waiting(document) is None:
            return None
        address = self._address(document)
        if address is None or (claim := self._claimed(author)) is None:
            return None
        came = post.send(address, letter(list(self._all_of(author))))
        if came is Posted.AWAY:
            self.records.delete(MAILS, claim.id, version=claim.version)
        return came

    def _all_of(self, author: str) -> Iterator[Waiting]:
        for document in each(self.records, COLLECTION, {"author": author}):
            waiting = on_its_own(
                partial(self._waiting, document),
                None,
                log=log,
                told="not mailed",
                exporter=document.id,
            )
            if waiting is not None and self._address(document) is not None:
                yield waiting

    def _waiting(self, document: Document) -> Waiting | None:
        plan = plan_of(document.data)
        if plan is None or document.data.get("frozen_at"):
            return None
        why = trouble(
            plan,
            _failure(document.data),
            self.clock(),
            company_gone=document.data.get("paused") == COMPANY_GONE,
        )
        # A pause is somebody's wish, and schedules wait for its end.
        if why is None or self._is_paused(document):
            return None
        since = plan.good_at.astimezone(plan.zone) if plan.good_at else None
        return Waiting(shown_title(document), since, why)

    def _is_paused(self, document: Document) -> bool:
        companies = [self.records.get(CONNECTIONS, id) for id in connection_ids(document.data)]
        paused = ConnectionState.PAUSED.value
        return any(company and company.data["state"] == paused for company in companies)

    def _address(self, document: Document) -> str | None:
        """The author's, as long as they belong to its company."""
        id = member_id(document.data["connection_id"], document.data["author"])
        member = self.records.get(MEMBERS, id)
        return str(member.data["email"]) if member else None

    def _claimed(self, author: str) -> Document | None:
        """The note that they are told today, unless it is there already."""
        now = self.clock()
        id = mail_id(author)
        noted = {"user": author, "at": now, "expires_at": now + AGAIN}
        held = self.records.get(MAILS, id)
        try:
            if held is None:
                return self.records.create(MAILS, id, noted)
            if now < held.data["expires_at"]:
                return None
            return self.records.replace(held, noted)
        except (AlreadyThere, Changed):
            return None  # another tick tells them

    def _keep(self, place: _Place) -> None:
        written(self.records, UPKEEP, PLACE, lambda data: place.kept())


def mail_id(user: str) -> str:
    """Of the note that a person was told; ids of records hold no name of anybody."""
    return f"mail_{hashlib.sha256(user.encode()).hexdigest()[:32]}"


def _failure(data: Mapping[str, Any]) -> str | None:
    last = data["last_run"]
    return last["code"] if last and last["state"] == FAILED else None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a round through all exports is."""

    after: str | None
    begun: datetime
    over: bool

    @classmethod
    def of(cls, held: Document | None) -> _Place:
        """At the beginning of a first round when it cannot be read."""
        data = held.data if held else {}
        after, begun, over = data.get("after"), data.get("at"), data.get("over")
        if not isinstance(begun, datetime) or not isinstance(after, str | None):
            return cls(None, _LONG_AGO, over=True)
        return cls(after, begun, over=over is not False)

    def kept(self) -> dict[str, Any]:
        return {"after": self.after, "at": self.begun, "over": self.over}


_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
