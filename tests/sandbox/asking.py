"""Questions to the simulated accounting API, with a token that is good for ACME."""

from __future__ import annotations

import requests

from sandbox.intuit.server import IntuitSandbox
from tests.sandbox.consent_form import fetch, send
from tests.sandbox.small_books import ACME

STATEMENT = "SELECT * FROM Invoice ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000"


OWN = ""  # the client's own token


class Client:
    """Asks with a grant of its own."""

    def __init__(self, intuit: IntuitSandbox) -> None:
        self._url = intuit.url
        self._token = intuit.grant(ACME).access

    def query(
        self,
        statement: str = STATEMENT,
        *,
        realm_id: str = ACME,
        token: str | None = OWN,
    ) -> requests.Response:
        """By POST; with another token, or None for none, if one is handed in."""
        headers = {"Accept": "application/json", "Content-Type": "application/text"}
        if token is not None:
            good = self._token if token == OWN else token
            headers["Authorization"] = f"Bearer {good}"
        return send(
            f"{self._url}/v3/company/{realm_id}/query?minorversion=75",
            data=statement,
            headers=headers,
        )

    def report(self, **headers: str) -> requests.Response:
        return fetch(
            f"{self._url}/v3/company/{ACME}/reports/ProfitAndLoss?start_date=2026-01-01",
            headers={"Authorization": f"Bearer {self._token}", **headers},
        )
