"""Keeping consents alive that nobody uses: a refresh token dies unused, about 100 days on.

Spares too: they are there for the day on which the active consent fails. On the way, what was
superseded is destroyed for good, also where nothing is refreshed any more.
"""

from __future__ import annotations

import enum
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from counterfoil.core.grants import Grant, GrantState, outlived
from counterfoil.core.people import ConnectionState
from counterfoil.core.refresh_times import BEGUN_WITHIN_S, LEASE_LASTS
from counterfoil.core.stores import Changed, Document
from counterfoil.flows.active_grants import CONNECTIONS
from counterfoil.flows.fresh_tokens import FreshTokens
from counterfoil.flows.grants import GRANTS, Grants, HeldGrant
from counterfoil.flows.leaving import Leaving
from counterfoil.flows.leftovers import on_its_own
from counterfoil.flows.ports import Clock, Records

log = logging.getLogger("counterfoil.keep_alive")

IDLE = timedelta(days=7)
PAGE = 50
# Of the time in which a tick may begin something, the rest needs some.
TIME_S = BEGUN_WITHIN_S - 15.0


@dataclass(frozen=True, slots=True)
class Swept:
    refreshed: int
    failed: int
    destroyed: int  # versions of secrets
    next: str | None  # where the next sweep goes on; None at the end


class _Came(enum.Enum):
    """What came of one that was due."""

    REFRESHED = "refreshed"
    RESTS = "nothing to refresh"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class KeepAlive:
    records: Records
    grants: Grants
    tokens: FreshTokens
    leaving: Leaving
    clock: Clock
    monotonic: Callable[[], float] = time.monotonic

    def sweep(
        self, after: str | None = None, reached: Callable[[str], None] = lambda id: None
    ) -> Swept:
        """One page at a time, until the time is used. A consent that fails stops no other.

        `reached` is told each consent before anything is done about it: whoever keeps that goes
        on behind one that brings the whole process down.
        """
        began, swept = self.monotonic(), Swept(0, 0, 0, None)
        while True:
            page = self.records.find(GRANTS, {}, limit=PAGE, after=after)
            for document in page:
                if self.monotonic() - began >= TIME_S:
                    return replace(swept, next=after)
                swept = self._seen(document, reached, swept)
                after = document.id
            if len(page) < PAGE:
                return swept

    def _seen(self, document: Document, reached: Callable[[str], None], swept: Swept) -> Swept:
        failed = replace(swept, failed=swept.failed + 1)
        return on_its_own(
            lambda: self._tended(document, reached, swept), failed, log=log, told="not kept alive"
        )

    def _tended(self, document: Document, reached: Callable[[str], None], swept: Swept) -> Swept:
        grant = Grant.of(document.data)
        old, due = outlived(grant, self.clock()), self._is_due(grant)
        if old or due:
            reached(document.id)
        if old:
            swept = self._destroyed(HeldGrant(grant, document), len(old), swept)
        came = self._kept(grant) if due else _Came.RESTS
        return replace(
            swept,
            refreshed=swept.refreshed + (came is _Came.REFRESHED),
            failed=swept.failed + (came is _Came.FAILED),
        )

    def _is_due(self, grant: Grant) -> bool:
        if grant.state is GrantState.REFUSED:
            return False
        if grant.state is GrantState.SUSPECT or self.clock() - grant.refreshed_at >= IDLE:
            return True
        # Somebody asked Intuit and did not live to store the answer: the value before is taken
        # for a day at most, so this one does not wait for its next export.
        asked = grant.refresh_started
        return asked is not None and self.clock() - asked >= LEASE_LASTS

    def _kept(self, grant: Grant) -> _Came:
        return on_its_own(
            lambda: self._refreshed(grant),
            _Came.FAILED,
            log=log,
            told="not kept alive",
            connection=grant.connection_id,
        )

    def _refreshed(self, grant: Grant) -> _Came:
        connection = self.records.get(CONNECTIONS, grant.connection_id)
        if connection is None:
            # A connect that died before its company was stored, and that nobody repeated.
            self.leaving.end_grant(grant)
            return _Came.RESTS
        if connection.data["state"] == ConnectionState.PAUSED.value:
            return _Came.RESTS
        if connection.data["active_grant"] == grant.id:
            in_doubt = grant.refresh_started is not None
            ask = self.tokens.verify if in_doubt else self.tokens.for_connection
            ask(grant.connection_id)
            return _Came.REFRESHED
        return _Came.REFRESHED if self.tokens.keep(grant.id) else _Came.FAILED

    def _destroyed(self, held: HeldGrant, versions: int, swept: Swept) -> Swept:
        def destroyed() -> Swept:
            try:
                self.grants.destroy_outlived(held, self.clock())
            except Changed:
                return swept  # it was refreshed just now: the next sweep does the rest
            return replace(swept, destroyed=swept.destroyed + versions)

        failed = replace(swept, failed=swept.failed + 1)
        connection = held.grant.connection_id
        return on_its_own(destroyed, failed, log=log, told="left over", connection=connection)
