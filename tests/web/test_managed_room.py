"""How much managed refresh carries: what does not fit is refused, and what is gone makes room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from counterfoil.core.managed import CALLS_PER_RUN, account_key
from counterfoil.flows import managed_loads, managed_refresh
from counterfoil.flows.managed_health import ManagedHealth
from sandbox.google.a1 import Rect
from sandbox.google.server import GoogleSandbox
from tests.web.backend import WRITER
from tests.web.managed_office import HOURLY, QUARTER, ManagedOffice, sheets


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with sheets() as running:
        yield running


@pytest.fixture
def office(google: GoogleSandbox) -> ManagedOffice:
    return ManagedOffice(google)


def test_what_does_not_fit_is_refused_in_words_and_what_is_gone_makes_room(
    google: GoogleSandbox,
) -> None:
    office = ManagedOffice(google)
    office.share()
    ids = [office.export(name=f"Export {n}") for n in range(61)]
    for id in ids[:60]:
        office.enable(id)
        office.later(seconds=3)
    assert office.backend.managed_health.told()["used"] == [100]  # type: ignore[index]
    nonce = office.offer(ids[60])
    office.write(nonce)
    path = f"managed_refresh/exporters/{ids[60]}/enable"
    status, told = office.ask(path, nonce=nonce, schedule=QUARTER)
    assert (status, told["error"]["code"]) == (409, "managed_full")
    assert "Choose a longer time" in told["error"]["message"]
    assert office.record(ids[60])["managed"] is None
    office.enable(ids[0], schedule=HOURLY)
    office.enable(ids[60], schedule=HOURLY)
    office.good(f"exporters/{ids[1]}/delete")
    office.good(f"exporters/{ids[2]}/schedule", schedule=None)
    office.enable(ids[60])


@pytest.mark.parametrize("why", ["managed_full", "proof_missing", "sheet_not_shared"])
def test_a_refusal_leaves_what_runs_as_it_is_and_the_title_row_comes_once_nothing_is_refused(
    office: ManagedOffice, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = office.managed(schedule=HOURLY)
    before = office.record(id)
    nonce, full = office.offer(id, "ben"), why == "managed_full"
    if why != "proof_missing":
        office.write(nonce)
    with monkeypatch.context() as patched:
        if full:
            patched.setattr(managed_loads, "has_room", lambda loads: not list(loads))
        if why == "sheet_not_shared":
            office.share(None)
        assert office.refused(id, nonce, "ben", title_row=True) == why
    assert office.record(id) == before
    office.share()
    office.later(hours=2)
    assert office.tick()["ran"] == 1
    nonce = office.offer(id)
    office.write(nonce)
    path = f"managed_refresh/exporters/{id}/enable"
    office.good(path, nonce=nonce, schedule=QUARTER, title_row=True)
    shown = office.shown(id)
    assert (shown["stopped"], shown["managed"]["proven"]) == (None, True)
    assert office.record(id)["revision"] == before["revision"] + 1
    office.later(minutes=15)
    assert office.tick()["ran"] == 1


def test_one_that_errors_paused_keeps_its_room_for_a_run_by_hand_to_bring_it_back(
    office: ManagedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused, other = office.managed(), office.export(name="Other")
    office.later(minutes=15)
    office.tick()
    tab = office.book.tab("Invoices")
    assert tab is not None
    was = tab.values(Rect(3, 0))
    tab.write(3, 0, [["typed over"]])
    for _ in range(3):
        office.later(minutes=15)
        office.tick()
    assert office.shown(paused)["stopped"] == "errors"
    monkeypatch.setattr(managed_loads, "has_room", lambda loads: len(list(loads)) <= 1)
    nonce = office.offer(other)
    office.write(nonce)
    assert office.refused(other, nonce) == "managed_full"
    tab.write(3, 0, was)
    told = office.good(f"export/exporters/{paused}/run")
    while told.get("cursor"):
        told = office.good("export/steps", cursor=told["cursor"])
    office.good("runs/acknowledge", run_id=told["run_id"], applied=True, rows_seen=35)
    assert office.shown(paused)["stopped"] is None
    nonce = office.offer(other)
    office.write(nonce)
    assert office.refused(other, nonce) == "managed_full", "it runs again, and fills the account"
    office.good(f"exporters/{paused}/delete")
    office.enable(other)


def test_an_export_fills_its_account_by_what_its_run_has_cost_in_all_of_its_ticks(
    office: ManagedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = office.managed()
    loads = managed_loads.ManagedLoads(office.backend.records)
    assert round(1000 * loads.used(WRITER)) == 17
    office.later(minutes=15)
    office.quickbooks.behave = lambda *_: office.clock.advance(seconds=1)  # type: ignore[func-returns-value]
    monkeypatch.setattr(managed_refresh, "TIME_S", 2)
    before = Counter(office.google.sheets.calls)
    while office.tick()["ran"] == 0:
        office.later(minutes=1)
    made = Counter(office.google.sheets.calls) - before
    writes = made.pop("spreadsheets.batchUpdate")
    assert max(writes, sum(made.values())) > CALLS_PER_RUN
    kept = office.backend.records.get("loads", account_key(WRITER))
    assert kept is not None
    cost = kept.data["loads"][id] * 15 / 1_000_000
    assert cost == pytest.approx(max(writes, sum(made.values())), abs=0.01)


def test_health_tells_within_the_hour_that_room_is_not_used_any_more(office: ManagedOffice) -> None:
    office.share()
    ids = [office.export(name=f"Export {n}") for n in range(10)]
    for id in ids:
        office.enable(id)
    office.tick()
    assert office.backend.managed_health.told()["used"] == [17]  # type: ignore[index]
    for id in ids[1:]:
        office.good(f"exporters/{id}/delete")
    office.later(hours=1)
    office.tick()
    fresh = ManagedHealth(office.backend.records, office.clock, (WRITER,)).told()
    assert fresh is not None
    assert fresh["used"] == [2]
