"""The month's budgets and Intuit's block, as runs meet them."""

from __future__ import annotations

import logging
import threading

import pytest

from counterfoil.core.budgets import Caps
from counterfoil.core.errors import BudgetSpent, QuickBooksBusy, ServiceUnavailable
from counterfoil.flows.budgets import BUDGETS, SHARDS, Budgets
from counterfoil.flows.pace import StepMeter
from counterfoil.flows.steps import Step
from tests.fakes import FakeClock, MemoryRecords
from tests.flows.export_fakes import (
    ANA,
    REALM,
    SHEET,
    SMALL,
    FakeQuickBooks,
    World,
    invoices,
    start,
    whole,
)

THROTTLED = QuickBooksBusy("Wait.", wait_s=60, status=429)


def paced(rows: int = 5, **caps: int) -> World:
    return World(FakeQuickBooks(invoices(rows)), SMALL, paced=True, caps=Caps(**caps))


def waited(world: World, step: Step) -> Step:
    """The next step, after the pause that was asked for."""
    world.time.seconds += step.wait_s
    assert step.cursor is not None
    return world.exports.resume(ANA, SHEET, step.cursor)


def blocked_world() -> World:
    """QuickBooks refuses every call, and a run has just found out that it stays so."""
    world = paced()
    world.quickbooks.behave = lambda call, number: THROTTLED
    throttle(world)
    step = start(world)
    step = waited(world, step)
    with pytest.raises(BudgetSpent):
        waited(world, step)
    return world


def throttle(world: World) -> None:
    """The adapter tells the meter of a 429; the fake company here does not."""
    company = world.quickbooks.company

    def told(realm_id, token, refused, meter):  # type: ignore[no-untyped-def]
        made = company(realm_id, token, refused, meter)
        behave = world.quickbooks.behave

        def behaves(call: str, number: int):  # type: ignore[no-untyped-def]
            found = behave(call, number) if behave else None
            if found is THROTTLED:
                meter.throttled(60)
            return found

        world.quickbooks.behave = behaves
        return made

    world.quickbooks.company = told  # type: ignore[method-assign]


def test_every_call_is_counted_for_the_company_the_user_and_the_deployment() -> None:
    world = paced(45)
    _, step = whole(world)
    assert step.calls == len(world.quickbooks.asked) == 7
    kept = world.records.all(BUDGETS)
    assert kept[REALM]["calls"] == 7
    assert kept[f"user:{ANA.sub}"]["calls"] == 7
    assert sum(data["calls"] for data in kept.values() if data.get("of") == "deployment") == 7
    assert world.budgets.as_json() == {"month": "2026-11", "all": 7, "limit": 500_000}
    assert world.budgets.calls_of(REALM) == 7
    assert world.budgets.calls_of("another") == 0


def test_counting_costs_a_few_writes_a_step_and_none_a_call() -> None:
    world = paced(600)
    steps = list(world.steps(start(world)))
    counted = world.records.writes
    unlimited = World(FakeQuickBooks(invoices(600)), SMALL)
    list(unlimited.steps(start(unlimited)))
    assert counted - unlimited.records.writes <= 5 * len(steps)


@pytest.mark.parametrize(
    ("caps", "budget", "said"),
    [
        ({"user": 4}, "user", "You have used up your 4 calls"),
        ({"connection": 4}, "connection", "This company has used up its 4 calls"),
        ({"deployment": 4}, "deployment", "for all companies together"),
    ],
)
def test_a_spent_budget_ends_the_run_before_the_call_that_is_too_many(
    caps: dict[str, int], budget: str, said: str
) -> None:
    world = paced(600, **caps)
    with pytest.raises(BudgetSpent, match=said) as raised:
        whole(world)
    assert len(world.quickbooks.asked) == 4
    assert (raised.value.code, raised.value.status) == ("budget_spent", 429)
    assert raised.value.details["budget"] == budget
    assert raised.value.details["until"] == "2026-12-01T00:00:00+00:00"
    run = world.records.only("runs")
    assert (run["state"], run["code"], run["calls"]) == ("failed", "budget_spent", 4)
    with pytest.raises(BudgetSpent):
        start(world)
    assert len(world.quickbooks.asked) == 4
    world.time.seconds += 9 * 86_400
    assert start(world).rows > 0


def test_schedules_stop_at_ninety_percent_of_any_budget() -> None:
    for caps in ({"user": 10}, {"connection": 10}, {"deployment": 10}):
        world = paced(5, **caps)
        for _ in range(8):
            start(world)
        assert world.budgets.schedules_may_run(REALM, ANA.sub)
        start(world)
        assert not world.budgets.schedules_may_run(REALM, ANA.sub)
        assert start(world).rows == 5


def test_what_other_processes_spent_is_seen_within_seconds() -> None:
    records, clock = MemoryRecords(), FakeClock()
    here, there = (Budgets(records, clock, sleep=clock.sleep) for _ in range(2))
    assert here.calls_of_all() == 0
    for _ in range(3):
        there.spend("ben", 100)
    assert there.calls_of_all() == 300
    clock.advance(seconds=15)
    assert here.calls_of_all() == 300
    assert len([id for id in records.all(BUDGETS) if id.startswith("deployment:")]) <= SHARDS


class Counting(MemoryRecords):
    """`asked` are the reads and writes of budgets, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def get(self, collection, id):  # type: ignore[no-untyped-def]
        self.asked.append(f"get {id}")
        return super().get(collection, id)

    def replace(self, document, data):  # type: ignore[no-untyped-def]
        self.asked.append(f"replace {document.id}")
        return super().replace(document, data)

    def write_all(self, writes):  # type: ignore[no-untyped-def]
        self.asked.append(f"write {', '.join(each.id for each in writes)}")
        return super().write_all(writes)


def test_what_a_step_has_read_of_its_user_is_not_read_again_to_count() -> None:
    records = Counting()
    budgets = Budgets(records, FakeClock())
    budgets.spend("ana", 1)
    budgets.spend("ana", 1)
    records.asked.clear()
    purse = budgets.purse("ana")
    purse.spend(3)
    (shard,) = [id for id in records.all(BUDGETS) if id.startswith("deployment:")]
    assert records.asked == ["get user:ana", f"write user:ana, {shard}"]
    assert records.all(BUDGETS)["user:ana"]["calls"] == 5
    assert records.all(BUDGETS)[shard]["calls"] == 5


def test_a_count_that_others_changed_since_it_was_read_is_read_again() -> None:
    records, clock = MemoryRecords(), FakeClock()
    here, there = (Budgets(records, clock, sleep=clock.sleep) for _ in range(2))
    here.spend("ana", 1)
    purse = here.purse("ana")
    there.spend("ana", 10)
    purse.spend(1)
    kept = records.all(BUDGETS)
    assert kept["user:ana"]["calls"] == 12
    assert sum(data["calls"] for data in kept.values() if data["of"] == "deployment") == 12


def test_a_shard_that_another_process_writes_too_is_left_to_it() -> None:
    records, clock = MemoryRecords(), FakeClock()
    here, there = (Budgets(records, clock, sleep=clock.sleep) for _ in range(2))
    here.spend("ana", 1)
    for _ in range(20):
        there._shard = here._shard
        there._told_shard = None
        there.spend("ben", 1)
        purse = here.purse("ana")
        purse.spend(1)
    kept = records.all(BUDGETS)
    assert kept["user:ana"]["calls"] == 21
    assert sum(data["calls"] for data in kept.values() if data["of"] == "deployment") == 41
    assert len([id for id in kept if id.startswith("deployment:")]) > 1


def test_what_a_step_opens_by_one_question_is_what_it_would_have_read() -> None:
    records = Counting()
    budgets = Budgets(records, FakeClock())
    budgets.spend("ana", 4)
    StepMeter(budgets.pace(REALM)).admit()
    records.asked.clear()
    pace, purse = budgets.opened(REALM, "ana")
    assert records.asked == ["get user:ana", f"get {REALM}"]
    meter = StepMeter(pace, purse)
    meter.admit()
    meter.close(went_well=True)
    assert records.asked[2:3] == [f"replace {REALM}"]
    assert records.all(BUDGETS)[REALM]["calls"] == 2
    assert records.all(BUDGETS)["user:ana"]["calls"] == 5


def test_what_could_not_be_told_of_the_deployment_is_told_with_the_next_step() -> None:
    class Failing(MemoryRecords):
        down = False

        def replace(self, document, data):  # type: ignore[no-untyped-def]
            if self.down and document.id.startswith("deployment:"):
                raise ServiceUnavailable("The store is down.")
            return super().replace(document, data)

    records = Failing()
    budgets = Budgets(records, FakeClock())
    budgets.spend("ana", 1)
    records.down = True
    budgets.spend("ana", 2)
    records.down = False
    budgets.spend("ana", 4)
    (shard,) = [id for id in records.all(BUDGETS) if id.startswith("deployment:")]
    assert records.all(BUDGETS)[shard]["calls"] == 7
    assert budgets.calls_of_all() == 7


def test_steps_that_end_together_tell_the_deployment_by_one_write() -> None:
    class Slow(MemoryRecords):
        """The first write of a shard lasts until three more steps have ended."""

        def __init__(self) -> None:
            super().__init__()
            self.held, self.shard_writes = threading.Event(), 0

        def create(self, collection, id, data):  # type: ignore[no-untyped-def]
            if id.startswith("deployment:"):
                self.shard_writes += 1
                self.held.wait(10)
            return super().create(collection, id, data)

        def replace(self, document, data):  # type: ignore[no-untyped-def]
            self.shard_writes += document.id.startswith("deployment:")
            return super().replace(document, data)

    records = Slow()
    budgets = Budgets(records, FakeClock())
    threads = [threading.Thread(target=budgets.spend, args=(user, 2)) for user in "abcd"]
    for thread in threads:
        thread.start()
    # Each has counted its user's, which comes before the deployment's.
    while len([id for id in records.all(BUDGETS) if id.startswith("user:")]) < 4:
        threading.Event().wait(0.001)
    records.held.set()
    for thread in threads:
        thread.join(10)
    (shard,) = [id for id in records.all(BUDGETS) if id.startswith("deployment:")]
    assert records.all(BUDGETS)[shard]["calls"] == 8
    assert records.shard_writes == 2


def test_the_operator_is_told_once_that_a_month_is_nearly_spent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, "counterfoil.budgets")
    budgets = Budgets(MemoryRecords(), FakeClock(), caps=Caps(deployment=10))
    for _ in range(3):
        budgets.spend("ana", 5)
    assert [record.msg for record in caplog.records] == ["budget nearly spent"]


def test_refused_after_two_pauses_of_a_minute_the_month_is_taken_to_be_spent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = paced()
    world.quickbooks.behave = lambda call, number: THROTTLED
    throttle(world)
    step = start(world)
    assert step.wait_s == 60
    step = waited(world, step)
    assert step.wait_s == 60
    with pytest.raises(BudgetSpent, match=r"renewed on 2026-12-01") as raised:
        waited(world, step)
    assert raised.value.details["budget"] == "intuit"
    assert len(world.quickbooks.asked) == 3
    kept = world.records.all(BUDGETS)
    assert kept[REALM]["blocked_until"].isoformat() == "2026-12-01T00:00:00+00:00"
    (told,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert told.msg == "monthly block"
    assert not world.budgets.schedules_may_run(REALM, ANA.sub)
    assert not world.budgets.schedules_may_run("another", ANA.sub)


def test_a_step_that_is_asked_for_too_early_waits_without_a_call() -> None:
    world = paced()
    world.quickbooks.behave = lambda call, number: THROTTLED if number == 1 else None
    throttle(world)
    step = start(world)
    for _ in range(3):
        world.time.seconds += 10
        assert step.cursor is not None
        step = world.exports.resume(ANA, SHEET, step.cursor)
        assert len(world.quickbooks.asked) == 1
    assert step.wait_s == 30
    assert waited(world, step).proof is not None


def test_a_blocked_company_is_tried_once_an_hour_and_not_more() -> None:
    world = blocked_world()
    with pytest.raises(BudgetSpent, match="once an hour"):
        start(world)
    assert len(world.quickbooks.asked) == 3
    world.time.seconds += 3_600
    step = start(world)
    assert len(world.quickbooks.asked) == 4
    assert step.wait_s == 60
    with pytest.raises(BudgetSpent):
        waited(world, step)
    assert len(world.quickbooks.asked) == 4


def test_an_answer_lifts_the_block() -> None:
    world = blocked_world()
    world.quickbooks.behave = None
    world.time.seconds += 3_600
    assert start(world).proof is not None
    assert world.records.all(BUDGETS)[REALM]["blocked_until"] is None
    assert world.budgets.schedules_may_run(REALM, ANA.sub)
    assert start(world).proof is not None


def test_the_next_month_ends_the_block_by_itself() -> None:
    world = blocked_world()
    world.quickbooks.behave = None
    world.time.seconds += 9 * 86_400
    assert world.budgets.schedules_may_run(REALM, ANA.sub)
    assert start(world).proof is not None


def test_short_pauses_or_outages_are_not_taken_for_the_months_end() -> None:
    for error in (
        QuickBooksBusy("Wait.", wait_s=5, status=429),
        QuickBooksBusy("Down.", wait_s=60, status=503),
    ):
        world = paced()
        world.quickbooks.behave = lambda call, number, error=error: error  # type: ignore[misc]
        step = start(world)
        step = waited(world, step)
        with pytest.raises(QuickBooksBusy):
            waited(world, step)
        assert world.records.all(BUDGETS)[REALM]["blocked_until"] is None
