"""The Sheets API's quotas and the size of its requests, by a clock of the test's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.google.sheets_quota import Quotas
from tests.sandbox.json_api import Api


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def api(clock: Clock) -> Api:
    made = Api()
    made.app.quotas = Quotas(clock)
    return made


def test_a_user_s_sixty_first_write_in_a_minute_is_refused_in_google_s_words(api: Api) -> None:
    for _ in range(60):
        api.update("A1", [["x"]])
    error = api.refused("PUT", "/book/values/A1", {"values": [["y"]]}, valueInputOption="RAW")
    assert (error["code"], error["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert "'Write requests per minute per user'" in error["message"]
    assert api.values("A1") == [["x"]]  # reads are counted apart, and nothing was written


def test_the_minute_slides(api: Api, clock: Clock) -> None:
    for _ in range(30):
        api.update("A1", [["x"]])
    clock.pass_(40)
    for _ in range(30):
        api.update("A1", [["x"]])
    clock.pass_(19.9)
    api.refused("POST", "/book/values/A1:clear", {})
    clock.pass_(0.1)
    for _ in range(30):  # what was refused has not been counted
        api.call("POST", "/book/values/A1:clear", {})
    api.refused("POST", "/book/values/A1:clear", {})


def test_a_project_has_three_hundred_for_all_its_users(api: Api) -> None:
    for user in range(5):
        api.headers = {"Authorization": f"Bearer user-{user}"}
        for _ in range(60):
            api.call("GET", "/book", fields="spreadsheetId")
    api.headers = {"Authorization": "Bearer another"}
    error = api.refused("GET", "/book")
    assert "'Read requests per minute'" in error["message"]
    api.update("A1", [["x"]])  # writes have their own


def test_quota_user_tells_users_of_one_token_apart(api: Api) -> None:
    for user in ("ana", "ben"):
        for _ in range(60):
            api.update("A1", [["x"]], quotaUser=user)
    api.refused(
        "PUT", "/book/values/A1", {"values": [["x"]]}, valueInputOption="RAW", quotaUser="ana"
    )


def test_searches_that_are_posted_are_reads(api: Api) -> None:
    lookup = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "k"}}]}
    for _ in range(60):
        api.call("POST", "/book/developerMetadata:search", lookup)
    error = api.refused("POST", "/book:getByDataFilter", {"dataFilters": [{"a1Range": "A1"}]})
    assert "Read requests" in error["message"]


def test_quotas_are_off_until_they_are_set_and_can_be_smaller(clock: Clock) -> None:
    api = Api()
    for _ in range(400):
        api.call("GET", "/book", fields="spreadsheetId")
    api.app.quotas = Quotas(clock, per_user=1)
    api.call("GET", "/book")
    api.refused("GET", "/book")
    api.app.quotas = None
    api.call("GET", "/book")


def test_a_body_that_is_too_large_is_refused_unread(api: Api) -> None:
    api.app.largest_body = 100
    api.update("A1", [["x"]])
    error = api.refused("PUT", "/book/values/A1", {"values": [["y" * 100]]}, valueInputOption="RAW")
    assert error["message"] == "Request payload size exceeds the limit: 100 bytes."
    assert api.values("A1") == [["x"]]
