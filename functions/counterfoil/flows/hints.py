"""What QuickBooks' "disconnect" page tells us: a hint that anybody could fake.

The page only notes it, with the same work for every company, ours or not: a read and a write of
one place out of a fixed number. The hourly tick verifies it, where a processor is at hand until
it is done.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from counterfoil.core.connecting import is_realm
from counterfoil.core.errors import AppError
from counterfoil.core.stores import AlreadyThere, Changed, Document
from counterfoil.flows.active_grants import CONNECTIONS
from counterfoil.flows.companies import REALMS
from counterfoil.flows.ports import AccessTokens, Clock, Records
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


@dataclass(frozen=True, slots=True)
class HintCheck:
    """Verifies hints, for the tick."""

    records: Records
    tokens: AccessTokens
    now: Clock

    def verify(self, has_time: Callable[[], bool] = lambda: True) -> int:
        """How many companies were asked about."""
        asked = 0
        for hint in list(each(self.records, HINTS, {})):
            if asked == MOST_AT_ONCE or not has_time():
                break
            asked += self._verified(hint)
        return asked

    def _verified(self, hint: Document) -> bool:
        """By a refresh, at most once an hour; its own refusals decide what becomes of it."""
        asked = False
        try:
            self.records.delete(HINTS, hint.id, version=hint.version)
            company = self._company(str(hint.data["realm_id"]))
            if company is None or self.now() >= hint.data["expires_at"]:
                return False
            self.records.replace(company, {**company.data, "hinted_at": self.now()})
            asked = True
            token = self.tokens.for_connection(company.id)
            self.tokens.after_refusal(company.id, token)
        except Changed:
            return asked
        except AppError as error:
            log.info("hint checked", extra={"fields": {"code": error.code}})
        return asked

    def _company(self, realm_id: str) -> Document | None:
        """The company, if it is ours and was not asked about within the hour."""
        claim = self.records.get(REALMS, realm_id)
        held = self.records.get(CONNECTIONS, claim.data["connection_id"]) if claim else None
        last = held.data.get("hinted_at") if held else None
        return None if last is not None and self.now() - last < SPACING else held


def _place(realm_id: str) -> str:
    digest = hashlib.sha256(realm_id.encode()).digest()
    return f"hint_{int.from_bytes(digest[:4], 'big') % PLACES:04d}"
