"""QuickBooks with ten companies, on a core of its own, until its input ends.

They have the same books and chart; what one was asked once it answers from memory, so that a call
takes its latency and not the simulator's arithmetic.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from bench import machine
from sandbox.intuit.acme import acme
from sandbox.intuit.books import DemoBooks, KeptRows
from sandbox.intuit.companies_api import ApiRequest, ApiResponse, CompanyCard
from sandbox.intuit.server import IntuitSandbox

COMPANIES = 10


class Remembering:
    """The books of a company under another number; every other one says that they are in euros."""

    def __init__(self, kept: KeptRows, realm_id: str) -> None:
        self._kept = kept
        self._answers: dict[tuple[str, ...], ApiResponse] = {}
        self.card: CompanyCard = replace(kept.card, realm_id=realm_id)

    def handle(self, request: ApiRequest) -> ApiResponse:
        asked = (request.method, request.path_after_realm, str(sorted(request.args.items())))
        key = (*asked, request.body.decode())
        if key not in self._answers:
            answer = self._kept.handle(request)
            if int(self.card.realm_id) % 2:
                answer = replace(answer, body=answer.body.replace(b'"USD"', b'"EUR"'))
            self._answers[key] = answer
        return self._answers[key]


def main() -> None:
    what = machine.given()
    machine.pin(what["core"])
    kept = KeptRows(acme())
    realms = [f"91303475968{at:05}" for at in range(COMPANIES)]
    books = DemoBooks([Remembering(kept, realm) for realm in realms])
    with IntuitSandbox(books=books, latency_ms=what["latency_ms"]) as sandbox:
        tokens = {realm: sandbox.grant(realm).access for realm in realms}
        machine.tell({"api_url": sandbox.url, "tokens": tokens})
        sys.stdin.read()


if __name__ == "__main__":
    main()
