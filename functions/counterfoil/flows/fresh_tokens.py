"""connection -> an access token that will last (design: The life of a token).

Lease, re-read, mark, ask, store, use. The order is the design: a refresh token that Intuit has
rotated and that is lost here cannot be had again without asking the person.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from counterfoil.core.errors import ConnectionSuspect, QuickBooksBusy
from counterfoil.core.grants import (
    Grant,
    GrantState,
    newer_versions,
    refresh_lease,
    refused,
    started,
    with_pair,
    without_stale_previous,
)
from counterfoil.core.refresh_times import ASKED_WITHIN_S, LEASE_LASTS, STORE_CALL_S
from counterfoil.core.stores import Changed
from counterfoil.core.tokens import (
    GrantRefused,
    NotATokenAnswer,
    TokenAnswer,
    may_ask_again,
    token_answer,
)
from counterfoil.flows.active_grants import ActiveGrants
from counterfoil.flows.denials import after_denial, after_read
from counterfoil.flows.flights import Flights, in_a_thread
from counterfoil.flows.grants import Grants, HeldGrant
from counterfoil.flows.holding import Holding
from counterfoil.flows.leases import Leases
from counterfoil.flows.leftovers import left_over
from counterfoil.flows.ports import Clock, IntuitOAuth, Records, Sealer, Secrets
from counterfoil.flows.waiting import PATIENCE, Patience

log = logging.getLogger("counterfoil.tokens")

# Versions written by a holder who died before pointing at them. One is the rule; a few numbers
# may have gone to holders whose lease had run out.
PROBED = 4

# Who else writes the grant under the lease: somebody whose lease ran out, a denial.
_TRIES = 8


class FreshTokens:
    """Implements `ports.AccessTokens`.

    `step` is told the name of each step as it is done, so that a test can pull the plug there.
    The function that only refreshes hands in a longer `patience`.
    """

    def __init__(
        self,
        *,
        records: Records,
        secrets: Secrets,
        sealer: Sealer,
        intuit: IntuitOAuth,
        now: Clock,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
        spawn: Callable[[Callable[[], None]], None] = in_a_thread,
        patience: timedelta = PATIENCE,
        step: Callable[[str], None] = lambda label: None,
    ) -> None:
        self._grants = Grants(records, secrets, sealer)
        self._active = ActiveGrants(records, self._grants)
        self._leases = Leases(records, now)
        self._intuit = intuit
        self._now = now
        self._sleep = sleep
        self._monotonic = monotonic
        self._jitter = jitter
        self._flights = Flights(patience, spawn)
        self._step = step
        self._doubted: set[str] = set()  # connections whose consent was denied lately

    def for_connection(self, connection_id: str) -> str:
        """An access token good for at least REFRESH_MARGIN.

        Raises NotFound, ConnectionPaused, ReconnectRequired (only a new consent helps), and
        ConnectionSuspect, ConnectionBusy, QuickBooksBusy, ServiceUnavailable (try again).
        """
        return self._token(connection_id, None)

    def after_refusal(self, connection_id: str, refused: str) -> str:
        """QuickBooks answered 401 to `refused`: another token, refreshed at most once for all."""
        return self._token(connection_id, refused)

    def after_denial(self, connection_id: str, token: str) -> bool:
        """QuickBooks said that whoever consented to `token` has lost their rights (fault 120).

        True when it is worth asking again: another person's consent has taken over. Raises
        NotFound, ConnectionPaused, ReconnectRequired, ServiceUnavailable.
        """
        return after_denial(self._active, self._grants, self._now, connection_id, token, self._step)

    def after_read(self, connection_id: str, token: str) -> None:
        """QuickBooks let whoever consented to `token` read: their rights are back."""
        if connection_id in self._doubted:
            self._doubted.discard(connection_id)
            after_read(self._active, self._grants, connection_id, token)

    def renew(self, connection_id: str, *, past: int | None = None) -> None:
        """There is a good token in the store afterwards, for whoever asked for it from outside.

        `past` is the generation of the token to which QuickBooks answered 401: another one is
        asked for unless somebody has done that already. Raises as `for_connection`.
        """
        seen = self._active.grant(connection_id).grant
        self._token(connection_id, self._grants.access(seen) if seen.generation == past else None)

    def verify(self, connection_id: str) -> None:
        """Asks Intuit once, however good the stored token looks. Raises as `for_connection`."""
        self._token(connection_id, self._grants.access(self._active.grant(connection_id).grant))

    def keep(self, grant_id: str) -> bool:
        """Refreshes a consent that nobody uses just now; False when it is not good afterwards.

        Raises as `for_connection`.
        """
        seen = self._grants.get(grant_id)
        if seen is None or not may_ask_again(seen.grant.refusals, self._now()):
            return False
        # One in doubt may have an access token that is good, and no refresh token that is.
        past = self._grants.access(seen.grant) if seen.grant.refresh_started else None
        if self._usable(seen.grant, past) is not None:
            return True
        # As any refresh: in a flight of its own, which nothing cuts short.
        return bool(self._flights.share(grant_id, lambda: self._kept(seen, past)))

    def _kept(self, seen: HeldGrant, past: str | None) -> str:
        return self._refreshed(seen, past, self._ask_by()) or ""

    def _ask_by(self) -> float:
        return self._monotonic() + ASKED_WITHIN_S

    def _token(self, connection_id: str, refused: str | None) -> str:
        grant = self._active.grant(connection_id).grant
        if grant.denials:
            self._doubted.add(connection_id)
        token = self._usable(grant, refused)
        if token is None:
            token = self._flights.share(
                connection_id, lambda: self._renewed(connection_id, refused)
            )
        return token

    def _usable(self, grant: Grant, refused: str | None) -> str | None:
        return self._grants.usable(grant, self._now(), refused)

    def _renewed(self, connection_id: str, refused: str | None) -> str:
        patience, ask_by = Patience(self._sleep, self._jitter), self._ask_by()
        while True:
            seen = self._active.grant(connection_id)
            token = self._usable(seen.grant, refused)
            if token is not None:
                return token
            if seen.grant.state is GrantState.REFUSED:
                self._active.move_to_spare(connection_id, seen.grant)
            elif not may_ask_again(seen.grant.refusals, self._now()):
                raise _suspect()
            else:
                token = self._refreshed(seen, refused, ask_by)
                if token is not None:
                    return token
            patience.pause()

    def _refreshed(self, seen: HeldGrant, refused: str | None, ask_by: float) -> str | None:
        """A token after one refresh, ours or somebody else's; None: look again at what there is."""
        # Before the lease, which has no time for it.
        self._intuit.ready()
        lease = self._leases.take(refresh_lease(seen.grant.id), LEASE_LASTS)
        if lease is None:
            return None
        holding = Holding(
            self._leases,
            lease,
            lasts=LEASE_LASTS,
            monotonic=self._monotonic,
            sleep=self._sleep,
            ask_by=ask_by,
        )
        try:
            self._step("lease_taken")
            return self._under_lease(seen.grant.id, refused, holding)
        finally:
            holding.release()
            self._step("released")

    def _under_lease(self, grant_id: str, refused: str | None, holding: Holding) -> str | None:
        # Somebody else may have refreshed while we waited for the lease.
        held = self._grants.get(grant_id)
        self._step("re_read")
        if held is None or held.grant.state is GrantState.REFUSED:
            return None
        token = self._usable(held.grant, refused)
        if token is not None or not may_ask_again(held.grant.refusals, self._now()):
            return token
        in_doubt = held.grant.refresh_started
        try:
            held = self._grants.replace(held, started(held.grant, self._now()))
        except Changed:
            return None
        self._step("marked")
        return self._asked(held, in_doubt, refused, holding)

    def _asked(
        self, held: HeldGrant, in_doubt: datetime | None, refused: str | None, holding: Holding
    ) -> str | None:
        tried: set[str] = set()
        for version in self._candidates(held.grant, in_doubt):
            value = self._grants.refresh_value(held.grant, version)
            if value is None or value in tried:
                continue
            # Each question may take two minutes, and the stores may have been slow before it.
            holding.renew()
            tried.add(value)
            try:
                answer = self._ask(value)
            except GrantRefused:
                # Somebody whose lease ran out, or a new consent, may have stored a better one.
                current = self._grants.get(held.grant.id)
                if current is None or current.grant.generation != held.grant.generation:
                    return None
                held = current
                continue
            self._step("asked")
            return self._stored(held, version, value, answer, holding)
        self._note_refusal(held, in_doubt, refused)
        return None

    def _candidates(self, grant: Grant, in_doubt: datetime | None) -> Iterator[str]:
        """The versions worth asking with, best first.

        Normally the current one. After an end in doubt (an answer lost, a holder killed) first
        what such a holder may have stored without pointing at it, which is newer than the
        current one; then the current one again; then the one before, while it is kept.
        """
        newer = newer_versions(grant.refresh_version, PROBED)
        if in_doubt is None:
            yield grant.refresh_version
            yield from newer
            return
        yield from newer
        yield grant.refresh_version
        before = without_stale_previous(grant, self._now()).previous_version
        if before is not None:
            yield before

    def _ask(self, value: str) -> TokenAnswer:
        """One question to Intuit. Never repeated here: the answer may be lost, not the rotation."""
        asked_at = self._now()
        answer: Mapping[str, Any] = self._intuit.refresh(value)
        try:
            return token_answer(answer, asked_at)
        except NotATokenAnswer as error:
            raise QuickBooksBusy(
                "QuickBooks' sign-in service did not answer properly. Please try again in a minute."
            ) from error

    def _stored(
        self, held: HeldGrant, version: str, value: str, answer: TokenAnswer, holding: Holding
    ) -> str | None:
        """The access token, once the pair is stored; None when a newer pair was there already."""
        before = held.grant
        if answer.refresh is not None and answer.refresh != value:
            # From here until the store has acknowledged is the one window in which a kill costs
            # the grant. Nothing else may happen in it.
            version = holding.insist(
                partial(self._grants.new_version, before, answer.refresh), then_s=STORE_CALL_S
            )
        self._step("secret_stored")
        stored = self._pointed(held, version, answer, holding)
        if stored is None:
            return None
        self._step("grant_stored")
        self._tidy_up(before, stored)
        return answer.access

    def _pointed(
        self, held: HeldGrant, version: str, answer: TokenAnswer, holding: Holding
    ) -> Grant | None:
        """The grant with the new pair, stored; None when a newer pair was there already."""
        generation = held.grant.generation
        for _ in range(_TRIES):
            sealed = self._grants.sealed_access(held.grant, answer.access, generation + 1)
            after = with_pair(
                held.grant, answer, sealed_access=sealed, version=version, now=self._now()
            )
            try:
                return holding.insist(partial(self._grants.replace, held, after)).grant
            except Changed:
                # If only a mark, a refusal or a denial came between, our pair is the newer one,
                # also when a frozen process wakes up after its lease.
                found = self._grants.get(after.id)
            if found is None:
                # Whoever ended it may have been done before our version made the secret anew.
                with left_over(log, **_fields(after)):
                    self._grants.forget_secret(after)
            if found is None or found.grant.generation != generation:
                return None
            held = found
        return None

    def _tidy_up(self, before: Grant, after: Grant) -> None:
        log.info("token refreshed", extra={"fields": _fields(after) | {"outcome": "refreshed"}})
        with left_over(log, **_fields(after)):
            self._active.note(after)
        with left_over(log, **_fields(after)):
            self._grants.forget_versions(before, after)

    def _note_refusal(self, held: HeldGrant, in_doubt: datetime | None, token: str | None) -> None:
        now = self._now()
        after = refused(held.grant, now, in_doubt)
        if token is not None:
            # The API has refused the access token as well: nobody else need try it.
            after = replace(after, access_expires=min(after.access_expires, now))
        try:
            self._grants.replace(held, after)
        except Changed:
            return
        self._step("refusal_stored")
        log.warning(
            "token refused", extra={"fields": _fields(after) | {"state": after.state.value}}
        )
        with left_over(log, **_fields(after)):
            self._active.note(after)


def _suspect() -> ConnectionSuspect:
    return ConnectionSuspect(
        "QuickBooks refused this company's key just now. That often passes by itself: please try "
        "again in a few minutes."
    )


def _fields(grant: Grant) -> dict[str, str | int]:
    return {"connection": grant.connection_id, "generation": grant.generation}
