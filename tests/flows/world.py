"""Everything around the flows of connecting and of tokens, with fakes outside."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

from counterfoil.adapters.sealer import AesSealer
from counterfoil.core.connecting import Outcome
from counterfoil.core.grants import Grant
from counterfoil.core.people import Role, Sheet, User
from counterfoil.flows.connect import Connect
from counterfoil.flows.connections import Connections
from counterfoil.flows.disconnect import Disconnect
from counterfoil.flows.erasing import Erasing
from counterfoil.flows.exporter_records import Contents
from counterfoil.flows.exporters import Exporters
from counterfoil.flows.fresh_tokens import FreshTokens
from counterfoil.flows.grants import Grants
from counterfoil.flows.hints import HintCheck, Hints
from counterfoil.flows.keep_alive import KeepAlive
from counterfoil.flows.leaving import Leaving
from counterfoil.flows.reminders import Reminders
from counterfoil.flows.storing import Storing
from counterfoil.flows.upkeep import Upkeep
from tests.fakes import (
    FakeClock,
    FakeCompanies,
    MemoryRecords,
    MemorySecrets,
    RotatingIntuit,
    inline,
)

ACME, HOSTILE = "9130347596842110", "9130347596842111"
ANA, BEN = User("1001", "ana@example.com"), User("1002", "ben@example.com")
SHEET = Sheet("sheet-1", hashlib.sha256(b"key").hexdigest(), "America/New_York", "en_US")
DANA, ERIN = "intuit-dana", "intuit-erin"


class World:
    def __init__(self, *, grace: bool = False) -> None:
        self.clock = FakeClock()
        self.records = MemoryRecords()
        self.secrets = MemorySecrets()
        self.sealer = AesSealer(b"k" * 32, purpose="access tokens")
        self.intuit = RotatingIntuit(self.clock, grace=grace)
        self.companies = FakeCompanies(self.intuit)
        self.companies.names = {ACME: "Acme Landscaping", HOSTILE: "Hostile & Sons"}
        self.grants = Grants(self.records, self.secrets, self.sealer)
        self.steps: list[str] = []
        self.at_step: Callable[[str], None] = lambda label: None
        self.connections = Connections(self.records, self.clock)
        self.exporters = Exporters(self.records, self.sealer, self.clock)
        self.connect = Connect(
            records=self.records,
            secrets=self.secrets,
            sealer=self.sealer,
            intuit=self.intuit,
            company_info=self.companies.company_info,
            preferences=self.companies.preferences,
            now=self.clock,
            step=self.step,
        )
        self.leaving = Leaving(
            records=self.records,
            secrets=self.secrets,
            sealer=self.sealer,
            intuit=self.intuit,
            now=self.clock,
            sleep=self.clock.sleep,
            step=self.step,
        )
        self.disconnect = Disconnect(
            records=self.records, connections=self.connections, leaving=self.leaving
        )
        self.erasing = Erasing(
            records=self.records,
            secrets=self.secrets,
            grants=self.grants,
            leaving=self.leaving,
            now=self.clock,
        )
        self.tokens = self.fresh_tokens()
        self.hints = Hints(self.records, self.clock)
        self.purges = 0
        self.upkeep = Upkeep(
            records=self.records,
            keep_alive=KeepAlive(
                self.records, self.grants, self.tokens, self.leaving, self.clock, lambda: 0.0
            ),
            leaving=self.leaving,
            hints=HintCheck(self.records, self.tokens, self.clock),
            reminders=Reminders(self.records, None, self.clock),
            orphans=lambda: Storing(self.records, self.clock).sweep(self.secrets),
            purge=self._purge,
            clock=self.clock,
        )

    def _purge(self) -> int:
        self.purges += 1
        return 7

    def exporter(
        self, *connection_ids: str, user: User = ANA, name: str | None = "Open invoices"
    ) -> str:
        """A saved export of invoices; its id."""
        made = self.exporters.create(
            user,
            SHEET,
            Contents("entity", "invoices", connection_ids, {"columns": None}, "Invoices", name),
        )
        return made.id

    def member(self, user: User, connection_id: str, role: Role) -> None:
        """Makes them one, as an accepted invitation does."""
        self.records.create(
            "members",
            f"{connection_id}:{user.sub}",
            {
                "connection_id": connection_id,
                "user": user.sub,
                "email": user.email,
                "role": role.value,
                "since": self.clock(),
            },
        )

    def fresh_tokens(self, **other: Any) -> FreshTokens:
        return FreshTokens(
            **{
                "records": self.records,
                "secrets": self.secrets,
                "sealer": self.sealer,
                "intuit": self.intuit,
                "now": self.clock,
                "sleep": self.clock.sleep,
                "monotonic": self.clock.monotonic,
                "jitter": lambda: 0.5,
                "spawn": inline,
                "step": self.step,
                **other,
            }
        )

    def knows(self, trace: str) -> bool:
        """Whether it is anywhere in both stores, names of records and of secrets included. As a
        word of its own: "1001" also comes up by chance inside of random text.
        """
        kept = repr(self.records._kept) + repr(self.secrets.kept)
        return bool(re.search(rf"(?<![0-9A-Za-z]){re.escape(trace)}(?![0-9A-Za-z])", kept))

    def step(self, label: str) -> None:
        self.steps.append(label)
        self.at_step(label)

    def leave(self, user: User = ANA, reconnect: str | None = None) -> tuple[str, str, str]:
        """Attempt, state and browser secret of somebody who is on Intuit's page now."""
        ticket = self.connect.ticket(user, SHEET, reconnect)
        url, browser = self.connect.consume(ticket.url_token)
        return ticket.attempt, url.partition("state=")[2], browser

    def come_back(
        self, state: str, browser: str, *, realm: str = ACME, sub: str = DANA, **other: str
    ) -> Outcome:
        values = {"code": self.intuit.code(realm, sub), "realm_id": realm, "error": ""} | other
        return self.connect.finish(state=state, browser_secret=browser, **values)

    def connected(
        self,
        user: User = ANA,
        realm: str = ACME,
        sub: str = DANA,
        reconnect: str | None = None,
    ) -> str:
        """A connection made the whole way; its id."""
        attempt, state, browser = self.leave(user, reconnect)
        assert self.come_back(state, browser, realm=realm, sub=sub) is Outcome.CONNECTED
        connection = self.connect.attempt(user, attempt).connection
        assert connection is not None
        return connection.id

    def grant(self, connection_id: str, sub: str = DANA) -> Grant:
        held = self.records.get("grants", f"{connection_id}:{sub}")
        assert held is not None
        return Grant.of(held.data)

    def refresh_token(self, connection_id: str, sub: str = DANA) -> str:
        """The value that the store points at."""
        grant = self.grant(connection_id, sub)
        return self.secrets.read(grant.secret, grant.refresh_version).decode()
