"""connection -> an access token that will last, where another service does the refreshing.

Reads what is stored and asks for more only when that will not do. What it asks for and what it
is answered hold no token: the new one is read, sealed, from the grant's record.
"""

from __future__ import annotations

from counterfoil.flows.active_grants import ActiveGrants
from counterfoil.flows.denials import after_denial, after_read
from counterfoil.flows.flights import busy
from counterfoil.flows.grants import Grants
from counterfoil.flows.ports import Clock, Records, TokenService


class AskedTokens:
    """Implements `ports.AccessTokens`."""

    def __init__(
        self, *, records: Records, grants: Grants, service: TokenService, now: Clock
    ) -> None:
        self._grants = grants
        self._active = ActiveGrants(records, grants)
        self._service = service
        self._now = now
        self._doubted: set[str] = set()  # connections whose consent was denied lately

    def for_connection(self, connection_id: str) -> str:
        """Raises as `FreshTokens.for_connection`; ConnectionBusy when that takes too long."""
        token = self._stored(connection_id, None)
        if token is not None:
            return token
        return self._renewed(connection_id, past=None, refused=None)

    def after_refusal(self, connection_id: str, refused: str) -> str:
        """QuickBooks answered 401 to `refused`: another token, refreshed at most once for all."""
        token = self._stored(connection_id, refused)
        if token is not None:
            return token
        # Not the token: the generation that it belongs to says as well which one was refused.
        seen = self._active.grant(connection_id).grant
        past = seen.generation if self._grants.access(seen) == refused else None
        return self._renewed(connection_id, past=past, refused=refused)

    def after_denial(self, connection_id: str, token: str) -> bool:
        """QuickBooks answered fault 120 to `token`: whether another consent has taken over."""
        return after_denial(self._active, self._grants, self._now, connection_id, token)

    def after_read(self, connection_id: str, token: str) -> None:
        if connection_id in self._doubted:
            self._doubted.discard(connection_id)
            after_read(self._active, self._grants, connection_id, token)

    def _renewed(self, connection_id: str, *, past: int | None, refused: str | None) -> str:
        self._service.refresh(connection_id, past=past)
        token = self._stored(connection_id, refused)
        if token is None:
            raise busy()  # a spare took over, or its hour is over already: look again
        return token

    def _stored(self, connection_id: str, refused: str | None) -> str | None:
        held = self._active.grant(connection_id)
        if held.grant.denials:
            self._doubted.add(connection_id)
        return self._grants.usable(held.grant, self._now(), refused)
