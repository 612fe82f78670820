"""Managed refresh over HTTP, through Google's own client: what it writes, and how it goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from counterfoil.core.errors import QuickBooksBusy
from counterfoil.core.managed import CALLS_PER_RUN
from counterfoil.core.people import Role
from counterfoil.flows import managed_refresh
from counterfoil.flows.limits import Limits
from counterfoil.flows.run_leases import RunLeases
from sandbox.google.a1 import Rect
from sandbox.google.server import GoogleSandbox
from tests.flows.export_fakes import invoices
from tests.web.backend import SCHEDULER, WRITER
from tests.web.managed_office import HOURLY, ManagedOffice, counts, sheets


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with sheets() as running:
        yield running


@pytest.fixture
def office(google: GoogleSandbox) -> ManagedOffice:
    return ManagedOffice(google)


def test_an_export_is_refreshed_each_quarter_of_an_hour_without_anybody(
    office: ManagedOffice,
) -> None:
    id = office.managed()
    assert counts(office.tick()) == (0, 0, 0)
    office.later(minutes=15)
    assert counts(office.tick()) == (1, 0, 0)
    assert len(office.table()) == 36
    assert office.table()[0][0] == "Id"
    last = office.last(id)
    assert (last["state"], last["verdict"], last["rows"]) == ("applied", "PASS", 35)
    office.quickbooks.records += invoices(2, first=900)
    office.later(minutes=15)  # within them the id, which is made up anew, spreads the time
    assert counts(office.tick()) == (1, 0, 0)
    assert len(office.table()) == 38
    assert office.good("exporters/due") == {"due": [], "mine": 0}, "no trigger has to run it"


def test_a_day_of_minutes_makes_ninety_six_runs_whoever_else_ticks(office: ManagedOffice) -> None:
    office.quickbooks.records = office.quickbooks.records[:3]
    id = office.managed()
    ran = 0
    for minute in range(24 * 60):
        office.later(minutes=1)
        ran += office.tick()["ran"]
        if minute % 60 == 0:
            assert office.tick()["ran"] == 0, "another instance finds nothing left"
    assert ran == 96
    assert office.shown(id)["late"] is False
    assert office.backend.managed_health.told() == {
        "used": [2], "ticked_s": 0, "late_s": 0, "waiting": 0,
    }  # fmt: skip


def test_what_somebody_runs_at_this_moment_is_left_alone_and_run_after_it(
    office: ManagedOffice,
) -> None:
    id = office.managed()
    office.later(minutes=15)
    office.good(f"export/exporters/{id}/run", "ben")
    assert counts(office.tick()) == (0, 0, 0)
    assert office.titles() == ["Sheet1"]
    office.later(minutes=4)  # Ben has closed his sidebar
    assert counts(office.tick()) == (1, 0, 0)
    assert len(office.table()) == 36


def test_a_run_stops_softly_when_the_time_is_used_up_and_another_tick_ends_it(
    office: ManagedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = office.managed()
    office.later(minutes=15)
    monkeypatch.setattr(managed_refresh, "TIME_S", 10)
    slow = office.clock
    office.quickbooks.behave = lambda *_: slow.advance(seconds=8)  # type: ignore[func-returns-value]
    assert counts(office.tick()) == (0, 0, 1)
    assert [title for title in office.titles() if title.startswith("CF stage")]
    assert office.table() == []
    alive = RunLeases(office.backend.records, office.clock).alive(id)
    assert alive is not None
    assert alive["goes_on_at"] is not None
    ticks = 1
    while not office.table():
        assert ticks < 12
        office.later(minutes=1)
        office.tick()
        ticks += 1
    assert ticks > 2
    assert len(office.table()) == 36
    assert office.last(id)["verdict"] == "PASS"
    assert office.titles() == ["Sheet1", "Invoices", "Counterfoil log"], "the stage is gone"
    assert office.backend.records.find("parked", {}, limit=9) == []
    assert office.shown(id)["stopped"] is None, "no count of triggers stops it"


def test_of_two_that_find_a_run_half_way_one_goes_on(
    office: ManagedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.managed()
    office.later(minutes=15)
    monkeypatch.setattr(managed_refresh, "TIME_S", 0.5)
    office.quickbooks.behave = lambda *_: office.clock.advance(seconds=1)  # type: ignore[func-returns-value]
    assert counts(office.tick())[2] == 1
    monkeypatch.setattr(managed_refresh, "TIME_S", 240)
    (parked,) = office.backend.records.find("parked", {}, limit=9)
    office.backend.records.delete("parked", parked.id)  # by the other one
    refresh = office.backend.managed_refresh
    assert refresh._gone_on(parked, lambda: True) is managed_refresh.Came.NOT_NOW


def test_a_killed_instance_leaves_a_run_that_the_next_ones_make_anew(
    office: ManagedOffice,
) -> None:
    id = office.managed()
    office.later(minutes=15)

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    office.quickbooks.behave = killed
    with pytest.raises(KeyboardInterrupt):
        office.tick()
    office.quickbooks.behave = None
    office.later(minutes=1)
    assert counts(office.tick()) == (0, 0, 0), "its lease is alive"
    office.later(minutes=3)
    assert counts(office.tick()) == (1, 0, 0)
    assert office.last(id)["verdict"] == "PASS"


def test_what_passes_by_itself_is_tried_again_in_five_minutes_and_costs_no_strike(
    office: ManagedOffice,
) -> None:
    id = office.managed(schedule=HOURLY)
    office.later(hours=1)
    office.quickbooks.behave = lambda *_: QuickBooksBusy("QuickBooks is busy.", wait_s=3600)
    for _ in range(6):
        office.tick()
        office.later(minutes=5)
    assert office.shown(id)["stopped"] is None
    office.quickbooks.behave = None
    while not office.table():
        office.later(minutes=1)
        office.tick()
    assert office.last(id)["verdict"] == "PASS"


def test_a_broken_record_stops_no_other(office: ManagedOffice) -> None:
    bad, good = office.managed(name="Bad"), office.export(name="Good")
    office.enable(good)
    held = office.backend.records.get("exporters", bad)
    assert held is not None
    office.backend.records.replace(held, {**held.data, "connection_ids": None, "options": 7})
    office.later(minutes=15)
    assert office.tick()["ran"] == 1
    assert office.record(good)["last_run"]["verdict"] == "PASS"


def test_cells_with_dates_are_read_by_the_service_account(office: ManagedOffice) -> None:
    tab = office.book.tabs[0]
    tab.write(0, 0, [[46000]])
    tab.look(Rect(0, 0), pattern="yyyy-mm-dd")
    office.share()
    id = office.export(cells={"from": "'Sheet1'!A1"})
    office.enable(id)
    office.later(minutes=15)
    assert counts(office.tick()) == (1, 0, 0)
    assert any("TxnDate >= '2025-12-09'" in asked for asked in office.quickbooks.asked)


def test_an_update_is_told_of_its_table_by_the_service_account(office: ManagedOffice) -> None:
    id = office.managed(mode="update", columns=["id", "total"])
    office.later(minutes=15)
    assert counts(office.tick()) == (1, 0, 0)
    office.later(minutes=15)
    asked = len(office.quickbooks.asked)
    assert counts(office.tick()) == (1, 0, 0)
    assert [each.split()[0] for each in office.quickbooks.asked[asked:]] == ["CDC"]
    assert office.last(id)["verdict"] == "PASS"


@pytest.mark.parametrize(
    ("options", "more", "writes", "reads"),
    [
        ({}, 0, 2, 8),
        ({}, 1, 3, 8),
        ({"mode": "update", "columns": ["id", "total"]}, 1, 3, CALLS_PER_RUN),
    ],
    ids=["replace by the same", "replace", "update"],
)
def test_a_small_refresh_is_one_call_and_its_signature(
    office: ManagedOffice, options: dict[str, Any], more: int, writes: int, reads: int
) -> None:
    """One call lays out the table, all or nothing; once it was read back another one signs it. What
    it changed is logged by one more, behind the signature; so is the day's line of proof, which asks
    three times what is there.
    """
    backend = office.backend
    exports = replace(backend.exports, limits=Limits())
    backend.managed_refresh = replace(backend.managed_refresh, exports=exports)
    office.managed(**options)
    for line in (1, 0, 0):
        office.quickbooks.records = invoices(len(office.quickbooks.records) + more)
        office.later(minutes=15)
        before = Counter(office.google.sheets.calls)
        assert office.tick()["ran"] == 1
        made = Counter(office.google.sheets.calls) - before
        assert made.pop("spreadsheets.batchUpdate") <= max(writes, 2 + line)
        assert sum(made.values()) <= reads + 3 * line


def test_the_scheduler_alone_may_say_that_a_minute_has_passed(office: ManagedOffice) -> None:
    office.managed()
    office.later(minutes=15)
    for who in ("ana", "ben", "", WRITER):
        status, told = office.backend.ask(who, "managed_refresh/tick", key=None)
        assert (status, told["error"]["code"]) == (401, "unauthorized")
    assert office.titles() == ["Sheet1"]
    assert office.backend.ask(SCHEDULER, "managed_refresh/tick", key=None)[0] == 200


def test_what_is_due_waits_longest_first_and_its_lateness_is_told(
    office: ManagedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [office.managed(name=f"Export {n}") for n in range(3)]
    office.later(minutes=45)
    monkeypatch.setattr(managed_refresh, "TIME_S", 0.0)
    told = office.tick()
    assert (told["ran"], told["waiting"]) == (0, 3)
    assert 30 * 60 <= told["late_s"] <= 45 * 60
    health = office.backend.managed_health.told()
    assert health == {"used": [5], "ticked_s": 0, "late_s": told["late_s"], "waiting": 3}
    monkeypatch.setattr(managed_refresh, "TIME_S", 240.0)
    assert office.tick()["ran"] == 3
    assert all(office.last(id)["verdict"] == "PASS" for id in ids)


def test_an_outage_of_a_day_is_made_good_by_one_run(office: ManagedOffice) -> None:
    office.managed()
    office.tick()
    office.later(days=3)
    assert counts(office.tick()) == (1, 0, 0)
    assert counts(office.tick()) == (0, 0, 0)


def test_a_role_of_a_refresher_may_run_what_they_have_proven_no_more_than_by_hand(
    office: ManagedOffice,
) -> None:
    office.share()
    id = office.export()
    office.backend.flows.member(office.backend.user("ref"), office.company, Role.REFRESHER)
    assert office.code(f"managed_refresh/exporters/{id}/offer", "ref") == "forbidden"
