"""Taking a company out of use, in steps that can each be repeated (design: pause, delete).

First the connection's record says what is under way; from then on nothing refreshes or joins
it. A crash leaves the mark, and whoever comes next (the same call again, somebody who connects
the company, the hourly sweep) finishes it.
"""

from __future__ import annotations

import enum
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from counterfoil.core.errors import AppError, ConnectionBusy, ServiceUnavailable
from counterfoil.core.grants import Grant, newer_versions, refresh_lease
from counterfoil.core.people import ConnectionState, User
from counterfoil.core.refresh_times import LEASE_LASTS
from counterfoil.core.stores import Changed, Document
from counterfoil.flows.active_grants import CONNECTIONS
from counterfoil.flows.companies import REALMS, Companies
from counterfoil.flows.connections import MEMBERS
from counterfoil.flows.fresh_tokens import PROBED
from counterfoil.flows.grants import GRANTS, Grants, HeldGrant
from counterfoil.flows.leases import LEASES, LeaseLost, Leases
from counterfoil.flows.leftovers import on_its_own
from counterfoil.flows.ports import Clock, IntuitOAuth, Records, Sealer, Secrets
from counterfoil.flows.rewriting import rewritten
from counterfoil.flows.scans import each

log = logging.getLogger("counterfoil.leaving")

# A refresh under way takes about a second and is never cut short.
_PAUSES_S = (0.2, 0.5, 1.0, 2.0, 4.0)


class What(enum.StrEnum):
    PAUSE = "pause"
    DELETE = "delete"


# Longer than any connect, leave or erasing takes.
DOUBT_LASTS = timedelta(minutes=10)


def in_doubt(now: datetime) -> dict[str, Any]:
    """In a connection's record: whether it has a member is to be looked at, by the tick."""
    return {"in_doubt": True, "doubted_at": now}


class Leaving:
    def __init__(
        self,
        *,
        records: Records,
        secrets: Secrets,
        sealer: Sealer,
        intuit: IntuitOAuth,
        now: Clock,
        sleep: Callable[[float], None] = time.sleep,
        step: Callable[[str], None] = lambda label: None,
    ) -> None:
        self._records = records
        self._secrets = secrets
        self._grants = Grants(records, secrets, sealer)
        self._companies = Companies(records)
        self._leases = Leases(records, now)
        self._intuit = intuit
        self._now = now
        self._sleep = sleep
        self._step = step

    def deletes(self, connection_id: str) -> bool:
        """Whether a delete of it was begun and is not finished."""
        held = self._records.get(CONNECTIONS, connection_id)
        return held is not None and held.data.get("leaving") == What.DELETE

    def mark(self, connection_id: str, what: What, by: User) -> bool:
        """From here on the company is paused, whatever happens to us. False where a pause was asked
        for and somebody has begun to delete it: a delete stays one.
        """

        def marked(data: Mapping[str, Any]) -> Mapping[str, Any] | None:
            if data.get("leaving") == What.DELETE:
                return None
            return self._marked(data, what, by.sub)

        held = self._records.get(CONNECTIONS, connection_id)
        kept = rewritten(self._records, held, marked, _busy)
        self._step("leaving_marked")
        return kept is None or kept.data.get("leaving") == what

    def finish(self, connection_id: str) -> None:
        """Does what the mark says; fine when there is none.

        Raises ConnectionBusy while a refresh is under way, QuickBooksBusy when Intuit does not
        confirm the end of a consent: again later, and nothing that was done is done twice.
        """
        held = self._records.get(CONNECTIONS, connection_id)
        what = held.data.get("leaving") if held else None
        if held is None or what is None:
            return
        for grant in self._grants.of_connection(connection_id):
            self.end_grant(grant.grant)
        if what == What.DELETE:
            self._companies.remove(held, self._step)
        else:
            self._settle(connection_id)
        log.info("left", extra={"fields": {"connection": connection_id, "outcome": what}})

    def finish_realm(self, realm_id: str) -> None:
        """The same for a company by QuickBooks' id, before a new consent for it is taken."""
        claim = self._records.get(REALMS, realm_id)
        if claim is not None:
            self.finish(claim.data["connection_id"])

    @contextmanager
    def member_goes(self, connection_id: str) -> Iterator[None]:
        """A membership ends inside; a company that is nobody's then is deleted. Two who go at once
        may both see the other, and either may die: the tick looks again where this was noted.
        """
        doubt = in_doubt(self._now())
        held = self._records.get(CONNECTIONS, connection_id)
        rewritten(self._records, held, lambda data: {**data, **doubt}, _busy)
        yield
        held = self._records.get(CONNECTIONS, connection_id)
        if held is None or self._has_members(connection_id) or not self._is_nobodys(held):
            return
        try:
            self.finish(connection_id)
        except AppError as error:  # whoever went is out; the tick does the rest
            fields = {"connection": connection_id, "code": error.code}
            log.warning("not left yet", extra={"fields": fields})

    def under_way(self) -> Iterator[str]:
        """The connections that somebody began to pause or delete and did not finish, and those
        that turn out to be nobody's.
        """
        for held in list(each(self._records, CONNECTIONS, {"in_doubt": True})):
            on_its_own(partial(self._settle_doubt, held), None, log=log, told="not settled yet")
        for what in What:
            for held in each(self._records, CONNECTIONS, {"leaving": what.value}):
                yield held.id

    def _settle_doubt(self, held: Document) -> None:
        if self._now() - held.data["doubted_at"] < DOUBT_LASTS:
            return
        if not self._has_members(held.id):
            self._is_nobodys(held)
            return
        with suppress(Changed):  # somebody else is going: that is looked at again
            self._records.replace(held, {**held.data, "in_doubt": False})

    def _is_nobodys(self, held: Document) -> bool:
        """Marked, to be deleted, unless it changes or somebody joins at this moment."""
        try:
            marked = self._records.replace(held, self._marked(held.data, What.DELETE, ""))
        except Changed:
            return False
        if not self._has_members(held.id):
            return True
        with suppress(Changed):
            self._records.replace(marked, held.data)
        return False

    def _has_members(self, connection_id: str) -> bool:
        return bool(self._records.find(MEMBERS, {"connection_id": connection_id}, limit=1))

    def _marked(self, data: Mapping[str, Any], what: What, by: str) -> dict[str, Any]:
        changes = {
            "state": ConnectionState.PAUSED.value,
            "leaving": what.value,
            "left_by": by,
            "left_at": self._now(),
        }
        return {**data, **changes}

    def end_grant(self, grant: Grant, *, only_of: str | None = None) -> None:
        """Revoked at Intuit, its secret destroyed, its record gone: in this order, so that
        whoever repeats it still finds what is left to do. With `only_of`, not when somebody
        else has consented anew meanwhile.
        """
        with self._alone(grant) as still_alone:
            held = self._grants.get(grant.id)
            if held is not None and only_of not in (None, held.grant.user):
                return
            if held is not None:
                self._revoke(held.grant, still_alone)
                self._step("revoked")
                still_alone()
                self._secrets.delete(held.grant.secret)
                self._step("secret_destroyed")
            # The lease before the grant: nothing else tells its name. Who takes it meanwhile finds
            # no token to ask with, and what they note of that makes our delete fail.
            self._records.delete(LEASES, refresh_lease(grant.id))
            if held is not None:
                self._forgotten(held)

    def _forgotten(self, held: HeldGrant) -> None:
        try:
            self._records.delete(GRANTS, held.grant.id, version=held.document.version)
        except Changed:
            raise _busy() from None
        self._step("grant_removed")

    def _revoke(self, grant: Grant, still_alone: Callable[[], None]) -> None:
        """Revoking ends every token of that person for that company, so not while another
        stored grant lives on it.
        """
        if self._grants.lives_on(grant.sub, grant.realm_id, besides=grant.id):
            return
        for token in self._tokens(grant):
            still_alone()
            self._intuit.revoke(token)

    def _tokens(self, grant: Grant) -> Iterator[str]:
        """What Intuit may know as the newest refresh token, newest first; none once the secret
        is destroyed: then they were revoked before. Raises ServiceUnavailable for what is sealed
        with a key that the deployment no longer has: docs/runbook.md tells the way out.
        """
        for version in (*newer_versions(grant.refresh_version, PROBED), grant.refresh_version):
            value = self._grants.refresh_value(grant, version, sealed=_sealed)
            if value is not None:
                yield value

    @contextmanager
    def _alone(self, grant: Grant) -> Iterator[Callable[[], None]]:
        """Nobody refreshes it meanwhile. Gives what is asked before what cannot be undone: whoever
        stalled may have been overtaken, also by a new consent. Both raise ConnectionBusy.
        """
        for pause in (*_PAUSES_S, None):
            lease = self._leases.take(refresh_lease(grant.id), LEASE_LASTS)
            if lease is not None:
                break
            if pause is None:
                raise _busy()
            self._sleep(pause)
        assert lease is not None  # noqa: S101 - the loop ends with one or raises

        def still_alone() -> None:
            nonlocal lease
            assert lease is not None  # noqa: S101
            try:
                lease = self._leases.renew(lease, LEASE_LASTS)
            except LeaseLost:
                raise _busy() from None

        try:
            yield still_alone
        finally:
            self._leases.release(lease)

    def _settle(self, connection_id: str) -> None:
        def settled(data: Mapping[str, Any]) -> Mapping[str, Any] | None:
            if data.get("leaving") != What.PAUSE:
                return None
            # The grants are gone, and the record keeps nobody's name.
            return {**data, "leaving": None, "left_at": self._now(), "active_grant": ""}

        rewritten(self._records, self._records.get(CONNECTIONS, connection_id), settled, _busy)
        self._step("pause_settled")


def _sealed() -> ServiceUnavailable:
    return ServiceUnavailable(
        "A consent of this company cannot be ended at QuickBooks: Counterfoil cannot open its own "
        "store. Tell whoever runs it that its master key changed; what to do then is in the "
        "runbook. You can end the consent yourself: press Disconnect inside QuickBooks."
    )


def _busy() -> ConnectionBusy:
    return ConnectionBusy(
        "QuickBooks is being asked about this company at this very moment. It is paused already; "
        "please press the button again in a minute to finish."
    )
