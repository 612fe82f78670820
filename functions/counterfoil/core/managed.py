"""Managed refresh: whose service account writes where, how much it can do, and on what proof. Pure.

Google lets one account read 60 times a minute and write 60 times, each in any minute
(https://developers.google.com/workspace/sheets/api/limits); we stay at 55.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from counterfoil.core.plans import Plan
from counterfoil.core.schedules import Schedule, most_in_a_month
from counterfoil.core.windows import Limit

PER_MINUTE = 55
SHEETS_LIMITS = (Limit(PER_MINUTE, 60_000),)
# Of one small refresh, of an update at the most (tests/web/test_managed_refresh.py counts them): it
# reads more than it writes. No export counts as less, and as more once a run of it has cost that.
CALLS_PER_RUN = 11
# Of what an export counts as, once its runs cost less again: a full read may come any time.
SINKS_TO = 0.75
# So much of an account is given away: large tables and repeats want more than that.
_GIVEN_AWAY = 0.8
_MINUTES = 31 * 24 * 60

# What the add-on writes into the spreadsheet, for everybody who may edit it to see.
PROOF_KEY = "counterfoil:proof"

# Due times are looked up by windows of so many seconds.
WINDOW_S = 300


@dataclass(frozen=True, slots=True)
class Managed:
    """What an exporter keeps of it. Whoever proved that they may edit the spreadsheet, the one it
    runs as, proved it for this revision: any change needs another proof.
    """

    spreadsheet: str
    account: str  # the service account's address
    revision: int
    domain: str = ""  # Google's word for the Workspace of whoever proved it

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Managed | None:
        """Of an exporter's record; None where nothing is managed."""
        kept = data.get("managed")
        if not kept:
            return None
        return cls(kept["spreadsheet"], kept["account"], kept["revision"], kept.get("domain", ""))

    def kept(self) -> dict[str, Any]:
        return {
            "spreadsheet": self.spreadsheet,
            "account": self.account,
            "revision": self.revision,
            "domain": self.domain,
        }

    def is_proven(self, data: Mapping[str, Any]) -> bool:
        """Whether the exporter is still what somebody proved it for."""
        return bool(data["revision"] == self.revision)


@dataclass(frozen=True, slots=True)
class Place:
    """A spreadsheet's time zone (IANA) and locale."""

    zone: str
    locale: str


def accounts_of(spreadsheet: str, accounts: Sequence[str]) -> list[str]:
    """By chance, and always the same one: in which order they may write there."""
    return sorted(
        accounts,
        key=lambda each: hashlib.sha256(f"{each} {spreadsheet}".encode()).digest(),
        reverse=True,
    )


def account_key(account: str) -> str:
    """The id of its records."""
    return hashlib.sha256(account.lower().encode()).hexdigest()[:32]


def load_of(schedule: Schedule, calls: int = CALLS_PER_RUN) -> float:
    """Calls a minute that a refresh of so many calls asks of its account, so often."""
    return max(calls, CALLS_PER_RUN) * most_in_a_month(schedule) / _MINUTES


def capacity() -> float:
    """Calls a minute that are given away of one account."""
    return PER_MINUTE * _GIVEN_AWAY


def has_room(loads: Iterable[float]) -> bool:
    """Whether an account can carry all of them."""
    return math.fsum(loads) <= capacity()


def window_of(plan: Plan) -> int | None:
    """Where its exporter is looked for when it is due; None where it has stopped."""
    return None if plan.stopped else window_at(plan.due_at)


def window_at(moment: datetime) -> int:
    return int(moment.timestamp()) // WINDOW_S
