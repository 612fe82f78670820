"""Schedules over HTTP: whose they are, what is due, how they pause, and a month of triggers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from counterfoil.core.errors import AppError, QuickBooksRejected
from counterfoil.core.people import Role
from tests.flows.export_fakes import invoices
from tests.flows.world import HOSTILE
from tests.web.backend import Backend

NEW_YORK = ZoneInfo("America/New_York")
DAILY = {"often": "daily", "hour": 10}  # in New York
NINE = datetime(2026, 11, 20, 14, 10, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)


class Office:
    """Ana and Ben are editors of one company, and have exports in one spreadsheet."""

    def __init__(self) -> None:
        self.backend = Backend()
        self.company = self.backend.flows.connected(self.backend.user("ana"))
        self.backend.flows.member(self.backend.user("ben"), self.company, Role.EDITOR)
        self.at(NINE)

    def at(self, now: datetime) -> None:
        self.backend.flows.clock.now = now

    def good(self, path: str, who: str = "ana", **body: Any) -> dict[str, Any]:
        status, told = self.backend.ask(who, path, **body)
        assert status == 200, told
        return told

    def code(self, path: str, who: str = "ana", **body: Any) -> str:
        return str(self.backend.ask(who, path, **body)[1]["error"]["code"])

    def export(
        self,
        schedule: dict[str, Any] | None,
        who: str = "ana",
        name: str = "Open",
        **options: Any,
    ) -> str:
        id = str(
            self.good(
                "exporters/create", who, connection_ids=[self.company], kind="entity",
                dataset="invoices", options=options, name=name,
            )["id"]
        )  # fmt: skip
        if schedule:
            self.good(f"exporters/{id}/schedule", who, schedule=schedule)
        return id

    def due(self, who: str = "ana") -> list[str]:
        return [each["id"] for each in self.good("exporters/due", who)["due"]]

    def shown(self, id: str, who: str = "ana") -> dict[str, Any]:
        home = self.good("home/", who)
        return next(dict(each["schedule"]) for each in home["exporters"] if each["id"] == id)

    def run(
        self, id: str, who: str = "ana", *, fails: str | None = None, by_hand: bool = False
    ) -> dict[str, Any]:
        """Its last step."""
        step = self.last_step(id, who, scheduled=not by_hand)
        self.written(step, who, fails=fails)
        return step

    def last_step(self, id: str, who: str = "ana", **body: Any) -> dict[str, Any]:
        step = self.good(f"export/exporters/{id}/run", who, **body)
        while step["cursor"]:
            step = self.good("export/steps", who, cursor=step["cursor"])
        return step

    def written(self, step: dict[str, Any], who: str = "ana", *, fails: str | None = None) -> None:
        seen = {"rows": step["progress"]["rows"]}
        told = {"applied": False, "why_code": fails} if fails else {"applied": True, "seen": seen}
        self.good("runs/acknowledge", who, run_id=step["run_id"], **told)


@pytest.fixture
def office() -> Office:
    return Office()


def test_an_export_is_due_from_its_hour_on_and_only_for_whom_it_runs_as(office: Office) -> None:
    id = office.export(DAILY)
    assert office.due() == []
    office.at(TEN)
    assert office.due() == [id]
    assert office.good("exporters/due", "ben") == {"due": [], "mine": 0}
    office.run(id)
    assert office.due() == []
    office.at(TEN + timedelta(days=1))
    assert office.due() == [id]


def test_what_waits_longest_comes_first_and_what_runs_not_at_all(office: Office) -> None:
    later, first = office.export({"often": "hourly"}), office.export(DAILY)
    office.at(TEN)
    office.run(later)
    office.at(TEN + timedelta(hours=3))
    assert office.due() == [first, later]
    office.good(f"export/exporters/{first}/run", scheduled=True)
    assert office.due() == [later]


def test_a_run_by_hand_serves_for_the_hour_and_fails_for_nobody_but_its_user(
    office: Office,
) -> None:
    id = office.export(DAILY)
    office.at(TEN)
    for _ in range(4):
        office.run(id, "ben", fails="differs_cell", by_hand=True)
    assert office.due() == [id]
    office.run(id, "ben", by_hand=True)
    assert office.due() == []


def test_three_failures_that_need_a_person_pause_it_and_one_click_takes_it_over(
    office: Office,
) -> None:
    id = office.export(DAILY)
    for day in range(3):
        office.at(TEN + timedelta(days=day))
        assert office.due() == [id]
        office.run(id, fails="differs_cell")
    office.at(TEN + timedelta(days=3))
    assert office.due() == []
    shown = office.shown(id, "ben")
    assert (shown["stopped"], shown["late"], shown["mine"], shown["by"]) == (
        "errors",
        True,
        False,
        "ana@example.com",
    )
    office.good(f"exporters/{id}/take", "ben")
    assert office.shown(id)["by"] == "ben@example.com"
    office.at(TEN + timedelta(days=4))
    assert (office.due("ana"), office.due("ben")) == ([], [id])


def test_a_run_by_hand_that_brings_a_schedule_back_writes_when_its_table_is_late(
    office: Office,
) -> None:
    id = office.export(DAILY, title_row=True)
    for day in range(3):
        office.at(TEN + timedelta(days=day))
        office.run(id, fails="differs_formula")
    assert office.shown(id)["stopped"] == "errors"
    step = office.run(id, by_hand=True)
    assert office.shown(id)["stopped"] is None
    (formula,) = [each for each in step["operations"] if each["op"] == "formula"]
    # 22 November at 10:10; its next hour is that of the 23rd, and two hours after that it is late.
    assert formula["cells"] == [
        {"template": "not_refreshed_since", "row": 0, "column": 1}
        | {"at": [46348, 36600], "due": [46349, 43200]}
    ]


def test_a_table_sent_before_its_hour_is_late_when_its_card_is_wherever_the_sheet_took_it(
    office: Office,
) -> None:
    id = office.export(DAILY, title_row=True)
    due = TEN.replace(minute=0)
    office.at(due - timedelta(seconds=5))
    step = office.last_step(id)
    office.at(due + timedelta(seconds=5))
    office.written(step)
    (formula,) = [each for each in step["operations"] if each["op"] == "formula"]
    assert formula["cells"][0]["due"] == [46346, 43200], "20 November at noon"
    assert office.due() == [id], "its hour brings what came since"
    office.at(due + timedelta(hours=2, seconds=-1))
    assert not office.shown(id)["late"]
    office.at(due + timedelta(hours=2))
    assert office.shown(id)["late"]


def test_a_changed_schedule_answers_what_its_table_is_to_say_of_being_late(office: Office) -> None:
    id = office.export(None)
    path = f"exporters/{id}/schedule"
    assert office.good(path, schedule=DAILY)["late"] is None, "there is no table yet"
    office.at(TEN)
    office.run(id)
    cell = {"template": "not_refreshed_since", "row": 0, "column": 1, "at": [46346, 36600]}
    monthly = office.good(path, schedule={"often": "monthly", "day": 1, "hour": 3})["late"]
    # Run on 20 November at 10:10; due on 1 December at 3:00, and late two hours after that.
    assert (monthly["titled"], monthly["cell"]) == (False, cell | {"due": [46357, 18000]})
    hourly = office.good(path, schedule={"often": "hourly"})["late"]
    assert hourly["cell"] == cell | {"due": [46346, 46800]}
    assert office.good(f"exporters/{id}/take", "ben")["late"] == hourly
    assert office.good(path, schedule=None)["late"] == {**hourly, "cell": None}
    office.good(f"exporters/{id}/freeze")
    assert office.good(path, schedule=DAILY)["late"] is None, "nobody writes a frozen table"


def test_what_passes_by_itself_is_tried_each_hour_and_pauses_nothing(office: Office) -> None:
    id = office.export(DAILY)
    for hour in range(6):
        office.at(TEN + timedelta(hours=hour))
        assert office.due() == [id]
        office.run(id, fails="sheet_busy")
    assert office.shown(id)["late"]
    office.run(id)
    assert not office.shown(id)["late"]


def test_what_stops_a_run_before_it_begins_counts_as_well(office: Office) -> None:
    id = office.export(DAILY)
    record = office.backend.records.get("exporters", id)
    assert record is not None
    office.backend.records.replace(record, {**record.data, "author": "google-nobody"})
    for day in range(3):
        office.at(TEN + timedelta(days=day))
        code = office.code(f"export/exporters/{id}/run", scheduled=True)
        assert code == "exporter_paused"
    assert office.shown(id)["stopped"] == "errors"


def test_a_run_that_three_triggers_cannot_end_stops_and_names_the_way_out(office: Office) -> None:
    id = office.export(DAILY)
    office.at(TEN)
    step = office.good(f"export/exporters/{id}/run", scheduled=True)
    for _ in range(2):
        office.good("runs/park", run_id=step["run_id"], wait_s=3600)
    status, told = office.backend.ask("ana", "runs/park", run_id=step["run_id"], wait_s=3600)
    assert (status, told["error"]["code"]) == (409, "schedule_stopped")
    assert "managed refresh" in told["error"]["message"]
    assert told["error"]["details"]["ended"] is True
    assert office.shown(id)["stopped"] == "too_long"
    assert office.code("export/steps", cursor=step["cursor"]) == "cursor_expired"
    office.run(id, by_hand=True)
    assert office.shown(id)["stopped"] == "too_long"


def test_a_run_by_hand_may_be_parked_as_often_as_it_takes(office: Office) -> None:
    id = office.export(DAILY)
    step = office.good(f"export/exporters/{id}/run")
    for _ in range(5):
        office.good("runs/park", run_id=step["run_id"], wait_s=3600)


def test_who_left_the_company_runs_nothing_and_an_editor_takes_over(office: Office) -> None:
    id = office.export(DAILY, "ben")
    office.backend.records.delete("members", f"{office.company}:google-ben")
    shown = office.shown(id)
    assert (shown["late"], shown["mine"], shown["by"]) == (False, False, ""), (
        "said before it is late"
    )
    office.at(TEN)
    assert office.due("ben") == []
    shown = office.shown(id)
    assert (shown["stopped"], shown["by"]) == ("left", "")
    office.good(f"exporters/{id}/take")
    office.good(f"exporters/{id}/adopt")
    office.at(TEN + timedelta(days=1))
    assert office.due() == [id]


def test_while_the_company_is_paused_a_schedule_waits_and_reconnect_brings_it_back(
    office: Office,
) -> None:
    id = office.export(DAILY)
    told = office.good(f"connections/{office.company}/preview", what="pause")
    office.good(f"connections/{office.company}/pause", confirm=told["confirm"])
    for day in range(5):
        office.at(TEN + timedelta(days=day))
        assert office.due() == []
    shown = office.shown(id)
    assert (shown["stopped"], shown["mine"], shown["late"]) == (None, True, True)
    office.backend.flows.connected(office.backend.user("ana"), reconnect=office.company)
    assert office.due() == [id]
    office.run(id)
    assert not office.shown(id)["late"]


def test_a_schedule_is_ended_and_what_is_none_is_refused(office: Office) -> None:
    id = office.export(DAILY)
    assert office.shown(id)["words"] == "daily between 10:00 and 11:00"
    assert office.code(f"exporters/{id}/schedule", schedule={"often": "yearly"}) == "bad_request"
    assert office.code(f"exporters/{id}/schedule") == "bad_request"
    office.good(f"exporters/{id}/schedule", schedule=None)
    assert office.good("exporters/due") == {"due": [], "mine": 0}
    assert office.code(f"exporters/{id}/take") == "bad_request"


def test_schedules_wait_when_nine_tenths_of_the_month_are_spent(office: Office) -> None:
    class Spent:
        def schedules_may_run(self, realm_id: str, user_sub: str) -> bool:
            return False

        def __getattr__(self, name: str) -> Any:
            return getattr(office.backend.budgets, name)

    id = office.export(DAILY)
    office.at(TEN)
    kept = office.backend.exports
    object.__setattr__(kept, "budgets", Spent())
    assert office.code(f"export/exporters/{id}/run", scheduled=True) == "budget_spent"
    assert office.due() == [id]


def test_a_saved_export_outlives_a_first_run_that_failed(office: Office) -> None:
    id = office.export(None)

    def refuses(call: str, number: int) -> AppError:
        return QuickBooksRejected("QuickBooks said no.")

    office.backend.exports.quickbooks.behave = refuses  # type: ignore[attr-defined]
    status, told = office.backend.ask("ana", f"export/exporters/{id}/run")
    assert (status, told["error"]["details"]["exporter_id"]) == (502, id)
    office.backend.exports.quickbooks.behave = None  # type: ignore[attr-defined]
    office.run(id, by_hand=True)


# A month


def hours_of_november() -> Iterator[datetime]:
    """When Google calls a trigger that began at 37 past: once an hour, through the change of the
    clock on the 1st.
    """
    moment = datetime(2026, 11, 1, 4, 37, tzinfo=UTC)  # the 1st begins in New York at four
    while moment < datetime(2026, 12, 1, 5, tzinfo=UTC):
        yield moment
        moment += timedelta(hours=1)


def test_a_month_of_triggers_refreshes_each_export_in_its_hours_and_in_no_other(
    office: Office,
) -> None:
    office.backend.exports.quickbooks.__init__(invoices(3))  # type: ignore[misc]
    office.at(datetime(2026, 11, 1, 3, 59, tzinfo=UTC))
    schedules: dict[str, dict[str, Any]] = {
        "every six hours": {"often": "hours", "every": 6, "hour": 1},
        "daily": DAILY,
        "daily at one": {"often": "daily", "hour": 1},  # which comes twice on the 1st
        "weekdays": {"often": "weekdays", "hour": 8},
        "weekly": {"often": "weekly", "weekday": 6, "hour": 23},
        "monthly": {"often": "monthly", "day": 31, "hour": 6},
    }
    ids = {office.export(each, name=name): name for name, each in schedules.items()}
    bens = office.export(DAILY, "ben", name="Ben's")
    ran: list[tuple[str, datetime]] = []
    idle = 0
    for moment in hours_of_november():
        office.at(moment)
        due = office.due()
        idle += not due
        for id in due:
            office.run(id)
            ran.append((ids[id], moment.astimezone(NEW_YORK)))
        for id in office.due("ben"):
            office.run(id, "ben")
            assert id == bens
    assert Counter(name for name, _ in ran) == {
        "every six hours": 120,
        "daily": 30,
        "daily at one": 30,
        "weekdays": 21,
        "weekly": 5,
        "monthly": 1,
    }
    assert {at.hour for name, at in ran if name == "daily"} == {10}
    assert {at.hour for name, at in ran if name == "weekdays"} == {8}
    assert {at.weekday() for name, at in ran if name == "weekly"} == {6}
    assert [at.day for name, at in ran if name == "monthly"] == [30]
    assert idle > 500


# What a schedule costs


def test_the_calls_of_the_last_run_are_those_of_the_next_and_once_a_day_the_closing_date() -> None:
    office = Office()
    id = office.export(None)
    step = office.good(f"export/exporters/{id}/run")
    while step["cursor"]:
        step = office.good("export/steps", cursor=step["cursor"])
    assert step["progress"]["calls"] == 6
    asked = len(office.backend.exports.quickbooks.asked)
    assert office.good(f"exporters/{id}/forecast", schedule=DAILY) == {
        "calls_per_run": 6,
        "runs_per_month": 31,
        "calls_per_month": 31 * 6 + 31,
    }
    assert len(office.backend.exports.quickbooks.asked) == asked


def test_an_export_that_has_not_run_is_counted_only_when_that_is_asked_for() -> None:
    office = Office()
    id = office.export(None)
    path = f"exporters/{id}/forecast"
    nothing = {"calls_per_run": None, "runs_per_month": 744, "calls_per_month": None}
    assert office.good(path, schedule={"often": "hourly"}) == nothing
    assert office.backend.exports.quickbooks.asked == []
    found = office.good(path, schedule={"often": "hourly"}, count=True)
    assert (found["calls_per_run"], found["calls_per_month"]) == (6, 744 * 6 + 31)
    assert office.backend.exports.quickbooks.asked == ["SELECT COUNT(*) FROM Invoice"]
    assert office.code(path, schedule={"often": "yearly"}) == "bad_request"


def test_who_left_one_company_of_several_is_no_longer_whom_it_runs_as(office: Office) -> None:
    flows, ben = office.backend.flows, office.backend.user("ben")
    other = flows.connected(office.backend.user("ana"), realm=HOSTILE, sub="intuit-ana")
    flows.member(ben, other, Role.EDITOR)
    both = [office.company, other]
    made = office.good(
        "exporters/create", connection_ids=both, kind="entity", dataset="customers", options={},
        name="Both",
    )  # fmt: skip
    office.good(f"exporters/{made['id']}/schedule", "ben", schedule=DAILY)
    assert office.shown(made["id"])["by"] == "ben@example.com"
    office.backend.records.delete("members", f"{other}:google-ben")
    assert office.shown(made["id"])["by"] == ""
