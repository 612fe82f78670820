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


def test_a_run_that_costs_more_counts_at_once_and_leaves_no_room_for_as_many_others(
    loads: ManagedLoads,
) -> None:
    plan = Plan.made(QUARTER, datetime(2026, 11, 22, tzinfo=UTC), ZoneInfo("UTC"), 0)
    managed = Managed("book", WRITER, 1)
    for n in range(30):
        kept = {"plan": plan.kept(), "managed": managed.kept()}  # it is there
        loads.records.create(EXPORTERS, f"exp_{n}", kept)
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
