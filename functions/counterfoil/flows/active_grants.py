"""Which grant a connection lives on, and which one takes over."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from counterfoil.core.errors import ConnectionPaused, NotFound, ReconnectRequired
from counterfoil.core.grants import Grant, GrantState, may_read
from counterfoil.core.people import ConnectionState
from counterfoil.core.stores import Changed, Document
from counterfoil.core.tokens import given_up
from counterfoil.flows.grants import GRANTS, Grants, HeldGrant, held_grant
from counterfoil.flows.ports import Records
from counterfoil.flows.rewriting import rewritten, rounds

log = logging.getLogger("counterfoil.tokens")

CONNECTIONS = "connections"
_REMEMBERED = 1_000  # connections whose active grant is known in this process

_STATE_OF = {
    GrantState.GOOD: ConnectionState.CONNECTED,
    GrantState.SUSPECT: ConnectionState.SUSPECT,
}
# One with rights first, a good grant before a suspect one, then the one refreshed last.
_RANK = {GrantState.SUSPECT: 0, GrantState.GOOD: 1}


class ActiveGrants:
    """The connection's record says which grant is active; only this and connecting change it."""

    def __init__(self, records: Records, grants: Grants) -> None:
        self._records = records
        self._grants = grants
        self._lately: dict[str, str] = {}  # by connection the grant that was active when we looked

    def grant(self, connection_id: str) -> HeldGrant:
        """Raises NotFound, ConnectionPaused, ReconnectRequired, ServiceUnavailable.

        One that is gone (whoever ended it was cut short) gives way to a spare.
        """
        for _ in rounds():
            connection, held = self._in_use(connection_id)
            if held is not None:
                break
            self._move(connection, self._spares(connection_id, connection.data["active_grant"]))
        assert held is not None  # noqa: S101 - `rounds` ends by raising
        return held

    def _in_use(self, connection_id: str) -> tuple[Document, HeldGrant | None]:
        """The connection, if it is in use, and its active grant: by one question where that is the
        one which was active lately.
        """
        lately = self._lately.get(connection_id)
        if lately:
            asked = [(CONNECTIONS, connection_id), (GRANTS, lately)]
            found, kept = self._records.get_all(asked)
            connection = _there(found)
        else:
            connection, kept = self._connection(connection_id), None
        _check_in_use(connection)
        active = connection.data["active_grant"]
        if len(self._lately) >= _REMEMBERED:
            self._lately.clear()
        self._lately[connection_id] = active
        if kept is not None and kept.id == active:
            return connection, held_grant(kept)
        return connection, self._grants.get(active)

    def note(self, grant: Grant) -> None:
        """Writes into the connection how its active grant fares; a pause is somebody's choice.

        Raises ServiceUnavailable.
        """
        state = _STATE_OF.get(grant.state)
        if state is None:
            return  # refused for good: move_to_spare decides

        def noted(connection: Mapping[str, Any]) -> Mapping[str, Any] | None:
            known = connection["state"] in (state.value, ConnectionState.PAUSED.value)
            # A token can be had again and again by whoever may not read with it.
            given = connection["state"] == ConnectionState.NEEDS_RECONNECTION.value
            if (
                (given and given_up(grant.denials))
                or known
                or connection["active_grant"] != grant.id
            ):
                return None
            return {**connection, "state": state.value}

        rewritten(self._records, self._records.get(CONNECTIONS, grant.connection_id), noted)

    def move_to_spare(self, connection_id: str, refused: Grant) -> None:
        """Another consent takes over. Raises ReconnectRequired when there is none.

        Returns without a change when the connection moved on meanwhile: look again.
        """
        connection = self._connection(connection_id)
        if not _lives_on(connection, refused):
            return  # somebody else has moved it already
        self._move(connection, self._spares(connection_id, refused.id))

    def detach(self, connection_id: str, grant_id: str) -> None:
        """The connection lives on another consent, or on none, and no longer names that one.

        Before the grant ends, so that a kill leaves no name of it without the grant itself.
        """

        def detached(data: Mapping[str, Any]) -> Mapping[str, Any] | None:
            if data["active_grant"] != grant_id:
                return None
            spares = self._spares(connection_id, grant_id)
            spare = max(spares, key=_promise) if spares else None
            state = _STATE_OF[spare.state] if spare else ConnectionState.NEEDS_RECONNECTION
            if data["state"] == ConnectionState.PAUSED.value:
                state = ConnectionState.PAUSED  # somebody chose so
            return {**data, "active_grant": spare.id if spare else "", "state": state.value}

        rewritten(self._records, self._records.get(CONNECTIONS, connection_id), detached)

    def without_rights(self, connection_id: str, denied: Grant) -> bool:
        """Whoever gave `denied` may not read the company any more: is there somebody who may?

        If not, the connection is suspect, and with the last of the spaced denials needs
        reconnection: administrators get their rights back, and faults pass.
        """
        connection = self._connection(connection_id)
        if not _lives_on(connection, denied):
            return True
        spares = [grant for grant in self._others(connection_id, denied.id) if may_read(grant)]
        if spares:
            self._take_over(connection, spares)
            return True
        over = given_up(denied.denials)
        state = ConnectionState.NEEDS_RECONNECTION if over else ConnectionState.SUSPECT
        self._written(connection, {"state": state.value})
        log.warning("rights lost", extra={"fields": {"connection": connection_id}})
        return False

    def _others(self, connection_id: str, grant_id: str) -> list[Grant]:
        kept = self._grants.of_connection(connection_id)
        return [held.grant for held in kept if held.grant.id != grant_id]

    def _spares(self, connection_id: str, grant_id: str) -> list[Grant]:
        others = self._others(connection_id, grant_id)
        return [grant for grant in others if grant.state is not GrantState.REFUSED]

    def _move(self, connection: Document, spares: list[Grant]) -> None:
        if spares:
            self._take_over(connection, spares)
        elif self._written(connection, {"state": ConnectionState.NEEDS_RECONNECTION.value}):
            log.warning("needs reconnection", extra={"fields": {"connection": connection.id}})
            raise _reconnect(connection.id)

    def _take_over(self, connection: Document, spares: list[Grant]) -> None:
        spare = max(spares, key=_promise)
        state = _STATE_OF[spare.state].value
        if self._written(connection, {"active_grant": spare.id, "state": state}):
            log.info("spare took over", extra={"fields": {"connection": connection.id}})

    def _connection(self, connection_id: str) -> Document:
        return _there(self._records.get(CONNECTIONS, connection_id))

    def _written(self, connection: Document, changes: dict[str, Any]) -> bool:
        try:
            self._records.replace(connection, {**connection.data, **changes})
        except Changed:
            return False
        return True


def _there(connection: Document | None) -> Document:
    if connection is None:
        raise NotFound("There is no such company here. Open the sidebar again.")
    return connection


def _check_in_use(connection: Document) -> None:
    state = ConnectionState(connection.data["state"])
    if state is ConnectionState.PAUSED:
        raise ConnectionPaused(
            "This company is paused. Press Reconnect to go on; its exports are kept."
        )
    if state is ConnectionState.NEEDS_RECONNECTION:
        raise _reconnect(connection.id)


def _lives_on(connection: Document, grant: Grant) -> bool:
    """Whether that grant is the active one of a connection that nobody has paused."""
    paused = connection.data["state"] == ConnectionState.PAUSED.value
    return not paused and bool(connection.data["active_grant"] == grant.id)


def _promise(grant: Grant) -> tuple[bool, int, datetime]:
    return may_read(grant), _RANK[grant.state], grant.refreshed_at


def _reconnect(connection_id: str) -> ReconnectRequired:
    return ReconnectRequired(
        "QuickBooks no longer honours this company's consent. Press Reconnect in the sidebar.",
        connection=connection_id,
    )
