"""The companies that a user reaches."""

from __future__ import annotations

import re
from dataclasses import replace

from counterfoil.core.authority import NEEDS, Action
from counterfoil.core.errors import Forbidden, NotFound
from counterfoil.core.grants import Grant
from counterfoil.core.health import days_left, health
from counterfoil.core.people import ClosedBooks, Connection, ConnectionState, Role, User
from counterfoil.core.stores import Document
from counterfoil.flows.active_grants import CONNECTIONS
from counterfoil.flows.grants import GRANTS
from counterfoil.flows.ports import Clock, Records
from counterfoil.flows.scans import each

MEMBERS = "members"

_ID = re.compile(r"con_[A-Za-z0-9_-]{8,64}")


class Connections:
    def __init__(self, records: Records, now: Clock) -> None:
        self._records = records
        self._now = now

    def of(self, user: User) -> list[Connection]:
        """Every company of which they are a member, by name."""
        found = [
            self._seen_by(member) for member in each(self._records, MEMBERS, {"user": user.sub})
        ]
        present = [connection for connection in found if connection is not None]
        return sorted(present, key=lambda one: (one.name.casefold(), one.id))

    def may(self, user: User, connection_id: str, action: Action) -> Connection:
        """That company, for a member who may do this. Raises as `reachable`."""
        member = self.member(user, connection_id)
        return _allowed(self._seen_by(member) if member else None, NEEDS[action])

    def reachable(self, user: User, connection_id: str, needed: Role) -> Connection:
        """That company, for a member whose role covers `needed`, without what its grant tells:
        runs do not show it, and need not read it twice.

        Raises NotFound alike for one that does not exist and one of somebody else, and Forbidden
        for a member with too small a role.
        """
        return _allowed(self._as_member(user, connection_id), needed)

    def member(self, user: User, connection_id: str) -> Document | None:
        """Their membership, also of a company that was just removed."""
        if not is_connection_id(connection_id):
            return None
        return self._records.get(MEMBERS, member_id(connection_id, user.sub))

    def forget_stray(self, user: User, connection_id: str) -> bool:
        """Whether nothing but their membership was left of it, by a delete that was killed; then
        that is gone as well.
        """
        member = self.member(user, connection_id)
        if member is None or self._records.get(CONNECTIONS, connection_id) is not None:
            return False
        self._records.delete(MEMBERS, member.id)
        return True

    def _seen_by(self, member: Document) -> Connection | None:
        document = self._records.get(CONNECTIONS, member.data["connection_id"])
        if document is None:
            return None
        connection, data = _connection(document, member), document.data
        active = data["active_grant"]  # "" while there is none
        kept = self._records.get(GRANTS, active) if active else None
        grant = Grant.of(kept.data) if kept else None
        expires = grant.expires if grant else None
        return replace(
            connection,
            connected_by=grant.email if grant else "",
            expires=expires,
            expires_in_days=days_left(expires, self._now()) if expires else None,
            health=health(
                *(connection.state, grant, self._now()),
                hinted=data.get("hinted_at"),
                deleted=data.get("leaving") == "delete",
            ),
        )

    def _as_member(self, user: User, connection_id: str) -> Connection | None:
        if not is_connection_id(connection_id):
            return None
        member, document = self._records.get_all(
            [(MEMBERS, member_id(connection_id, user.sub)), (CONNECTIONS, connection_id)]
        )
        return _connection(document, member) if member and document else None


def _allowed(connection: Connection | None, needed: Role) -> Connection:
    if connection is None:
        raise NotFound(
            "This company is not among yours. Open the sidebar again to see those that are."
        )
    if not connection.role.covers(needed):
        raise Forbidden(
            f"For this you need to be {_ARTICLE[needed]} of {connection.name}. "
            "Ask one of its owners."
        )
    return connection


def _connection(document: Document, member: Document) -> Connection:
    data = document.data
    return Connection(
        id=document.id,
        realm_id=data["realm_id"],
        name=data.get("label") or data["name"],
        country=data["country"],
        currency=data["currency"],
        fiscal_month=data["fiscal_month"],
        state=ConnectionState(data["state"]),
        role=Role(member.data["role"]),
        books=ClosedBooks.of_record(data["books"]) if data.get("books") else None,
    )


_ARTICLE = {Role.OWNER: "an owner", Role.EDITOR: "an editor", Role.REFRESHER: "a member"}


def is_connection_id(text: str) -> bool:
    return bool(_ID.fullmatch(text))


def member_id(connection_id: str, user_sub: str) -> str:
    return f"{connection_id}:{user_sub}"
