"""A code of Intuit's becomes a stored consent, or nothing does and what was given is given back."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterfoil.core.connecting import CompanyFacts, Outcome, company_facts, is_realm
from counterfoil.core.errors import AppError
from counterfoil.core.people import User
from counterfoil.core.tokens import GrantRefused, NotATokenAnswer, TokenAnswer, token_answer
from counterfoil.flows.grants import Grants
from counterfoil.flows.joining import CompanyLeft, Consent, Joining
from counterfoil.flows.leaving import Leaving
from counterfoil.flows.ports import Clock, CompanyRead, IntuitOAuth

log = logging.getLogger("counterfoil.connect")


class Ended(Exception):
    """The attempt is over and nothing was stored."""

    def __init__(self, outcome: Outcome, *, picked: str = "") -> None:
        super().__init__(outcome.value)
        self.outcome = outcome
        self.picked = picked


@dataclass(slots=True)
class ConsentTaking:
    grants: Grants
    joining: Joining
    leaving: Leaving
    intuit: IntuitOAuth
    company_info: CompanyRead
    preferences: CompanyRead
    now: Clock

    def taken(self, asked: Mapping[str, Any], code: str, realm_id: str) -> str:
        """The connection's id, once everything is stored. Raises Ended."""
        if not code or not is_realm(realm_id):
            raise Ended(Outcome.FAILED)
        self._finish_leaving(realm_id)
        given_at = self.now()
        answer, sub = self._exchanged(code)
        confirmed = False
        try:
            facts = self._facts(realm_id, answer.access)
            confirmed = True
            self._check_company(asked, realm_id, facts)
        except Ended:
            self._give_back(answer, sub, realm_id if confirmed else None)
            raise
        user = User(asked["user"], asked["email"])
        try:
            return self.joining.join(Consent(user, realm_id, sub, answer, facts, given_at))
        except CompanyLeft as left:
            if left.grant is None:
                self._give_back(answer, sub, realm_id)
            else:
                self.leaving.end_grant(left.grant)
            raise Ended(Outcome.BUSY) from None
        except AppError:
            # Once the grant is stored, it lives on what we were given, and the next connect or
            # the hourly tick goes on with it: nothing is revoked then.
            self._give_back(answer, sub, realm_id)
            raise

    def _finish_leaving(self, realm_id: str) -> None:
        """Before the code is used: to end an old consent ends the tokens of a new one as well."""
        try:
            self.leaving.finish_realm(realm_id)
        except AppError as error:
            raise Ended(Outcome.BUSY if error.retryable else Outcome.FAILED) from None

    def _exchanged(self, code: str) -> tuple[TokenAnswer, str]:
        asked_at = self.now()
        try:
            raw = self.intuit.exchange(code)
            answer = token_answer(raw, asked_at)
            if answer.refresh is None:
                raise NotATokenAnswer("refresh_token is missing")
        except (GrantRefused, NotATokenAnswer) as error:
            log.warning("exchange", extra={"fields": {"error": type(error).__name__}})
            raise Ended(Outcome.FAILED) from None
        except AppError as error:
            raise Ended(Outcome.BUSY if error.retryable else Outcome.FAILED) from None
        return answer, self._subject(raw)

    def _subject(self, raw: Mapping[str, Any]) -> str:
        """Whose consent it is, by Intuit's word. Without it nothing is given back: to revoke ends
        every consent of that person for the company, and we cannot tell whether we live on one.
        """
        try:
            return self.intuit.subject(raw)
        except (NotATokenAnswer, AppError) as error:
            log.warning("consent left at intuit", extra={"fields": {"error": type(error).__name__}})
            busy = isinstance(error, AppError) and error.retryable
            raise Ended(Outcome.BUSY if busy else Outcome.FAILED) from None

    def _facts(self, realm_id: str, access: str) -> CompanyFacts:
        """Asked with the token of this very exchange: only its own company answers to it."""
        try:
            info = self.company_info(realm_id, access)
            return company_facts(info, self.preferences(realm_id, access))
        except AppError as error:
            fields = {"code": error.code, "fault": error.details.get("intuit_code")}
            log.warning("company not confirmed", extra={"fields": fields})
            raise Ended(_why(error)) from None

    def _check_company(self, asked: Mapping[str, Any], realm_id: str, facts: CompanyFacts) -> None:
        if asked["reconnect"] is None:
            return
        meant = self.joining.realm_of(asked["reconnect"])
        if meant is None:
            raise Ended(Outcome.COMPANY_GONE)
        if meant != realm_id:
            raise Ended(Outcome.OTHER_COMPANY, picked=facts.name)

    def _give_back(self, answer: TokenAnswer, sub: str, realm_id: str | None) -> None:
        """Revokes what we were given and do not keep.

        Revoking ends every grant of that Intuit user for that company, so not while a stored one
        lives on it. When the company was never confirmed, any of theirs may be the one.
        """
        if self.grants.lives_on(sub, realm_id):
            return
        try:
            self.intuit.revoke(answer.refresh or answer.access)
        except AppError as error:
            # Nobody holds it any more; it dies unused.
            log.warning("not revoked", extra={"fields": {"code": error.code}})


# Intuit's code for a person without the rights to the company
# (https://developer.intuit.com/app/developer/qbo/docs/develop/troubleshooting/error-codes).
_NO_RIGHTS = frozenset({"120", "5020"})


def _why(error: AppError) -> Outcome:
    if error.details.get("intuit_code") in _NO_RIGHTS:
        return Outcome.NOT_ADMIN
    return Outcome.BUSY if error.retryable else Outcome.UNCONFIRMED
