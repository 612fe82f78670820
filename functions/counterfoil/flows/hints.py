"""What QuickBooks' "disconnect" page tells us: a hint that anybody could fake."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from counterfoil.core.connecting import is_realm
from counterfoil.core.errors import AppError
from counterfoil.core.stores import Changed
from counterfoil.flows.active_grants import CONNECTIONS
from counterfoil.flows.companies import REALMS
from counterfoil.flows.flights import in_a_thread
from counterfoil.flows.ports import AccessTokens, Clock, Records

SPACING = timedelta(hours=1)


class Hints:
    def __init__(
        self,
        *,
        records: Records,
        tokens: AccessTokens,
        now: Clock,
        spawn: Callable[[Callable[[], None]], None] = in_a_thread,
    ) -> None:
        self._records = records
        self._tokens = tokens
        self._now = now
        self._spawn = spawn

    def disconnected(self, realm_id: str) -> None:
        """Returns at once and says nothing: whoever asks learns not even whether we know it."""
        if is_realm(realm_id):
            self._spawn(lambda: self._verify(realm_id))

    def _verify(self, realm_id: str) -> None:
        """By a refresh, at most once an hour; its own refusals decide what becomes of it."""
        with suppress(AppError, Changed):
            claim = self._records.get(REALMS, realm_id)
            held = self._records.get(CONNECTIONS, claim.data["connection_id"]) if claim else None
            if held is None:
                return
            last = held.data.get("hinted_at")
            if last is not None and self._now() - last < SPACING:
                return
            self._records.replace(held, {**held.data, "hinted_at": self._now()})
            token = self._tokens.for_connection(held.id)
            self._tokens.after_refusal(held.id, token)
