"""What QuickBooks' "disconnect" page tells us: a hint that anybody could fake.

The page only notes it, with the same work for every company, ours or not: a read and a write of
one place out of a fixed number. The hourly tick verifies it, where a processor is at hand until
it is done.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Protocol

from counterfoil.core.connecting import is_realm
from counterfoil.core.errors import AppError, ConnectionBusy, QuickBooksBusy, ServiceUnavailable
from counterfoil.core.stores import AlreadyThere, Changed, Document
from counterfoil.flows.active_grants import CONNECTIONS
from counterfoil.flows.companies import REALMS
from counterfoil.flows.leftovers import on_its_own
from counterfoil.flows.ports import Clock, Records
from counterfoil.flows.rewriting import rewritten
from counterfoil.flows.scans import each

log = logging.getLogger("counterfoil.hints")

HINTS = "hints"
KEPT = timedelta(days=1)
SPACING = timedelta(hours=1)  # between two verifications of a company
# So that no flood of made-up companies fills the store. Two that share a place cost the earlier
# one its hint; the next export, or the keep-alive, notices as well.
PLACES = 4096
MOST_AT_ONCE = 50  # verified by one tick: a refresh each


@dataclass(frozen=True, slots=True)
class Hints:
    """Notes hints, for `pages`."""

    records: Records
    now: Clock

    def disconnected(self, realm_id: str) -> None:
        """Says nothing: whoever asks learns not even whether we know it."""
        if not is_realm(realm_id):
            return
        id = _place(realm_id)
        noted = {"realm_id": realm_id, "expires_at": self.now() + KEPT}
        try:
            held = self.records.get(HINTS, id)
            if held is None:
                self.records.create(HINTS, id, noted)
            else:
                self.records.replace(held, noted)
        except (AlreadyThere, Changed):
            return  # somebody else's came first
        except AppError as error:
            log.warning("hint lost", extra={"fields": {"code": error.code}})


class Verifying(Protocol):
    """What it needs of FreshTokens."""

    def verify(self, connection_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class HintCheck:
    """Verifies hints, for the tick."""

    records: Records
    tokens: Verifying
    now: Clock

    def verify(self, has_time: Callable[[], bool] = lambda: True) -> int:
        """How many companies were asked about."""
        asked = 0
        for hint in list(each(self.records, HINTS, {})):
            if asked == MOST_AT_ONCE or not has_time():
                break
            asked += on_its_own(
                partial(self._verified, hint), False, log=log, told="hint not checked"
            )
        return asked

    def _verified(self, hint: Document) -> bool:
        """Whether Intuit was asked; its refusals decide what becomes of the company. The hint
        stays until Intuit has said something, or its day is over.
        """
        company = self._company(hint)
        if company is None:
            self._done_with(hint)
            return False
        if not self._our_turn(company):
            return False  # a later tick
        try:
            self.tokens.verify(company.id)
        except _PASSING as error:
            log.info("hint kept", extra={"fields": {"code": error.code}})
            return True
        except AppError as error:
            log.info("hint checked", extra={"fields": {"code": error.code}})
        self._done_with(hint)
        return True

    def _company(self, hint: Document) -> Document | None:
        """The company, if it is ours and the hint still good."""
        if self.now() >= hint.data["expires_at"]:
            return None
        claim = self.records.get(REALMS, str(hint.data["realm_id"]))
        return self.records.get(CONNECTIONS, claim.data["connection_id"]) if claim else None

    def _our_turn(self, company: Document) -> bool:
        """At most once an hour, whoever hints and however often."""
        now = self.now()

        def hinted(data: Mapping[str, Any]) -> Mapping[str, Any] | None:
            last = data.get("hinted_at")
            if last is not None and now - last < SPACING:
                return None
            return {**data, "hinted_at": now}

        after = rewritten(self.records, company, hinted)
        return after is not None and bool(after.data.get("hinted_at") == now)

    def _done_with(self, hint: Document) -> None:
        with suppress(Changed):  # another one came meanwhile, and is verified for itself
            self.records.delete(HINTS, hint.id, version=hint.version)


# Nothing was learnt; Intuit, or whoever is in the way, may have a better hour.
_PASSING = (ConnectionBusy, QuickBooksBusy, ServiceUnavailable)


def _place(realm_id: str) -> str:
    digest = hashlib.sha256(realm_id.encode()).digest()
    return f"hint_{int.from_bytes(digest[:4], 'big') % PLACES:04d}"
