"""Connecting a company: ticket, confirmation, Intuit, callback (design: Connecting).

Nothing that comes back through the browser is believed: the state is ours, used once, and tied
to the browser that left; the company is the one for which Intuit answers with the token of this
very exchange, not the one that the address names.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets as randomness
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from counterfoil.core.authority import Action
from counterfoil.core.connecting import AttemptState, Outcome, sentence, state_of
from counterfoil.core.errors import ConnectionPaused, NotFound, ServiceUnavailable
from counterfoil.core.people import EVERYBODY, Connection, Guests, Sheet, User
from counterfoil.core.stores import Changed, Document
from counterfoil.flows.connections import Connections
from counterfoil.flows.consent_taking import ConsentTaking, Ended
from counterfoil.flows.grants import Grants
from counterfoil.flows.joining import Joining
from counterfoil.flows.leaving import Leaving
from counterfoil.flows.leftovers import left_over
from counterfoil.flows.ports import Clock, CompanyRead, IntuitOAuth, Records, Sealer, Secrets

log = logging.getLogger("counterfoil.connect")

TICKETS, STATES, ATTEMPTS = "tickets", "states", "attempts"

TICKET_LIVES = timedelta(minutes=10)
STATE_LIVES = timedelta(minutes=10)  # to sign in at Intuit and choose a company
RESULT_KEPT = timedelta(hours=1)  # a sidebar that was closed meanwhile still learns the end


@dataclass(frozen=True, slots=True)
class Ticket:
    url_token: str = field(repr=False)
    attempt: str
    lives_s: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """How far connecting has come, for the sidebar that asks."""

    state: AttemptState
    code: str  # an Outcome, or "" while waiting
    message: str
    connection: Connection | None


class Connect:
    def __init__(
        self,
        *,
        records: Records,
        secrets: Secrets,
        sealer: Sealer,
        intuit: IntuitOAuth,
        company_info: CompanyRead,
        preferences: CompanyRead,
        now: Clock,
        guests: Guests = EVERYBODY,
        sleep: Callable[[float], None] = time.sleep,
        step: Callable[[str], None] = lambda label: None,
    ) -> None:
        self._records = records
        self._guests = guests
        self._connections = Connections(records, now)
        self._leaving = Leaving(
            records=records,
            secrets=secrets,
            sealer=sealer,
            intuit=intuit,
            now=now,
            sleep=sleep,
            step=step,
        )
        self._intuit = intuit
        grants = Grants(records, secrets, sealer)
        self._taking = ConsentTaking(
            grants=grants,
            joining=Joining(records, grants, now, step),
            leaving=self._leaving,
            intuit=intuit,
            company_info=company_info,
            preferences=preferences,
            now=now,
        )
        self._now = now

    # From the sidebar

    def ticket(self, user: User, sheet: Sheet, reconnect: str | None = None) -> Ticket:
        """A link for one use within ten minutes. Raises NotFound for a foreign `reconnect`,
        and ConnectionPaused for one that is being deleted.
        """
        if reconnect is not None:
            connection = self._connections.may(user, reconnect, Action.RECONNECT)
            if self._leaving.deletes(reconnect):
                raise ConnectionPaused(
                    f"{connection.name} is being deleted and cannot be reconnected. Press Connect "
                    "to connect the company anew, without its exports."
                )
        ticket, attempt = randomness.token_urlsafe(32), f"att_{randomness.token_urlsafe(16)}"
        expires_at = self._now() + TICKET_LIVES
        self._records.create(
            ATTEMPTS,
            attempt,
            {"user": user.sub, "state": AttemptState.WAITING.value, "code": "", "picked": "",
             "connection_id": reconnect, "expires_at": expires_at},
        )  # fmt: skip
        self._records.create(
            TICKETS,
            _digest(ticket),
            {"user": user.sub, "email": user.email, "domain": user.domain, "sheet": sheet.digest,
             "reconnect": reconnect, "attempt": attempt, "expires_at": expires_at},
        )  # fmt: skip
        return Ticket(ticket, attempt, int(TICKET_LIVES.total_seconds()))

    def attempt(self, user: User, attempt_id: str) -> Attempt:
        """Raises NotFound, also for somebody else's."""
        held = self._attempt(attempt_id)
        if held is None or held.data["user"] != user.sub:
            raise _no_attempt()
        code, connection_id = held.data["code"], held.data["connection_id"]
        over = self._now() >= held.data["expires_at"]
        if code and over:
            raise _no_attempt()
        if not code and not over:
            return Attempt(AttemptState.WAITING, "", "Waiting for QuickBooks.", None)
        outcome = Outcome(code or Outcome.EXPIRED)
        connection = self._member_view(user, connection_id)
        message = sentence(
            outcome, company=connection.name if connection else "", picked=held.data["picked"]
        )
        shown = connection if outcome is Outcome.CONNECTED else None
        return Attempt(state_of(outcome), outcome.value, message, shown)

    # From the browser

    def confirmation(self, ticket: str) -> str:
        """Whose spreadsheets would get the company: an e-mail address. Raises NotFound."""
        return str(self._ticket(ticket).data["email"])

    def refuse(self, ticket: str) -> None:
        """ "This is not me": the ticket is void. One that is void already is fine."""
        try:
            held = self._ticket(ticket)
            self._records.delete(TICKETS, held.id, version=held.version)
        except (NotFound, Changed):
            return
        self._end(held.data["attempt"], Outcome.NOT_ME)

    def consume(self, ticket: str) -> tuple[str, str]:
        """Intuit's address and the secret for this browser's cookie. Raises NotFound."""
        held = self._ticket(ticket)
        state, browser_secret = randomness.token_urlsafe(32), randomness.token_urlsafe(32)
        # Before the ticket is used up: Intuit's addresses may not be known yet, nor to be had.
        url = self._intuit.authorization_url(state)
        try:
            self._records.delete(TICKETS, held.id, version=held.version)
        except Changed:
            raise _no_ticket() from None
        expires_at = self._now() + STATE_LIVES
        self._records.create(
            STATES,
            _digest(state),
            {**held.data, "browser": _digest(browser_secret), "expires_at": expires_at},
        )
        self._change_attempt(held.data["attempt"], {"expires_at": expires_at})
        return url, browser_secret

    def finish(
        self, *, state: str, browser_secret: str, code: str, realm_id: str, error: str
    ) -> Outcome:
        """What came of it; nothing is stored unless it is CONNECTED. Raises ServiceUnavailable."""
        held = self._claimed(state)
        if held is None:
            return Outcome.EXPIRED
        asked = held.data
        outcome = Outcome.FAILED  # unless we get to know better: the sidebar must not wait on
        found: dict[str, str] = {}
        try:
            self._check_browser(asked, browser_secret)
            self._check_answer(error)
            found = {"connection_id": self._taking.taken(asked, code, realm_id)}
            outcome = Outcome.CONNECTED
        except Ended as end:
            outcome, found = end.outcome, {"picked": end.picked}
        except ServiceUnavailable:
            outcome = Outcome.BUSY
            raise
        finally:
            self._end(asked["attempt"], outcome, **found)
        return outcome

    def _claimed(self, state: str) -> Document | None:
        """The state's record, taken out of the store: whoever comes second finds nothing."""
        held = self._records.get(STATES, _digest(state))
        if held is None:
            return None
        try:
            self._records.delete(STATES, held.id, version=held.version)
        except Changed:
            return None
        if self._now() >= held.data["expires_at"] or not self._welcome(held.data):
            self._end(held.data["attempt"], Outcome.EXPIRED)
            return None
        return held

    def _check_browser(self, asked: Mapping[str, Any], browser_secret: str) -> None:
        # A callback that was forwarded, or begun by somebody else, ends before its code is used.
        if not hmac.compare_digest(_digest(browser_secret), asked["browser"]):
            raise Ended(Outcome.OTHER_BROWSER)

    def _check_answer(self, error: str) -> None:
        if error == "access_denied":
            raise Ended(Outcome.REFUSED)
        if error:
            raise Ended(Outcome.BUSY if error in _PASSING else Outcome.FAILED)

    def _ticket(self, ticket: str) -> Document:
        held = self._records.get(TICKETS, _digest(ticket))
        if held is None or self._now() >= held.data["expires_at"] or not self._welcome(held.data):
            raise _no_ticket()
        return held

    def _welcome(self, asked: Mapping[str, Any]) -> bool:
        """Whether this is still for whoever asked: a browser brings no word of Google's."""
        return self._guests.welcome(asked["email"], asked.get("domain", ""))

    def _attempt(self, attempt_id: str) -> Document | None:
        if not attempt_id.startswith("att_") or not attempt_id.isascii() or "/" in attempt_id:
            return None
        return self._records.get(ATTEMPTS, attempt_id)

    def _member_view(self, user: User, connection_id: str | None) -> Connection | None:
        if connection_id is None:
            return None
        try:
            return self._connections.may(user, connection_id, Action.SEE)
        except NotFound:
            return None

    def _end(self, attempt_id: str, outcome: Outcome, **found: str) -> None:
        changes: dict[str, Any] = {
            "state": state_of(outcome).value,
            "code": outcome.value,
            "expires_at": self._now() + RESULT_KEPT,
            **found,
        }
        with left_over(log, attempt=attempt_id):
            self._change_attempt(attempt_id, changes)
        log.info(
            "connect ended", extra={"fields": {"attempt": attempt_id, "outcome": outcome.value}}
        )

    def _change_attempt(self, attempt_id: str, changes: Mapping[str, Any]) -> None:
        held = self._records.get(ATTEMPTS, attempt_id)
        if held is None:
            return
        try:
            self._records.replace(held, {**held.data, **changes})
        except Changed:
            # Only the holder of the ticket, then of the state, writes here; both are used once.
            log.warning("attempt changed", extra={"fields": {"attempt": attempt_id}})


# What an authorization server says when it is not at its best
# (https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1).
_PASSING = frozenset({"server_error", "temporarily_unavailable"})


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _no_ticket() -> NotFound:
    return NotFound("This connect link is no longer good. Press Connect in the sidebar again.")


def _no_attempt() -> NotFound:
    return NotFound("This connect link is not known any more. Press Connect again.")
