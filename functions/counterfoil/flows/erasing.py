""" "Delete everything about me": out of both stores, in steps that can each be repeated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from counterfoil.core.grants import Grant
from counterfoil.core.people import Role, User
from counterfoil.core.stores import Document
from counterfoil.flows.active_grants import CONNECTIONS, ActiveGrants
from counterfoil.flows.budgets import user_budget
from counterfoil.flows.companies import INVITATIONS
from counterfoil.flows.company_pace import BUDGETS
from counterfoil.flows.connections import MEMBERS
from counterfoil.flows.exporter_records import AUTHOR_GONE
from counterfoil.flows.exporter_records import COLLECTION as EXPORTERS
from counterfoil.flows.grants import GRANTS, Grants
from counterfoil.flows.invitations import same_address
from counterfoil.flows.leases import LEASES
from counterfoil.flows.leaving import Leaving, What
from counterfoil.flows.ports import Clock, Records, Secrets
from counterfoil.flows.rewriting import rewritten
from counterfoil.flows.run_leases import given_back
from counterfoil.flows.scans import each
from counterfoil.flows.storing import STORING, Storing
from counterfoil.flows.upkeep import PLACE, UPKEEP


class Erasing:
    def __init__(
        self, *, records: Records, secrets: Secrets, grants: Grants, leaving: Leaving, now: Clock
    ) -> None:
        self._records = records
        self._secrets = secrets
        self._grants = grants
        self._active = ActiveGrants(records, grants)
        self._storing = Storing(records, now)
        self._leaving = leaving
        self._now = now

    def erase(self, user: User) -> dict[str, int]:
        """How many records of each kind went, and `left`: what a last search of both stores still
        found, 0.

        A company of which they are the only member goes with them; in others their consents end,
        and the exports that they saved rest. Raises ConnectionBusy and QuickBooksBusy: again
        later, and what is done is done.
        """
        # A consent on its way may become a grant while its secret is looked for: so this is first.
        names = self._storing.forget(user.sub, self._secrets)
        grants = [Grant.of(it.data) for it in each(self._records, GRANTS, {"user": user.sub})]
        gone = {"companies": self._companies(user), "consents": self._consents(user)}
        self._sweep(user, gone)
        gone["memberships"] = self._memberships(user)
        # A run of theirs may have begun meanwhile; without a membership none does.
        self._sweep(user, gone)
        return gone | {"left": self._left(user, grants, names)}

    def left_ownerless(self, user: User) -> list[str]:
        """Names of the companies that would stay with others, none of them an owner."""
        names = []
        for member in each(self._records, MEMBERS, {"user": user.sub}):
            if member.data["role"] != Role.OWNER.value:
                continue
            id = member.data["connection_id"]
            roles = [it.data["role"] for it in each(self._records, MEMBERS, {"connection_id": id})]
            company = self._records.get(CONNECTIONS, id)
            if company and len(roles) > 1 and roles.count(Role.OWNER.value) == 1:
                names.append(str(company.data.get("label") or company.data["name"]))
        return sorted(names)

    def _sweep(self, user: User, gone: dict[str, int]) -> None:
        for collection, where in _naming(user):
            for document in list(each(self._records, collection, where)):
                for field in where:
                    self._unname(document, field, user)
        for document in list(self._own(user)):
            gone[document.collection] = gone.get(document.collection, 0) + 1
            self._records.delete(document.collection, document.id)
        self._records.delete(BUDGETS, user_budget(user.sub))

    def _companies(self, user: User) -> int:
        """Those that are nobody else's."""
        deleted = 0
        for member in list(each(self._records, MEMBERS, {"user": user.sub})):
            id = member.data["connection_id"]
            if len(self._records.find(MEMBERS, {"connection_id": id}, limit=2)) == 1:
                self._leaving.mark(id, What.DELETE, user)
                self._leaving.finish(id)
                deleted += 1
        return deleted

    def _consents(self, user: User) -> int:
        """What they gave is taken back; a spare of somebody else's goes on, or nothing does."""
        held = [Grant.of(it.data) for it in each(self._records, GRANTS, {"user": user.sub})]
        for grant in held:
            self._unlink(grant)
            self._leaving.end_grant(grant, only_of=user.sub)
            if self._grants.get(grant.id) is None:
                # Once more: a spare may have given way to it just before it ended.
                self._unlink(grant)
        for member in each(self._records, MEMBERS, {"user": user.sub}):
            self._detach_ended(member.data["connection_id"])
        return len(held)

    def _detach_ended(self, connection_id: str) -> None:
        """Where a consent ended in another way and its connection still names it."""
        company = self._records.get(CONNECTIONS, connection_id)
        active = company.data["active_grant"] if company else ""
        if active and self._grants.get(active) is None:
            self._active.detach(connection_id, active)

    def _unlink(self, grant: Grant) -> None:
        """Nothing else holds its id, which has Intuit's name for a person in it: neither its
        connection nor the tick's place.
        """
        self._active.detach(grant.connection_id, grant.id)
        before = f"{grant.connection_id}:"

        def moved(data: Mapping[str, Any]) -> Mapping[str, Any] | None:
            return {**data, "after": before} if data.get("after") == grant.id else None

        rewritten(self._records, self._records.get(UPKEEP, PLACE), moved)

    def _memberships(self, user: User) -> int:
        """Last, so that whoever is cut short still reaches what is left to do."""
        members = list(each(self._records, MEMBERS, {"user": user.sub}))
        for member in members:
            with self._leaving.member_goes(member.data["connection_id"]):
                self._records.delete(MEMBERS, member.id)
        return len(members)

    def _own(self, user: User) -> Iterator[Document]:
        for collection, where in _theirs(user):
            yield from each(self._records, collection, where)

    def _unname(self, document: Document, field: str, user: User) -> None:
        def without(data: Mapping[str, Any]) -> Mapping[str, Any] | None:
            if data.get(field) != user.sub:
                return None
            if document.collection == LEASES:
                # Not deleted: others' exports go on, and their sheets hold the fence.
                return given_back(data, self._now())
            if field == "author":
                return {**data, "author": "", "paused": data.get("paused") or AUTHOR_GONE}
            return {**data, field: None}

        rewritten(self._records, document, without)

    def _left(self, user: User, grants: list[Grant], names: list[str]) -> int:
        """Looked for by the user, by Intuit's name for them, and in the store of secrets."""
        mine = {"user": user.sub}
        places = [*_theirs(user), *_naming(user)]
        places += [(name, mine) for name in (GRANTS, MEMBERS, STORING)]
        ended = [grant for grant in grants if not self._is_anothers(grant, user)]
        places += [(CONNECTIONS, {"active_grant": grant.id}) for grant in ended]
        found = sum(len(self._records.find(place, where, limit=100)) for place, where in places)
        secrets = {*names, *(grant.secret for grant in ended)}
        found += sum(self._secrets.exists(name) for name in secrets)
        return found + (self._records.get(BUDGETS, user_budget(user.sub)) is not None)

    def _is_anothers(self, grant: Grant, user: User) -> bool:
        """Somebody else has consented anew, as the same person at Intuit."""
        held = self._grants.get(grant.id)
        return held is not None and held.grant.user != user.sub


def _theirs(user: User) -> list[tuple[str, dict[str, str]]]:
    """Where the records are that are the user's alone."""
    return [
        *(
            (name, {"user": user.sub})
            for name in ("runs", "attempts", "tickets", "states", "mails", "proofs")
        ),
        (INVITATIONS, {"invited_by": user.sub}),
        (INVITATIONS, {"accepted_by": user.sub}),
        (INVITATIONS, {"email": same_address(user.email)}),
    ]


def _naming(user: User) -> list[tuple[str, dict[str, str]]]:
    """Where records of others name them."""
    return [
        (EXPORTERS, {"author": user.sub}),
        (EXPORTERS, {"run_as": user.sub}),
        (EXPORTERS, {"frozen_by": user.sub}),
        (CONNECTIONS, {"left_by": user.sub}),
        (LEASES, {"user": user.sub}),
    ]
