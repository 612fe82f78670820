"""Who belongs to a company and as what (design: What authorises what)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from counterfoil.core.authority import Action
from counterfoil.core.errors import BadRequest, Forbidden, LastOwner, NotFound
from counterfoil.core.people import Role, User
from counterfoil.core.stores import AlreadyThere, Document
from counterfoil.flows.active_grants import CONNECTIONS
from counterfoil.flows.companies import INVITATIONS, Companies
from counterfoil.flows.connections import MEMBERS, Connections
from counterfoil.flows.invitations import same_address
from counterfoil.flows.leases import Leases
from counterfoil.flows.leaving import Leaving, What
from counterfoil.flows.ports import Clock, Records
from counterfoil.flows.rewriting import rewritten
from counterfoil.flows.scans import each
from counterfoil.flows.team_turns import members_busy, team_turn

LONGEST_LABEL = 100


@dataclass(frozen=True, slots=True)
class Member:
    key: str  # stands for the user in this company alone; not Google's `sub`
    email: str
    role: Role
    since: datetime
    is_me: bool


class Team:
    def __init__(
        self, *, records: Records, connections: Connections, leaving: Leaving, now: Clock
    ) -> None:
        self._records = records
        self._connections = connections
        self._companies = Companies(records)
        self._leaving = leaving
        self._leases = Leases(records, now)

    def members(self, user: User, connection_id: str) -> list[Member]:
        """Owners first, then by address. Raises NotFound."""
        self._connections.may(user, connection_id, Action.SEE)
        found = [_member(document, user) for document in self._documents(connection_id)]
        order = list(Role)
        return sorted(found, key=lambda one: (order.index(one.role), one.email, one.key))

    def rename(self, user: User, connection_id: str, name: str | None) -> None:
        """What the company is called here; None brings QuickBooks' own name back."""
        self._connections.may(user, connection_id, Action.RENAME)
        label = one_line(name, LONGEST_LABEL, "The name") if name is not None else None
        held = self._records.get(CONNECTIONS, connection_id)
        if rewritten(self._records, held, lambda data: {**data, "label": label}) is None:
            raise _gone()

    def set_role(self, user: User, connection_id: str, key: str, role: Role) -> None:
        """Raises NotFound for no member, Forbidden for oneself and for who is no owner."""
        with self._alone(user, connection_id, Action.SHARE):
            member = self._another(user, connection_id, key)
            self._use_up_invitations(member)
            self._records.replace(member, {**member.data, "role": role.value})
            self._keep_an_owner(member)
            if not role.covers(Role.EDITOR):
                self._companies.rest_exports_of(connection_id, member.data["user"])

    def remove(self, user: User, connection_id: str, key: str) -> None:
        """Their exports rest until an editor takes them over. Raises as `set_role`."""
        with self._alone(user, connection_id, Action.SHARE):
            self._forget(self._another(user, connection_id, key))

    def leave(self, user: User, connection_id: str) -> None:
        """The last member takes the company along: nobody could reach it or its keys any more.

        A consent that they gave goes on serving the others: only its end at QuickBooks, a pause,
        or "delete everything about me" takes it away. Raises NotFound; LastOwner for an owner
        whom nobody could follow; ConnectionBusy and QuickBooksBusy: the same call again ends it.
        """
        if self._connections.forget_stray(user, connection_id):
            return
        with self._alone(user, connection_id, Action.LEAVE):
            mine = self._connections.member(user, connection_id)
            if mine is None:
                raise _gone()
            others = [it for it in self._documents(connection_id) if it.id != mine.id]
            owners = [it for it in others if it.data["role"] == Role.OWNER.value]
            if mine.data["role"] == Role.OWNER.value and not owners:
                raise LastOwner(
                    "You are the last owner of this company. Make somebody else an owner first, "
                    "or pause or delete it."
                )
            if others:
                self._forget(mine)
            else:
                # Before their membership goes: from here on the tick finishes what we do not.
                self._leaving.mark(connection_id, What.DELETE, user)
        if not others:
            self._leaving.finish(connection_id)

    def _forget(self, member: Document) -> None:
        # First the exports: whoever repeats a removal that was cut short still finds the member.
        self._companies.rest_exports_of(member.data["connection_id"], member.data["user"])
        self._use_up_invitations(member)
        with self._leaving.member_goes(member.data["connection_id"]):
            self._records.delete(MEMBERS, member.id)
            self._keep_an_owner(member)

    def _use_up_invitations(self, member: Document) -> None:
        """Before their role changes: an acceptance that was cut short leaves the invitation, and
        accepting it again would undo the change.
        """
        address = same_address(member.data["email"])
        connection = {"connection_id": member.data["connection_id"]}
        for invitation in each(self._records, INVITATIONS, connection):
            data = invitation.data
            if data["accepted_by"] == member.data["user"] or data["email"] == address:
                self._records.delete(INVITATIONS, invitation.id)

    def _keep_an_owner(self, before: Document) -> None:
        """Takes back the change of `before` where nobody is left: whoever stalled for longer than
        the lease meets a change that came in between. Of two, the later one sees both.
        """
        if before.data["role"] != Role.OWNER.value:
            return
        members = self._documents(before.data["connection_id"])
        if any(member.data["role"] == Role.OWNER.value for member in members):
            return
        held = self._records.get(MEMBERS, before.id)
        if held is None:
            with suppress(AlreadyThere):
                self._records.create(MEMBERS, before.id, before.data)
        else:
            self._records.replace(held, {**held.data, "role": before.data["role"]})
        raise members_busy()

    def _another(self, user: User, connection_id: str, key: str) -> Document:
        for document in self._documents(connection_id):
            if member_key(document) == key:
                if document.data["user"] == user.sub:
                    raise Forbidden("Nobody changes their own role. Ask another owner, or leave.")
                return document
        raise NotFound("This company has no such member. Open the sidebar again.")

    def _documents(self, connection_id: str) -> list[Document]:
        return list(each(self._records, MEMBERS, {"connection_id": connection_id}))

    @contextmanager
    def _alone(self, user: User, connection_id: str, action: Action) -> Iterator[None]:
        """As it is our turn. Raises as `Connections.may` and `team_turn`."""
        self._connections.may(user, connection_id, action)
        with team_turn(self._leases, connection_id):
            self._connections.may(user, connection_id, action)
            yield


def member_key(document: Document) -> str:
    return hashlib.sha256(document.id.encode()).hexdigest()[:24]


def one_line(text: str, longest: int, what: str) -> str:
    """The text as one line that can be shown anywhere. Raises BadRequest."""
    line = " ".join(text.split())
    if not line or len(line) > longest or not line.isprintable():
        raise BadRequest(f"{what} must be one line of 1 to {longest} characters.")
    return line


def _member(document: Document, user: User) -> Member:
    data = document.data
    return Member(
        key=member_key(document),
        email=data["email"],
        role=Role(data["role"]),
        since=data["since"],
        is_me=data["user"] == user.sub,
    )


def _gone() -> NotFound:
    return NotFound(
        "This company is not among yours. Open the sidebar again to see those that are."
    )
