"""Every address over real flows, with people known by their bearer: "ana", "ben", …"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import flask

from counterfoil.adapters.typed_pages import page_reader
from counterfoil.core.errors import Unauthorized
from counterfoil.core.people import User
from counterfoil.flows.budgets import Budgets
from counterfoil.flows.export import Exports
from counterfoil.flows.forecasts import Forecasts
from counterfoil.flows.freezing import Freezing
from counterfoil.flows.invitations import Invitations
from counterfoil.flows.managed_enabling import ManagedEnabling
from counterfoil.flows.managed_health import ManagedHealth
from counterfoil.flows.managed_ports import Desk, Desks
from counterfoil.flows.managed_refresh import ManagedRefresh
from counterfoil.flows.run_leases import RunLeases
from counterfoil.flows.run_log import RunLog
from counterfoil.flows.runs import Runs
from counterfoil.flows.saved import SavedExports
from counterfoil.flows.schedules import Schedules
from counterfoil.flows.team import Team
from counterfoil.web import account, handlers, managed, saved, service_calls
from counterfoil.web.endpoint import Route, answer
from tests.flows.export_fakes import SMALL, FakeQuickBooks, invoices
from tests.flows.world import World
from tests.web import declared

KEY = "a" * 64
SCHEDULER = "scheduler@project.iam.gserviceaccount.com"
WRITER = "sheets-1@project.iam.gserviceaccount.com"
SPREADSHEET = {"id": "sheet-1", "key": KEY, "time_zone": "America/New_York"}

ROUTES: dict[str, tuple[Route, ...]] = {
    "home": handlers.HOME,
    "catalog": handlers.CATALOG,
    "connections": handlers.CONNECTIONS,
    "export": handlers.EXPORT,
    "exporters": saved.EXPORTERS,
    "account": account.ACCOUNT,
    "runs": handlers.RUNS,
    "managed_refresh": managed.MANAGED_REFRESH,
    "token_refresh": service_calls.TOKEN_REFRESH,
}


class People:
    """Google's word for who is calling. `addresses` may change while a `sub` stays."""

    def __init__(self) -> None:
        self.addresses: dict[str, str] = {}
        self.domains: dict[str, str] = {}

    def user(self, authorization: str | None) -> User:
        name = (authorization or "").removeprefix("Bearer ")
        if not name:
            raise Unauthorized("Google did not confirm who you are.")
        email = self.addresses.get(name, f"{name}@example.com")
        return User(f"google-{name}", email, self.domains.get(name, ""))


class OurServices:
    """Google's word for which service account is calling."""

    def check(self, authorization: str | None) -> None:
        if authorization != f"Bearer {SCHEDULER}":
            raise Unauthorized("Google did not confirm who you are.")


class Pinboard:
    """Spreadsheets that hold nothing but the nonces that somebody wrote into them."""

    def __init__(self) -> None:
        self.written: set[str] = set()

    @contextmanager
    def open(self, account: str, spreadsheet: str) -> Iterator[Desk]:
        yield self  # type: ignore[misc]  # as much of a desk as is needed

    def erased(self, nonce: str) -> bool:
        found = nonce in self.written
        self.written.discard(nonce)
        return found


class Backend:
    """Fits `web.services.Services` by shape."""

    def __init__(self, desks: Desks | None = None, accounts: Sequence[str] = (WRITER,)) -> None:
        flows = World()
        self.flows = flows
        self.records = flows.records
        self.identity = People()
        self.service_callers = OurServices()
        self.tokens = flows.tokens
        self.upkeep = flows.upkeep
        self.hints = flows.hints
        self.connections = flows.connections
        self.connect = flows.connect
        self.disconnect = flows.disconnect
        self.erasing = flows.erasing
        self.team = Team(
            records=flows.records,
            connections=flows.connections,
            leaving=flows.leaving,
            now=flows.clock,
        )
        self.invitations = Invitations(
            records=flows.records, connections=flows.connections, now=flows.clock
        )
        self.saved = SavedExports(flows.records, flows.sealer, flows.clock, flows.connections)
        self.freezing = Freezing(flows.records, flows.sealer, flows.clock, flows.connections)
        self.schedules = Schedules(flows.exporters, flows.connections)
        self.exporters = flows.exporters
        self.run_leases = RunLeases(flows.records, flows.clock)
        self.budgets = Budgets(flows.records, flows.clock)
        self.check_stores = lambda: None
        self.exports = Exports(
            records=flows.records,
            sealer=flows.sealer,
            connections=flows.connections,
            tokens=flows.tokens,
            quickbooks=FakeQuickBooks(invoices(35)),
            page_reader=page_reader,
            clock=flows.clock,
            budgets=None,
            limits=SMALL,
            sleep=flows.clock.sleep,
        )
        runs = Runs(flows.records, flows.clock)
        self.forecasts = Forecasts(self.saved, self.exports, runs)
        self.run_log = RunLog(flows.records, self.saved, flows.clock)
        self.pinboard = Pinboard()
        desks = desks or self.pinboard
        self.managed_accounts = tuple(accounts)
        self.managed = ManagedEnabling(self.schedules, desks, accounts)
        self.managed_refresh = ManagedRefresh(
            self.exporters,
            flows.connections,
            self.exports,
            desks,
            monotonic=flows.clock.monotonic,
            sleep=flows.clock.sleep,
        )
        self.managed_health = ManagedHealth(
            flows.records, flows.clock, accounts, flows.clock.monotonic
        )
        self.scheduler = OurServices()
        self.backend_url = "https://backend.example"
        self.world = "sandbox"

    def ask(
        self, who: str, path: str, *, key: str | None = KEY, **body: Any
    ) -> tuple[int, dict[str, Any]]:
        """`path` begins with the function: "connections/con_…/members"."""
        function, _, rest = path.partition("/")
        spreadsheet = SPREADSHEET | {"key": key} if key else None
        app = flask.Flask("tests")
        with app.test_request_context(
            f"/{rest}",
            method="POST",
            json=({"spreadsheet": spreadsheet} if spreadsheet else {}) | body,
            headers={"Authorization": f"Bearer {who}"} if who else {},
        ):
            response = answer(flask.request, ROUTES[function], lambda: self)  # type: ignore[arg-type,return-value]
            told = response.get_json()
            declared.check(function, flask.request.path, response.status_code, told)
            return response.status_code, told

    def user(self, who: str) -> User:
        return self.identity.user(f"Bearer {who}")
