"""An account is as full as the runs of its exports make it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from counterfoil.core.errors import ManagedFull
from counterfoil.core.managed import Managed
from counterfoil.core.plans import Plan
from counterfoil.core.schedules import Often, Schedule
from counterfoil.flows.exporter_records import COLLECTION as EXPORTERS
from counterfoil.flows.managed_loads import ManagedLoads
from tests.fakes import MemoryRecords

WRITER = "writer@example.iam.gserviceaccount.com"
QUARTER = Schedule(Often.MINUTES, every=15)


@pytest.fixture
def loads() -> ManagedLoads:
    return ManagedLoads(MemoryRecords())


def percent(loads: ManagedLoads) -> int:
    return round(100 * loads.used(WRITER))


def is_there(loads: ManagedLoads, id: str) -> None:
    plan = Plan.made(QUARTER, datetime(2026, 11, 22, tzinfo=UTC), ZoneInfo("UTC"), 0)
    managed = Managed("book", WRITER, 1)
    loads.records.create(EXPORTERS, id, {"plan": plan.kept(), "managed": managed.kept()})


def test_a_run_that_costs_more_counts_at_once_and_leaves_no_room_for_as_many_others(
    loads: ManagedLoads,
) -> None:
    for n in range(30):
        is_there(loads, f"exp_{n}")
        loads.take(WRITER, f"exp_{n}", QUARTER)
    assert percent(loads) == 50
    loads.ran(WRITER, "exp_0", QUARTER, 11 * 31)
    assert percent(loads) == 100
    with pytest.raises(ManagedFull):
        loads.take(WRITER, "exp_30", QUARTER)
    assert percent(loads) == 100


def test_what_runs_already_is_not_turned_away_where_it_costs_more_than_there_is(
    loads: ManagedLoads,
) -> None:
    loads.take(WRITER, "exp_0", QUARTER)
    loads.ran(WRITER, "exp_0", QUARTER, 1_000)
    assert percent(loads) == 152


def test_it_sinks_by_a_quarter_a_run_and_never_below_a_small_refresh(loads: ManagedLoads) -> None:
    loads.take(WRITER, "exp_0", QUARTER)
    seen = []
    for calls in (264, 4, 4, 4, 200):
        loads.ran(WRITER, "exp_0", QUARTER, calls)
        seen.append(percent(loads))
    assert seen == [40, 30, 22, 17, 30]
    for _ in range(20):
        loads.ran(WRITER, "exp_0", QUARTER, 1)
    assert percent(loads) == 2


def test_a_run_that_costs_what_it_did_writes_nothing(loads: ManagedLoads) -> None:
    loads.take(WRITER, "exp_0", QUARTER)
    loads.ran(WRITER, "exp_0", QUARTER, 60)
    before = loads.records.find("loads", {}, limit=2)
    loads.ran(WRITER, "exp_0", QUARTER, 60)
    assert loads.records.find("loads", {}, limit=2) == before


def test_the_last_run_of_what_is_gone_takes_no_room(loads: ManagedLoads) -> None:
    loads.ran(WRITER, "exp_0", QUARTER, 60)
    loads.take(WRITER, "exp_1", QUARTER)
    loads.ran(WRITER, "exp_0", QUARTER, 60)
    assert percent(loads) == 2


def test_what_has_its_room_in_a_full_account_is_proven_again_for_as_much_or_less_but_not_for_more(
    loads: ManagedLoads,
) -> None:
    hourly, daily = Schedule(Often.HOURLY), Schedule(Often.DAILY, hour=8)
    for id, schedule in (("exp_0", QUARTER), ("exp_1", hourly)):
        is_there(loads, id)
        loads.take(WRITER, id, schedule)
    loads.ran(WRITER, "exp_0", QUARTER, 1_000)
    assert percent(loads) == 152
    loads.take(WRITER, "exp_1", hourly, before=hourly)
    with pytest.raises(ManagedFull):
        loads.take(WRITER, "exp_1", QUARTER, before=hourly)
    loads.take(WRITER, "exp_1", daily, before=hourly)
    with pytest.raises(ManagedFull):
        loads.take(WRITER, "exp_2", daily)
    with pytest.raises(ManagedFull):
        loads.take(WRITER, "exp_1", daily)  # its own trigger ran it meanwhile: it has no room
    assert percent(loads) == 152


def test_another_proof_forgets_nothing_of_what_the_runs_have_cost(loads: ManagedLoads) -> None:
    hourly = Schedule(Often.HOURLY)
    loads.take(WRITER, "exp_0", QUARTER)
    loads.ran(WRITER, "exp_0", QUARTER, 400)
    assert percent(loads) == 61
    loads.take(WRITER, "exp_0", QUARTER, before=QUARTER)
    assert percent(loads) == 61
    loads.take(WRITER, "exp_0", hourly, before=QUARTER)
    assert percent(loads) == 15, "as much a run, a quarter as often"
    loads.take(WRITER, "exp_0", QUARTER, before=hourly)
    assert percent(loads) == 61
