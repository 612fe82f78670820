"""A spreadsheet with an export of Ana's, and who asks for it with whatever they have."""

from __future__ import annotations

from typing import Any

from counterfoil.core.people import Role
from tests.flows.world import HOSTILE
from tests.web.backend import KEY, Backend

COPYS_KEY = "b" * 64
Answer = tuple[int, dict[str, Any]]


class Sheet:
    """Ana's company and export in her spreadsheet. Ben is nobody's member; a run is under way."""

    def __init__(self) -> None:
        self.backend = Backend()
        self.company = self.backend.flows.connected(self.backend.user("ana"))
        self.elsewhere = self.backend.flows.connected(
            self.backend.user("ben"), realm=HOSTILE, sub="intuit-ben"
        )
        self.exporter = self.saved("ana", self.company)
        self.good(f"exporters/{self.exporter}/schedule", schedule={"often": "hourly"})
        step = self.good(f"export/exporters/{self.exporter}/run")
        self.cursor, self.run = step["cursor"], step["run_id"]

    def ask(self, who: str, path: str, **body: Any) -> Answer:
        return self.backend.ask(who, path, **body)

    def good(self, path: str, *, who: str = "ana", **body: Any) -> dict[str, Any]:
        status, told = self.ask(who, path, **body)
        assert status == 200, told
        return told

    def saved(self, who: str, company: str) -> str:
        made = self.good("exporters/create", who=who, **asked(company), kind="entity",
                         dataset="invoices", name="Open invoices")  # fmt: skip
        return str(made["id"])

    def joins(self, who: str, role: Role, company: str | None = None) -> None:
        self.backend.flows.member(self.backend.user(who), company or self.company, role)

    def seen(self, who: str, key: str = KEY) -> list[str]:
        return [each["id"] for each in self.good("home/", who=who, key=key)["exporters"]]


def asked(company: str) -> dict[str, Any]:
    return {"connection_ids": [company], "options": {}}
