"""Invitations: for one e-mail address, one time, seven days.

Nothing is sent and no link is handed out: who signs in with that verified address finds the
invitation in their sidebar. From the acceptance on they are known by Google's `sub`.
"""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from counterfoil.core.authority import Action
from counterfoil.core.errors import AppError, BadRequest, NotFound
from counterfoil.core.people import Connection, Role, User
from counterfoil.core.stores import AlreadyThere, Changed, Document
from counterfoil.flows.companies import INVITATIONS
from counterfoil.flows.connections import MEMBERS, Connections, member_id
from counterfoil.flows.leases import Leases
from counterfoil.flows.ports import Clock, Records
from counterfoil.flows.scans import each
from counterfoil.flows.team_turns import members_busy, team_turn

LIVES = timedelta(days=7)
MOST_OPEN = 50  # of one company

_ID = re.compile(r"inv_[A-Za-z0-9_-]{8,64}", re.ASCII)
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]+")
_LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class Invitation:
    id: str
    company: str
    email: str
    role: Role
    by: str  # the owner's address
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class _Joined:
    """A membership as an acceptance found and as it left it."""

    before: Document | None
    now: Document


class Invitations:
    def __init__(self, *, records: Records, connections: Connections, now: Clock) -> None:
        self._records = records
        self._leases = Leases(records, now)
        self._connections = connections
        self._now = now

    # An owner's

    def invite(self, user: User, connection_id: str, email: str, role: Role) -> Invitation:
        """Replaces an older one for that address. Raises NotFound, Forbidden, BadRequest."""
        connection = self._connections.may(user, connection_id, Action.SHARE)
        address = same_address(email)
        if not _ADDRESS.fullmatch(address) or len(address) > _LONGEST_ADDRESS:
            raise BadRequest("That is not an e-mail address.", field="email")
        if not address.isprintable():
            raise BadRequest("That is not an e-mail address.", field="email")
        for member in each(self._records, MEMBERS, {"connection_id": connection_id}):
            if same_address(member.data["email"]) == address:
                raise BadRequest(
                    "They are a member of this company already. Change their role instead."
                )
        before = self._of(connection_id)
        if len(before) >= MOST_OPEN:
            raise BadRequest(f"This company has {MOST_OPEN} open invitations. Withdraw some first.")
        made = self._records.create(
            INVITATIONS,
            f"inv_{secrets.token_urlsafe(16)}",
            {
                "connection_id": connection_id,
                "email": address,
                "role": role.value,
                "invited_by": user.sub,
                "inviter_email": user.email,
                "accepted_by": None,
                "expires_at": self._now() + LIVES,
            },
        )
        for older in before:
            if older.data["email"] == address:
                self._records.delete(INVITATIONS, older.id)
        return _invitation(made, connection.name)

    def open(self, user: User, connection_id: str) -> list[Invitation]:
        """Those that nobody has answered. Raises NotFound, Forbidden."""
        connection = self._connections.may(user, connection_id, Action.SHARE)
        return [_invitation(document, connection.name) for document in self._of(connection_id)]

    def withdraw(self, user: User, connection_id: str, id: str) -> None:
        """Raises NotFound, also for one of another company."""
        self._connections.may(user, connection_id, Action.SHARE)
        held = self._held(id)
        if held is None or held.data["connection_id"] != connection_id:
            raise _none()
        self._records.delete(INVITATIONS, id)

    # The invited person's

    def mine(self, user: User) -> list[Invitation]:
        """Those for their verified address that still count."""
        found = each(self._records, INVITATIONS, {"email": same_address(user.email)})
        shown = ((document, self._company(document, user)) for document in found)
        return [_invitation(document, name) for document, name in shown if name]

    def accept(self, user: User, id: str) -> Connection:
        """The company of which they are a member now; a role that they have is never lowered.

        Raises NotFound alike for one that is used, old, withdrawn, of an owner who is none any
        more, or for somebody else's address; ConnectionBusy while the company's members change.
        """
        connection_id = str(self._for(user, id).data["connection_id"])
        with team_turn(self._leases, connection_id) as still_our_turn:
            held = self._taken(user, id)
            joined = self._join(user, connection_id, Role(held.data["role"]))
            # Whoever stalled may have been removed meanwhile, or the invitation withdrawn.
            if not still_our_turn():
                self._take_back(joined)
                raise members_busy()
            try:
                self._records.delete(INVITATIONS, held.id, version=held.version)
            except Changed:
                self._take_back(joined)
                raise _none() from None
        return self._connections.may(user, connection_id, Action.SEE)

    def decline(self, user: User, id: str) -> None:
        self._records.delete(INVITATIONS, self._for(user, id).id)

    def _taken(self, user: User, id: str) -> Document:
        """Whoever is first has it. The same person again goes on where they were cut short."""
        held = self._for(user, id)
        try:
            return self._records.replace(held, {**held.data, "accepted_by": user.sub})
        except Changed:
            raise _none() from None

    def _join(self, user: User, connection_id: str, role: Role) -> _Joined:
        """Raises Changed when their membership changes at this moment. It is written also where
        nothing changes: then nobody who stalled takes it back any more.
        """
        id = member_id(connection_id, user.sub)
        before = self._records.get(MEMBERS, id)
        if before is not None:
            raised = {} if Role(before.data["role"]).covers(role) else {"role": role.value}
            return _Joined(before, self._records.replace(before, {**before.data, **raised}))
        data = {
            "connection_id": connection_id,
            "user": user.sub,
            "email": user.email,
            "role": role.value,
            "since": self._now(),
        }
        try:
            return _Joined(None, self._records.create(MEMBERS, id, data))
        except AlreadyThere:
            raise Changed from None

    def _take_back(self, joined: _Joined) -> None:
        """What somebody else has written since stays as they wrote it."""
        with suppress(Changed):
            if joined.before is None:
                self._records.delete(MEMBERS, joined.now.id, version=joined.now.version)
            else:
                self._records.replace(joined.now, joined.before.data)

    def _for(self, user: User, id: str) -> Document:
        held = self._held(id)
        if held is None or held.data["email"] != same_address(user.email):
            raise _none()
        if not self._company(held, user):
            raise _none()
        return held

    def _company(self, document: Document, user: User) -> str:
        """The company's name while the invitation counts; "" when it does not.

        It is the inviter's word: it falls with their being an owner.
        """
        data = document.data
        taken = data["accepted_by"] not in (None, user.sub)
        if taken or self._now() >= data["expires_at"]:
            return ""
        inviter = User(data["invited_by"], data["inviter_email"])
        try:
            return self._connections.may(inviter, data["connection_id"], Action.SHARE).name
        except AppError:
            return ""

    def _of(self, connection_id: str) -> list[Document]:
        found = each(self._records, INVITATIONS, {"connection_id": connection_id})
        now = self._now()
        return [
            document
            for document in found
            if document.data["accepted_by"] is None and now < document.data["expires_at"]
        ]

    def _held(self, id: str) -> Document | None:
        return self._records.get(INVITATIONS, id) if _ID.fullmatch(id) else None


def same_address(email: str) -> str:
    """Addresses are compared without their case, as every provider does."""
    return email.strip().casefold()


def _invitation(document: Document, company: str) -> Invitation:
    data = document.data
    return Invitation(
        id=document.id,
        company=company,
        email=data["email"],
        role=Role(data["role"]),
        by=data["inviter_email"],
        expires_at=data["expires_at"],
    )


def _none() -> NotFound:
    return NotFound("This invitation is not good any more. Ask an owner for another one.")
