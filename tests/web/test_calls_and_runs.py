"""Over HTTP: what the month has cost, and who is running an export."""

from __future__ import annotations

from typing import Any

import flask
import pytest

from counterfoil.core.budgets import Caps
from counterfoil.core.people import Connection, Role, User
from counterfoil.flows.exporters_listed import Listed
from counterfoil.flows.invitations import Invitation
from counterfoil.web import handlers
from counterfoil.web.endpoint import Route, answer
from tests.flows.export_fakes import ANA, CONNECTION, SMALL, FakeQuickBooks, World, invoices

SPREADSHEET = {"id": "sheet-1", "key": "a" * 64, "time_zone": "America/New_York"}


class AnaIsHere:
    def user(self, authorization: str | None) -> User:
        return ANA


class HerConnections:
    """The connections of a user, over the one that the fakes know."""

    def __init__(self, world: World) -> None:
        self._world = world

    def of(self, user: User) -> list[Connection]:
        return [self._world.connections.reachable(user, CONNECTION, Role.REFRESHER)]


class NobodyInvites:
    def mine(self, user: User) -> list[Invitation]:
        return []


class NothingIsScheduled:
    def shown(self, user: User, listed: Listed) -> None:
        return None


class NothingIsFrozen:
    def shown(self, listed: Listed) -> None:
        return None


class Backend:
    def __init__(self, world: World) -> None:
        self.identity = AnaIsHere()
        self.connections = HerConnections(world)
        self.exports = world.exports
        self.exporters = world.exports._exporters
        self.run_leases = world.exports._leases
        self.budgets = world.budgets
        self.invitations = NobodyInvites()
        self.schedules = NothingIsScheduled()
        self.freezing = NothingIsFrozen()
        self.managed_accounts = ()
        self.world = "sandbox"

    def ask(self, routes: tuple[Route, ...], path: str, **body: Any) -> tuple[int, dict[str, Any]]:
        app = flask.Flask("tests")
        with app.test_request_context(
            path, method="POST", json={"spreadsheet": SPREADSHEET, **body}
        ):
            response = answer(flask.request, routes, lambda: self)  # type: ignore[arg-type,return-value]
            return response.status_code, response.get_json()


@pytest.fixture
def backend() -> Backend:
    return Backend(
        World(FakeQuickBooks(invoices(35)), SMALL, paced=True, caps=Caps(deployment=900))
    )


def begun(backend: Backend) -> dict[str, Any]:
    status, step = backend.ask(
        handlers.EXPORT, "/entities/invoices", connection_id=CONNECTION, options={}
    )
    assert status == 200
    return step


def test_home_tells_what_the_month_has_cost(backend: Backend) -> None:
    step = begun(backend)
    status, home = backend.ask(handlers.HOME, "/")
    assert status == 200
    calls = step["progress"]["calls"]
    assert calls > 0
    assert home["calls"] == {"month": "2026-11", "all": calls, "limit": 900}
    assert home["connections"][0]["calls_this_month"] == calls


def test_a_second_run_gets_409_and_a_parked_one_can_be_taken_over(backend: Backend) -> None:
    first = begun(backend)
    again = f"/exporters/{first['exporter_id']}/run"
    status, refused = backend.ask(handlers.EXPORT, again)
    assert (status, refused["error"]["code"]) == (409, "run_in_progress")
    assert refused["error"]["details"]["by"] == ANA.email
    status, _ = backend.ask(handlers.RUNS, "/park", run_id=first["run_id"], wait_s=3_600)
    assert status == 200
    status, refused = backend.ask(handlers.EXPORT, again)
    assert (status, refused["error"]["details"]["may_take_over"]) == (409, True)
    status, taken = backend.ask(handlers.EXPORT, again, take_over=True)
    assert status == 200
    assert taken["operations"][0] == {"op": "drop_stage", "run": first["run_id"]}


@pytest.mark.parametrize("wait_s", [-1, 7_201, "soon", True])
def test_a_run_is_not_parked_longer_than_its_cursor_lives(backend: Backend, wait_s: Any) -> None:
    first = begun(backend)
    status, refused = backend.ask(handlers.RUNS, "/park", run_id=first["run_id"], wait_s=wait_s)
    assert (status, refused["error"]["code"]) == (400, "bad_request")
