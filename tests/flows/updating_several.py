"""One table of Acme and Cedar, whose records have the same ids, refreshed again and again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from counterfoil.core.errors import NotFound
from counterfoil.core.people import Connection, Role, User
from sandbox.google.server import GoogleSandbox
from sandbox.intuit import acme, cedar
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.company import Company
from sandbox.intuit.server import IntuitSandbox
from tests.flows.export_fakes import ANA, CONNECTION, OneConnection
from tests.flows.updating import REALMS, Refreshed, free, noon

CEDAR = "con_cedar"


class Both:
    """Ana owns both; their names change as a test says."""

    def __init__(self) -> None:
        self.names = {CONNECTION: "Acme Landscaping", CEDAR: "Cedar Imports"}
        self.currencies = {CONNECTION: "USD", CEDAR: "CAD"}

    def reachable(self, user: User, connection_id: str, needed: Role) -> Connection:
        if connection_id not in self.names or user.sub != ANA.sub:
            raise NotFound("This company is not among yours.")
        return replace(
            OneConnection().reachable(ANA, CONNECTION, needed),
            id=connection_id,
            realm_id=REALMS[connection_id],
            name=self.names[connection_id],
            currency=self.currencies[connection_id],
        )


class OfBoth(Refreshed):
    def __init__(
        self,
        google: tuple[GoogleSandbox, Any],
        intuit: IntuitSandbox,
        dataset: str = "invoices",
        **options: Any,
    ) -> None:
        books: Any = intuit.books
        self.acme: Company = books.company(acme.REALM_ID)
        self.cedar: Company = books.company(cedar.REALM_ID)
        super().__init__(google, intuit, self.acme, dataset, **options)
        self.both = Both()
        self.connections = [CONNECTION, CEDAR]
        self.world.connections = self.both  # type: ignore[assignment]
        self.world.exports = replace(self.world.exports, connections=self.both)

    def made(self) -> OfBoth:
        """With a few `twins`: ids of both."""
        self.twins = [row["Id"] for row in free(self.acme)[:2]]
        for id in self.twins:
            self.cedar.store.add("Invoice", {**free(self.cedar)[0], "Id": id})
        self.first()
        self.intuit.clock.advance(timedelta(minutes=5))
        return self


def both_books() -> IntuitSandbox:
    return IntuitSandbox(noon(), DemoBooks([acme.acme(), cedar.cedar()]))
