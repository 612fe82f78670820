"""Storing a consent: the grant, its company's connection, its user's membership.

Each store is its own; a kill between two of them leaves something harmless that the next
connect completes: an id for a company, a version nobody points at, a grant nobody uses yet.
"""

from __future__ import annotations

import logging
import secrets as randomness
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from counterfoil.core.connecting import CompanyFacts
from counterfoil.core.errors import ServiceUnavailable
from counterfoil.core.grants import (
    Grant,
    GrantState,
    grant_id,
    may_read,
    versions_between,
    with_pair,
)
from counterfoil.core.health import SOON, days_left
from counterfoil.core.people import ConnectionState, Role, User
from counterfoil.core.stores import AlreadyThere, Changed, Document
from counterfoil.core.tokens import TokenAnswer
from counterfoil.flows.active_grants import CONNECTIONS
from counterfoil.flows.companies import REALMS
from counterfoil.flows.connections import MEMBERS, member_id
from counterfoil.flows.grants import Grants, HeldGrant
from counterfoil.flows.leaving import in_doubt
from counterfoil.flows.leftovers import left_over
from counterfoil.flows.ports import Clock, Records
from counterfoil.flows.rewriting import TRIES, rounds
from counterfoil.flows.storing import Storing

log = logging.getLogger("counterfoil.connect")


@dataclass(frozen=True, slots=True)
class Consent:
    """Somebody's consent for a company that has answered for itself."""

    user: User
    realm_id: str
    sub: str  # Intuit's
    answer: TokenAnswer
    facts: CompanyFacts
    given_at: datetime  # before Intuit was asked for the tokens


class CompanyLeft(Exception):
    """Somebody paused or deleted the company meanwhile; `grant` is what was stored before it was
    noticed.
    """

    def __init__(self, grant: Grant | None) -> None:
        super().__init__("left meanwhile")
        self.grant = grant


class Joining:
    def __init__(
        self, records: Records, grants: Grants, now: Clock, step: Callable[[str], None]
    ) -> None:
        self._records = records
        self._grants = grants
        self._storing = Storing(records, now)
        self._now = now
        self._step = step

    def realm_of(self, connection_id: str) -> str | None:
        connection = self._records.get(CONNECTIONS, connection_id)
        return str(connection.data["realm_id"]) if connection else None

    def join(self, consent: Consent) -> str:
        """The connection's id, once grant, connection and membership are stored."""
        claim = self._claim(consent.realm_id)
        connection_id = str(claim.data["connection_id"])
        self._step("realm_claimed")
        _check_not_left(self._records.get(CONNECTIONS, connection_id), consent)
        grant = self._stored_grant(connection_id, consent)
        self._step("grant_stored")
        try:
            self._store_connection(grant, consent, claim)
            self._step("connection_stored")
            self._store_member(connection_id, consent.user)
            self._check_claim(claim)
            # The tick may have found it without a member just before.
            _check_not_left(self._records.get(CONNECTIONS, connection_id), consent)
        except CompanyLeft:
            raise CompanyLeft(grant) from None
        self._step("member_stored")
        return connection_id

    def _claim(self, realm_id: str) -> Document:
        """One connection per company: whoever claims the realm first names it."""
        claim = self._records.get(REALMS, realm_id)
        if claim is None:
            fresh = f"con_{randomness.token_urlsafe(16)}"
            try:
                claim = self._records.create(REALMS, realm_id, {"connection_id": fresh})
            except AlreadyThere:
                claim = self._records.get(REALMS, realm_id)
        if claim is None:
            raise _busy_store()
        return claim

    def _check_claim(self, claim: Document) -> None:
        """A delete frees the realm before it removes the connection: who finds no connection and
        then the claim as it was knows that nobody has deleted one in between.
        """
        found = self._records.get(REALMS, claim.id)
        if found is None or found.version != claim.version:
            raise CompanyLeft(None)

    def _stored_grant(self, connection_id: str, consent: Consent) -> Grant:
        """The refresh token's version first, then the record that points at it."""
        held = self._grants.get(grant_id(connection_id, consent.sub))
        base = held.grant if held else self._empty(connection_id, consent)
        # Also over a grant that is there: whoever ends it meanwhile may be done before our version
        # makes its secret anew.
        self._storing.begin(replace(base, user=consent.user.sub))
        version = self._grants.new_version(base, consent.answer.refresh or "")
        self._step("secret_stored")
        grant = self._pointed_at(held, connection_id, consent, version)
        with left_over(log, connection=connection_id):
            self._storing.end(grant)
        if held is None and self._grants.refresh_value(grant, version) is None:
            # Somebody had everything about them deleted, or we were given up for dead.
            raise CompanyLeft(grant)
        return grant

    def _pointed_at(
        self, held: HeldGrant | None, connection_id: str, consent: Consent, version: str
    ) -> Grant:
        for _ in range(TRIES):
            grant = self._renewed(held, connection_id, consent, version)
            try:
                if held is None:
                    return self._grants.create(grant).grant
                self._grants.replace(held, grant)
            except (AlreadyThere, Changed):
                was_there, held = held is not None, self._grants.get(grant.id)
                if was_there and held is None:
                    # Whoever ended it may have been done before our version made the secret anew.
                    self._grants.forget_secret(grant)
                    raise CompanyLeft(None) from None
                continue
            with left_over(log, connection=connection_id):
                self._grants.forget_versions(held.grant, grant)
            return grant
        raise _busy_store()

    def _renewed(
        self, held: HeldGrant | None, connection_id: str, consent: Consent, version: str
    ) -> Grant:
        base = held.grant if held else self._empty(connection_id, consent)
        if held is None:
            # Versions below it were stored by somebody who died before making the grant.
            orphans = tuple(versions_between("1", version))
            base = replace(base, refresh_version=version, superseded=orphans)
        sealed = self._grants.sealed_access(base, consent.answer.access, base.generation + 1)
        grant = with_pair(
            base, consent.answer, sealed_access=sealed, version=version, now=self._now()
        )
        # A new consent has its own expiries, and belongs to whoever brought it.
        return replace(
            grant,
            user=consent.user.sub,
            email=consent.user.email,
            refresh_expires=consent.answer.refresh_expires,
            hard_expires=consent.answer.hard_expires,
            denials=(),
        )

    def _empty(self, connection_id: str, consent: Consent) -> Grant:
        now = self._now()
        return Grant(
            connection_id=connection_id,
            realm_id=consent.realm_id,
            sub=consent.sub,
            user=consent.user.sub,
            email=consent.user.email,
            generation=0,
            access="",
            access_expires=now,
            refresh_version="",
            previous_version=None,
            previous_until=None,
            refresh_expires=None,
            hard_expires=None,
            state=GrantState.GOOD,
            refusals=(),
            refreshed_at=now,
            refresh_started=None,
        )

    def _store_connection(self, grant: Grant, consent: Consent, claim: Document) -> None:
        facts = consent.facts
        known = {
            "name": facts.name,
            "country": facts.country,
            "currency": facts.currency,
            "fiscal_month": facts.fiscal_month,
        }
        for _ in rounds(_busy_store):
            held = self._records.get(CONNECTIONS, grant.connection_id)
            try:
                if held is None:
                    self._check_claim(claim)
                    made: dict[str, Any] = {
                        "realm_id": grant.realm_id,
                        "state": ConnectionState.CONNECTED.value,
                        "active_grant": grant.id,
                        "created_at": self._now(),
                        # Until its first member is stored, and if we die before that.
                        **in_doubt(self._now()),
                        **known,
                    }
                    self._records.create(CONNECTIONS, grant.connection_id, made)
                else:
                    _check_not_left(held, consent)
                    # A spare leaves a healthy grant in place.
                    alive = self._alive(held.data, grant)
                    self._records.replace(held, {**held.data, **known, **alive})
                return
            except (AlreadyThere, Changed):
                continue

    def _alive(self, connection: Mapping[str, Any], grant: Grant) -> dict[str, str | None]:
        """What changes in the connection: the new grant takes over unless another is well."""
        state = ConnectionState(connection["state"])
        active = self._grants.get(connection["active_grant"])
        if (
            active is not None
            and active.grant.id != grant.id
            and active.grant.state is GrantState.GOOD
            and may_read(active.grant)
            and state is not ConnectionState.NEEDS_RECONNECTION
            and not self._outlasts(grant, active.grant)
        ):
            return {}
        # A pause has destroyed every key: a consent is what ends it.
        return {
            "active_grant": grant.id,
            "state": ConnectionState.CONNECTED.value,
            "hinted_at": None,
            "left_by": None,
        }

    def _outlasts(self, fresh: Grant, active: Grant) -> bool:
        """Whether the active one is so near its end that people were told to press Reconnect, and
        the fresh one ends later.
        """
        if active.expires is None or days_left(active.expires, self._now()) > SOON:
            return False
        return fresh.expires is None or fresh.expires > active.expires

    def _store_member(self, connection_id: str, user: User) -> None:
        """Whoever brings a consent is an owner, whatever they were before."""
        id = member_id(connection_id, user.sub)
        for _ in rounds(_busy_store):
            held = self._records.get(MEMBERS, id)
            try:
                if held is None:
                    self._records.create(
                        MEMBERS,
                        id,
                        {"connection_id": connection_id, "user": user.sub, "email": user.email,
                         "role": Role.OWNER.value, "since": self._now()},
                    )  # fmt: skip
                else:
                    changes = {"email": user.email, "role": Role.OWNER.value}
                    self._records.replace(held, {**held.data, **changes})
                return
            except (AlreadyThere, Changed):
                continue


def _check_not_left(connection: Document | None, consent: Consent) -> None:
    """Ending a consent at Intuit ends every token of that person for that company: those of a
    consent that was given before the end are dead as well.
    """
    if connection is None:
        return
    ended: datetime | None = connection.data.get("left_at")
    if connection.data.get("leaving") or (ended is not None and consent.given_at < ended):
        raise CompanyLeft(None)


def _busy_store() -> ServiceUnavailable:
    return ServiceUnavailable(
        "Somebody is connecting or leaving the same company at this moment. Please press Connect "
        "again."
    )
