"""Thirty days of hourly triggers: the add-on's own code over the backend's own, one clock for both.

The clock in New York goes forward on the 8th, and QuickBooks, a person and Google get in the way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import flask
import pytest
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from counterfoil.core.errors import AppError, QuickBooksBusy
from counterfoil.core.people import Role
from counterfoil.web.endpoint import Route, answer
from sandbox.backend import _rooted
from sandbox.google.apps_script import AppsScript
from sandbox.google.grid import Workbook
from sandbox.http import Server
from sandbox.world import ROOT
from tests.flows.export_fakes import invoices
from tests.script_host import hosted
from tests.web.backend import ROUTES, Backend

NEW_YORK = ZoneInfo("America/New_York")
ANA, BEN = "ana@example.com", "ben@example.com"
FIRST = datetime(2026, 3, 1, 5, 37, tzinfo=UTC)  # 00:37 in New York
LAST = datetime(2026, 3, 31, 3, 37, tzinfo=UTC)
ROWS = 12  # two pages of the backend's small ones

Json = dict[str, Any]


def served(backend: Backend) -> Server:
    def one(routes: tuple[Route, ...]) -> flask.Flask:
        app = flask.Flask("backend")

        @app.route("/", defaults={"path": ""}, methods=["POST"])
        @app.route("/<path:path>", methods=["POST"])
        def asked(path: str) -> flask.Response:
            return answer(flask.request, routes, lambda: backend)  # type: ignore[arg-type,return-value]

        return app

    apps = {f"/{name}": _rooted(one(routes)) for name, routes in ROUTES.items()}
    return Server(DispatcherMiddleware(NotFound(), apps))


class Month:
    def __init__(self, closing: ExitStack) -> None:
        self.backend = Backend()
        self.clock = self.backend.flows.clock
        self.clock.now = FIRST
        self.quickbooks = self.backend.exports.quickbooks
        self.quickbooks.__init__(invoices(ROWS))  # type: ignore[misc]
        self.quickbooks.behave = self.behave  # type: ignore[attr-defined]
        self.company = self.backend.flows.connected(self.backend.user("ana"))
        self.backend.flows.member(self.backend.user("ben"), self.company, Role.EDITOR)
        self.book = Workbook("sheet-1", year=2026, time_zone="America/New_York")
        server = served(self.backend)
        server.start()
        closing.callback(server.stop)
        self.script = AppsScript(
            {self.book.id: self.book},
            addon=ROOT / "addon",
            mint=lambda email: email.partition("@")[0],
            users=(ANA, BEN),
            backend_url=server.url,
            clock=self.clock,
            sleep=lambda _, seconds: self.clock.sleep(seconds),
        )
        closing.callback(self.script.close)
        self.host = closing.enter_context(hosted(self.script))
        self.away: tuple[datetime, datetime] | None = None
        self.slow_at: datetime | None = None

    def behave(self, call: str, number: int) -> AppError | None:
        """QuickBooks is away for some hours, or asks for seven minutes within a run."""
        if self.away and self.away[0] <= self.clock.now < self.away[1]:
            return QuickBooksBusy("QuickBooks does not answer.", status=503)
        if self.slow_at and self.clock.now >= self.slow_at and "STARTPOSITION 11" in call:
            self.slow_at = None
            return QuickBooksBusy("QuickBooks asks us to wait.", status=429, wait_s=420)
        return None

    def call(self, user: str, name: str, *args: Any) -> Json:
        told: Json = self.host.run(self.book.id, user, name, *args, now=self.clock.now)
        assert "error" not in told, told
        return told

    def scheduled(self, user: str, name: str, often: Json) -> str:
        options = {"columns": ["id", "customer", "total"], "from": None, "to": None}
        request = {"kind": "entities", "dataset": "invoices", "connection_id": self.company,
                   "tab": name, "options": {**options, "parameters": {}}}  # fmt: skip
        id: str = self.call(user, "saveExporter", request, name)["id"]
        self.call(user, "setSchedule", id, often)
        return id

    def runs_by_hand(self, user: str, id: str, *, replace: bool = False) -> None:
        step = self.call(user, "runAgain", id, replace)
        while step["cursor"]:
            step = self.call(user, "nextStep", step["cursor"])
        assert step["proof"]["verdict"] == "PASS"

    def hour(self, moment: datetime) -> None:
        """What Google does at that minute."""
        self.clock.now = moment
        for trigger, at in self.script.triggers.due():
            assert at == moment
            told = self.host.run(
                self.book.id, trigger.user, trigger.handler, now=moment, trigger=trigger.id
            )
            assert told == {"ok": True}
            self.clock.now = moment

    def runs(self, id: str) -> list[Json]:
        """Of an export, in the order in which they began."""
        found = [dict(it) for it in self.backend.records.all("runs").values()]
        found = [it for it in found if it["exporter"] == id]
        return sorted(found, key=lambda it: it["started_at"])

    def shown(self, id: str) -> Json:
        home = self.call(ANA, "home")
        return next(dict(each["schedule"]) for each in home["exporters"] if each["id"] == id)


@pytest.fixture(scope="module")
def month() -> Iterator[Month]:
    with ExitStack() as closing:
        yield Month(closing)


def here(run: Json) -> datetime:
    at: datetime = run["started_at"].astimezone(NEW_YORK)
    return at


def days(*numbers: int) -> list[date]:
    return [date(2026, 3, number) for number in numbers]


def test_a_month_of_triggers(month: Month) -> None:
    sixth = month.scheduled(ANA, "Every six hours", {"often": "hours", "every": 6, "hour": 4})
    night = month.scheduled(ANA, "At two", {"often": "daily", "hour": 2})
    daily = month.scheduled(ANA, "At ten", {"often": "daily", "hour": 10})
    weekdays = month.scheduled(ANA, "Weekdays", {"often": "weekdays", "hour": 8})
    monthly = month.scheduled(ANA, "Monthly", {"often": "monthly", "day": 30, "hour": 6})
    assert len(month.script.triggers.of(ANA)) == 1
    bens = ""

    month.away = (new_york(12, 10), new_york(12, 15))
    month.slow_at = new_york(20, 10)
    moment, idle = FIRST, 0
    while (moment := moment + timedelta(hours=1)) <= LAST:
        if moment == new_york(16, 7) + timedelta(minutes=37):
            month.clock.now = moment - timedelta(hours=1)
            bens = month.scheduled(BEN, "Ben's", {"often": "weekly", "weekday": 0, "hour": 9})
        if moment == new_york(17, 7) + timedelta(minutes=37):
            month.book.tab("Weekdays").write(1, 2, [[1]])  # somebody types into a table
        if moment == new_york(20, 12) + timedelta(minutes=37):
            stopped = month.shown(weekdays)
            assert (stopped["stopped"], stopped["due_at"][:10]) == ("errors", "2026-03-20")
            month.clock.now = moment - timedelta(minutes=30)
            month.runs_by_hand(ANA, weekdays, replace=True)
            month.call(ANA, "takeSchedule", weekdays)
        if moment == new_york(23, 12) + timedelta(minutes=37):
            month.clock.now = moment - timedelta(minutes=30)
            month.call(BEN, "takeSchedule", daily)
        before = len(month.backend.records.all("runs"))
        month.hour(moment)
        idle += len(month.backend.records.all("runs")) == before

    # Four times a day, on the day of the change too; on the 12th it was tried again from 10 to 15.
    hours = dict.fromkeys((4, 10, 16, 22), 30) | dict.fromkeys((11, 12, 13, 14, 15), 1)
    assert Counter(here(it).hour for it in month.runs(sixth)) == hours
    # Two o'clock of the 8th did not exist: it ran right after it.
    assert [(here(it).day, here(it).hour) for it in month.runs(night) if here(it).hour != 2] == [
        (8, 3)
    ]
    assert len(month.runs(night)) == 30

    tens = month.runs(daily)
    at_ten = [it for it in tens if here(it).hour == 10]
    assert [here(it).date() for it in at_ten] == days(*range(1, 31))
    # While QuickBooks was away, it was tried again every hour, and came once it was back.
    missed = [(here(it).hour, it["state"], it["code"]) for it in tens if here(it).day == 12]
    busy = ("failed", "quickbooks_busy")
    assert missed == [(hour, *busy) for hour in range(10, 15)] + [(15, "applied", None)]
    # Of the two that were due at ten, the one that had to wait went on an hour later, as the same run.
    of_both = [it for id in (sixth, daily) for it in month.runs(id)]
    waited = [it for it in of_both if (here(it).day, here(it).hour) == (20, 10)]
    ended = sorted(it["finished_at"].astimezone(NEW_YORK).hour for it in waited)
    assert ended == [10, 11]
    # Ben has taken it over: from the next day on it is his trigger that runs it.
    whose = [(here(it).day, it["user"]) for it in tens if it["state"] == "applied"]
    assert whose == [(day, "google-ana" if day <= 23 else "google-ben") for day in range(1, 31)]

    # Three days in a row a person was needed, then it paused; seen to, it went on.
    week = {here(it).day: it for it in month.runs(weekdays) if it["scheduled"]}
    assert sorted(week) == [
        2,
        3,
        4,
        5,
        6,
        9,
        10,
        11,
        12,
        13,
        16,
        17,
        18,
        19,
        23,
        24,
        25,
        26,
        27,
        30,
    ]
    failed = {day: it["code"] for day, it in week.items() if it["state"] == "failed"}
    assert failed == dict.fromkeys((17, 18, 19), "differs_cell")
    assert {here(it).hour for it in week.values()} == {8}

    assert [(here(it).day, here(it).hour) for it in month.runs(monthly)] == [(30, 6)]
    assert [here(it).day for it in month.runs(bens)] == [16, 23, 30]
    assert {it["user"] for it in month.runs(bens)} == {"google-ben"}
    assert idle > 400

    every = [it for id in (sixth, night, daily, weekdays, monthly, bens) for it in month.runs(id)]
    ends = Counter((it["state"], it["verdict"], it["code"]) for it in every)
    assert set(ends) == {
        ("applied", "PASS", None), ("failed", None, "quickbooks_busy"), ("failed", None, "differs_cell"),
    }  # fmt: skip
    for name in ("Every six hours", "At two", "At ten", "Weekdays", "Monthly", "Ben's"):
        tab = month.book.tab(name)
        assert [tab.value(row, 0) for row in range(1, 1 + ROWS)] == [
            str(i) for i in range(1, 1 + ROWS)
        ]
        assert tab.value(1 + ROWS, 0) == ""


def new_york(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=NEW_YORK).astimezone(UTC)


def test_what_failed_is_in_the_log_tab_with_its_run(month: Month) -> None:
    tab = month.book.tab("Counterfoil log")
    rows = range(1, tab.data_extent().rows)
    said = Counter((tab.value(row, 1), tab.value(row, 2)) for row in rows)
    assert said["At ten", "QuickBooks does not answer."] == 5
    (edited,) = [what for title, what in said if title == "Weekdays" and "C2" in what]
    assert said["Weekdays", edited] == 3
    newest = month.call(ANA, "history")["lines"]
    assert len(newest) == 100
    assert newest[0]["at"] == "2026-03-30 22:37"
