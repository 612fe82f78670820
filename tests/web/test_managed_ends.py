"""How managed refresh ends: unshared, unproven, left, paused; and what only passes it over."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from counterfoil.flows import managed_refresh
from counterfoil.flows.run_leases import RunLeases
from sandbox.google.server import GoogleSandbox
from tests.flows.export_fakes import invoices
from tests.web.managed_office import HOURLY, ManagedOffice, counts, sheets


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with sheets() as running:
        yield running


@pytest.fixture
def office(google: GoogleSandbox) -> ManagedOffice:
    return ManagedOffice(google)


def test_three_runs_that_need_a_person_pause_it_and_nothing_is_written(
    office: ManagedOffice,
) -> None:
    id = office.managed()
    office.later(minutes=15)
    office.tick()
    tab = office.book.tab("Invoices")
    assert tab is not None
    tab.write(3, 0, [["typed over by a person"]])
    for _ in range(3):
        office.later(minutes=15)
        assert counts(office.tick()) == (0, 1, 0)
    assert office.shown(id)["stopped"] == "errors"
    assert office.last(id)["code"] == "differs_cell"
    _, first, *lines = office.table("Counterfoil log")
    assert first[2].startswith("35 rows, complete · 35 sent")
    assert [line[:2] for line in lines] == [
        [at, "Open"] for at in ("2026-11-22 16:00", "2026-11-22 16:15", "2026-11-22 16:30")
    ]
    assert lines[0][2] == (
        "Somebody changed 'Invoices'!A2:A36 after the last run. Undo that, or replace what is there."
    )
    assert tab.value(3, 0) == "typed over by a person"
    office.later(minutes=15)
    assert counts(office.tick()) == (0, 0, 0)
    assert office.enable(id)["id"] == id
    tab.write(3, 0, [[1003]])
    assert office.shown(id)["stopped"] is None


@pytest.mark.parametrize("role", [None, "reader"])
def test_a_share_that_is_taken_back_ends_it_in_words_with_the_table_as_it_was(
    office: ManagedOffice, role: str | None
) -> None:
    id = office.managed()
    office.later(minutes=15)
    office.tick()
    before = office.table()
    office.quickbooks.records = invoices(7)
    office.share(role)
    office.later(minutes=15)
    assert counts(office.tick()) == (0, 1, 0)
    shown = office.shown(id)
    assert (shown["stopped"], shown["late"]) == ("unshared", True)
    assert office.table() == before
    office.later(hours=1)
    assert counts(office.tick()) == (0, 0, 0), "nobody knocks at a door that was closed"
    office.share("writer")
    office.later(hours=1)
    assert counts(office.tick()) == (0, 0, 0), "sharing again is not enough"
    office.enable(id)
    office.later(minutes=15)
    assert counts(office.tick()) == (1, 0, 0)


def test_a_spreadsheet_that_was_deleted_ends_it(office: ManagedOffice) -> None:
    id = office.managed()
    del office.google.workbooks[office.id]
    office.later(minutes=15)
    assert counts(office.tick()) == (0, 1, 0)
    assert office.shown(id)["stopped"] == "unshared"


def test_who_loses_their_membership_runs_nothing_more(office: ManagedOffice) -> None:
    office.share()
    id = office.export("ben")
    office.enable(id, "ben")
    asked = len(office.quickbooks.asked)
    (member,) = office.backend.records.find("members", {"user": "google-ben"}, limit=2)
    office.backend.records.delete("members", member.id)
    office.later(minutes=15)
    assert counts(office.tick()) == (0, 0, 0)
    assert len(office.quickbooks.asked) == asked
    assert office.titles() == ["Sheet1"]
    assert office.shown(id)["stopped"] == "left"


def no_member(office: ManagedOffice, id: str) -> None:
    (member,) = office.backend.records.find("members", {"user": "google-ben"}, limit=2)
    office.backend.records.delete("members", member.id)


def no_share(office: ManagedOffice, id: str) -> None:
    office.share(None)


def changed(office: ManagedOffice, id: str) -> None:
    office.good(f"exporters/{id}/update", "ana", revision=1, name="Another")


@pytest.mark.parametrize(
    ("what", "why", "stage"),
    [(no_member, "left", False), (no_share, "unshared", True), (changed, "unproven", True)],
)
def test_what_ends_it_half_way_through_a_run_ends_that_run_as_well(
    office: ManagedOffice,
    monkeypatch: pytest.MonkeyPatch,
    what: Callable[[ManagedOffice, str], None],
    why: str,
    stage: bool,
) -> None:
    """What had arrived goes with it, where the account still may write there."""
    office.share()
    id = office.export("ben")
    office.enable(id, "ben")
    office.later(minutes=15)
    monkeypatch.setattr(managed_refresh, "TIME_S", 0.5)
    office.quickbooks.behave = lambda *_: office.clock.advance(seconds=1)  # type: ignore[func-returns-value]
    assert counts(office.tick())[2] == 1
    asked = len(office.quickbooks.asked)
    what(office, id)
    monkeypatch.setattr(managed_refresh, "TIME_S", 240)
    office.later(minutes=1)
    office.tick()
    assert office.table() == []
    assert office.shown(id)["stopped"] == why
    (run,) = office.backend.records.all("runs").values()
    assert (run["state"], run["code"]) == ("failed", why)
    assert RunLeases(office.backend.records, office.clock).alive(id) is None
    assert any(title.startswith("CF stage") for title in office.titles()) is stage
    assert len(office.quickbooks.asked) == asked


def test_who_loses_it_between_two_steps_of_a_tick_leaves_a_line_behind_and_no_rows(
    office: ManagedOffice,
) -> None:
    office.share()
    id = office.export("ben")
    office.enable(id, "ben")
    office.later(minutes=15)
    office.quickbooks.behave = lambda _, number: no_member(office, id) if number == 1 else None  # type: ignore[func-returns-value]
    assert counts(office.tick()) == (0, 1, 0)
    (run,) = office.backend.records.all("runs").values()
    assert (run["state"], run["code"]) == ("failed", "not_found")
    assert office.titles() == ["Sheet1", "Counterfoil log"]
    _, line = office.table("Counterfoil log")
    assert line[2].startswith("This company is not among yours.")
    office.later(minutes=15)
    office.tick()
    assert office.shown(id)["stopped"] == "left"


def test_a_frozen_table_is_passed_over_and_goes_on_when_it_is_thawed(
    office: ManagedOffice,
) -> None:
    id = office.managed()
    office.later(minutes=15)
    office.tick()
    office.good(f"exporters/{id}/freeze")
    asked = len(office.quickbooks.asked)
    for _ in range(4):
        office.later(minutes=15)
        office.tick()
    assert len(office.quickbooks.asked) == asked
    assert office.shown(id)["stopped"] is None
    office.good(f"exporters/{id}/unfreeze")
    office.later(minutes=15)
    assert counts(office.tick()) == (1, 0, 0)


def test_an_export_of_the_trigger_ends_managed_refresh(office: ManagedOffice) -> None:
    id = office.managed()
    office.good(f"exporters/{id}/schedule", schedule=HOURLY)
    office.later(hours=2)
    assert counts(office.tick()) == (0, 0, 0)
    assert [each["id"] for each in office.good("exporters/due")["due"]] == [id]
    assert office.shown(id)["managed"] is None
    office.enable(id)
    office.good(f"exporters/{id}/schedule", schedule=None)
    office.later(hours=2)
    assert counts(office.tick()) == (0, 0, 0)
