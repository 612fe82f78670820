"""The log of an export over HTTP: when, who, what came of it, the newest first, for 90 days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from counterfoil.core.people import Role
from counterfoil.flows.run_log import MOST
from tests.web.test_schedules import DAILY, NINE, Office


@pytest.fixture
def office() -> Office:
    return Office()


def log(office: Office, id: str, who: str = "ana") -> list[dict[str, Any]]:
    return list(office.good(f"exporters/{id}/runs", who)["runs"])


def test_each_run_says_when_by_whom_and_what_came_of_it(office: Office) -> None:
    id = office.export(DAILY)
    other = office.export(None, name="Other")
    assert office.good(f"exporters/{id}/runs") == {"runs": [], "more": False}
    office.run(id)
    office.run(other)
    office.at(NINE + timedelta(days=8))
    office.run(id, "ben", by_hand=True, fails="differs_cell")
    failed, good = log(office, id)
    assert len(failed.pop("run_short")) == len("7Q4K-2M")
    assert failed == {
        "at": "2026-11-28T14:10:00+00:00", "took_s": 0, "by": "ben@example.com",
        "scheduled": False, "state": "failed", "verdict": None, "code": "differs_cell",
        "rows": 35, "calls": failed["calls"],
    }  # fmt: skip
    assert failed["calls"] >= 1
    assert (good["by"], good["scheduled"], good["state"]) == ("ana@example.com", True, "applied")
    assert (good["verdict"], good["code"], good["rows"]) == ("PASS", None, 35)


def test_runs_are_there_for_90_days(office: Office) -> None:
    id = office.export(None)
    office.run(id)
    office.at(NINE + timedelta(days=90, minutes=-1))
    assert len(log(office, id)) == 1
    office.at(NINE + timedelta(days=90))
    assert log(office, id) == []


def test_the_newest_of_many_are_shown(office: Office) -> None:
    id = office.export(None)
    for hour in range(MOST + 3):
        office.at(NINE + timedelta(hours=4 * hour))
        office.run(id)
    told = office.good(f"exporters/{id}/runs")
    assert told["more"]
    times = [each["at"] for each in told["runs"]]
    assert times == sorted(times, reverse=True)
    assert len(times) == MOST
    assert times[0] == (NINE + timedelta(hours=4 * (MOST + 2))).isoformat()


def test_who_has_left_has_no_address_and_a_stranger_sees_nothing(office: Office) -> None:
    id = office.export(None)
    office.run(id, "ben")
    office.backend.records.delete("members", f"{office.company}:{office.backend.user('ben').sub}")
    assert [each["by"] for each in log(office, id)] == [""]
    assert office.code(f"exporters/{id}/runs", "ben") == "not_found"


def test_a_run_of_a_company_that_one_is_no_member_of_is_not_among_them(office: Office) -> None:
    id = office.export(None)
    office.run(id)
    (run,) = office.backend.records.find("runs", {"exporter": id}, limit=2)
    companies = [office.company, "con_somebody-elses"]
    office.backend.records.replace(run, {**run.data, "companies": companies})
    assert log(office, id) == []
    office.backend.flows.member(office.backend.user("ana"), "con_somebody-elses", Role.REFRESHER)
    assert len(log(office, id)) == 1
