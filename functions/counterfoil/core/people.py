"""Who is calling, what they reach, and from which spreadsheet. Pure."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class User:
    """A Google account. Only `Identity.user` makes one from a request.

    `sub` is the key: an e-mail address can change hands, a `sub` cannot
    (https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload).
    """

    sub: str
    email: str
    # Google's word for the account's Workspace, "" for one without; known of whoever asks.
    domain: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Guests:
    """Whom a deployment is for: with neither named, everybody whom Google names.

    `domains` are Workspace domains, `users` whole addresses, both in lower case.
    """

    domains: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()

    def welcome(self, email: str, domain: str) -> bool:
        """`domain` is Google's word for the account's Workspace; empty for one without."""
        if not self.domains and not self.users:
            return True
        return domain.lower() in self.domains or email.lower() in self.users


EVERYBODY = Guests()


class Role(enum.Enum):
    """What a member may do with a connection; each role includes those below it."""

    OWNER = "owner"  # may share, pause and disconnect it
    EDITOR = "editor"  # may make and change exporters
    REFRESHER = "refresher"  # may run what is there

    def covers(self, needed: Role) -> bool:
        return _RANK[self] >= _RANK[needed]


_RANK = {Role.REFRESHER: 1, Role.EDITOR: 2, Role.OWNER: 3}


class ConnectionState(enum.Enum):
    CONNECTED = "connected"
    SUSPECT = "suspect"  # Intuit refused the key lately; perhaps not for good
    NEEDS_RECONNECTION = "needs_reconnection"  # only a new consent will help
    PAUSED = "paused"  # somebody chose so


@dataclass(frozen=True, slots=True)
class ClosedBooks:
    """The last day of a company's closed books, None where none are closed, as it was told at
    `read_at`.
    """

    until: date | None
    read_at: datetime

    def as_record(self) -> dict[str, Any]:
        return {"until": self.until.isoformat() if self.until else None, "read_at": self.read_at}

    @classmethod
    def of_record(cls, held: Mapping[str, Any]) -> ClosedBooks:
        until = held["until"]
        return cls(date.fromisoformat(until) if until else None, held["read_at"])


@dataclass(frozen=True, slots=True)
class Connection:
    """One QuickBooks company as one of its members sees it."""

    id: str
    realm_id: str
    name: str
    country: str
    currency: str  # ISO 4217 of the company's books; "" when QuickBooks did not say
    fiscal_month: int  # 1 to 12, the month in which its fiscal year begins
    state: ConnectionState
    role: Role
    books: ClosedBooks | None = None  # None where nobody has asked
    # What the grant in use tells; not there where nobody looks at it (flows.connections).
    connected_by: str = ""  # e-mail of whoever gave that consent; "" when unknown
    expires: datetime | None = None  # the earlier of both its expiries
    expires_in_days: int | None = None
    health: str = ""  # a sentence for the sidebar: "good for 97 days"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A spreadsheet that showed its sheet key. Its id alone proves nothing."""

    id: str
    digest: str  # sha256 hex of the sheet key; the key itself is never stored
    zone: str  # IANA name of the spreadsheet's time zone
    locale: str
