"""Keeping consents alive that nobody uses: a refresh token dies unused, about 100 days on.

Spares too: they are there for the day on which the active consent fails.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from counterfoil.core.errors import AppError
from counterfoil.core.grants import Grant, GrantState
from counterfoil.core.people import ConnectionState
from counterfoil.flows.active_grants import CONNECTIONS
from counterfoil.flows.fresh_tokens import FreshTokens
from counterfoil.flows.grants import GRANTS
from counterfoil.flows.leaving import Leaving
from counterfoil.flows.ports import Clock, Records

log = logging.getLogger("counterfoil.keep_alive")

IDLE = timedelta(days=7)
PAGE = 50
# No refresh begins after that: one may take two minutes, the function has five.
TIME_S = 150.0


@dataclass(frozen=True, slots=True)
class Swept:
    refreshed: int
    failed: int
    finished: int  # companies whose pause or delete had been cut short
    next: str | None  # where the next call goes on; None at the end


@dataclass(frozen=True, slots=True)
class KeepAlive:
    records: Records
    tokens: FreshTokens
    leaving: Leaving
    clock: Clock
    monotonic: Callable[[], float] = time.monotonic

    def sweep(self, after: str | None = None) -> Swept:
        """One page at a time, until the time is used. A consent that fails stops no other."""
        began, refreshed, failed = self.monotonic(), 0, 0
        finished = 0 if after else self._finish()
        while True:
            page = self.records.find(GRANTS, {}, limit=PAGE, after=after)
            for document in page:
                if self.monotonic() - began >= TIME_S:
                    return Swept(refreshed, failed, finished, after)
                grant = Grant.of(document.data)
                if self._is_due(grant):
                    well = self._kept(grant)
                    refreshed, failed = refreshed + well, failed + (not well)
                after = document.id
            if len(page) < PAGE:
                return Swept(refreshed, failed, finished, None)

    def _is_due(self, grant: Grant) -> bool:
        if grant.state is GrantState.REFUSED:
            return False
        return grant.state is GrantState.SUSPECT or self.clock() - grant.refreshed_at >= IDLE

    def _kept(self, grant: Grant) -> bool:
        try:
            connection = self.records.get(CONNECTIONS, grant.connection_id)
            if connection is None or connection.data["state"] == ConnectionState.PAUSED.value:
                return True
            if connection.data["active_grant"] == grant.id:
                self.tokens.for_connection(grant.connection_id)
                return True
            return self.tokens.keep(grant.id)
        except AppError as error:
            fields = {"connection": grant.connection_id, "code": error.code}
            log.warning("not kept alive", extra={"fields": fields})
            return False

    def _finish(self) -> int:
        done = 0
        for id in list(self.leaving.under_way()):
            try:
                self.leaving.finish(id)
                done += 1
            except AppError as error:
                fields = {"connection": id, "code": error.code}
                log.warning("not left yet", extra={"fields": fields})
        return done
