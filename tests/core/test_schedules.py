"""When an export is due: over changes of the clock, the ends of months, and any zone."""

from __future__ import annotations

import pathlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.errors import BadRequest
from counterfoil.core.periods import last_day_of_month
from counterfoil.core.plans import Plan, Stopped, needs_person, spread_of
from counterfoil.core.schedules import (
    EVERY,
    EVERY_MINUTES,
    Often,
    Schedule,
    most_in_a_month,
    next_due,
    parsed,
)

ADDON = pathlib.Path(__file__).parents[2] / "addon"

NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "UTC",
            "America/New_York",
            "Europe/Berlin",
            "Asia/Kolkata",
            "Asia/Kathmandu",
            "Australia/Lord_Howe",  # half an hour of summer time
            "Pacific/Apia",  # left out a day
            "America/Sao_Paulo",  # changed its clock at midnight
            "Africa/Casablanca",  # has an hour less in Ramadan
        )
    ]
)
MOMENTS = st.datetimes(
    # Naive bounds are what hypothesis takes.
    min_value=datetime(2010, 1, 1),  # noqa: DTZ001
    max_value=datetime(2037, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
HOURLY_AT_MOST = st.builds(
    Schedule,
    often=st.sampled_from([each for each in Often if each is not Often.MINUTES]),
    hour=st.integers(0, 23),
    every=st.sampled_from(EVERY),
    weekday=st.integers(0, 6),
    day=st.integers(1, 31),
)
SCHEDULES = HOURLY_AT_MOST | st.builds(
    Schedule, often=st.just(Often.MINUTES), every=st.sampled_from(EVERY_MINUTES)
)
LONGEST = {
    Often.MINUTES: timedelta(minutes=30),
    Often.HOURLY: timedelta(hours=1),
    Often.HOURS: timedelta(hours=36),
    Often.DAILY: timedelta(hours=49),
    Often.WEEKDAYS: timedelta(days=5),
    Often.WEEKLY: timedelta(days=15),
    Often.MONTHLY: timedelta(days=63),
}


@given(SCHEDULES, MOMENTS, ZONES)
def test_the_next_time_is_later_never_far_and_follows_itself(
    schedule: Schedule, after: datetime, zone: ZoneInfo
) -> None:
    due = next_due(schedule, after, zone)
    assert timedelta(0) < due - after <= LONGEST[schedule.often]
    assert next_due(schedule, due - timedelta(seconds=1), zone) == due
    assert next_due(schedule, due, zone) > due


@given(SCHEDULES, MOMENTS, ZONES)
def test_nothing_is_due_between_two_neighbours(
    schedule: Schedule, after: datetime, zone: ZoneInfo
) -> None:
    due = next_due(schedule, after, zone)
    between = after + (due - after) / 2
    assert next_due(schedule, between, zone) == due


@given(HOURLY_AT_MOST.filter(lambda each: each.often is not Often.HOURLY), MOMENTS, ZONES)
def test_the_wall_shows_the_hour_or_it_was_left_out(
    schedule: Schedule, after: datetime, zone: ZoneInfo
) -> None:
    due = next_due(schedule, after, zone)
    here = due.astimezone(zone)
    if schedule.often is Often.HOURS and here.minute == 0:
        if (here.hour - schedule.hour) % schedule.every == 0:
            return
    elif (here.hour, here.minute) == (schedule.hour, 0):
        return
    just_before = (due - timedelta(seconds=1)).astimezone(zone)
    assert just_before.utcoffset() != here.utcoffset(), "only a jump of the clock excuses that"


@pytest.mark.parametrize(
    ("schedule", "zone", "after", "due"),
    [
        (Schedule(Often.DAILY, hour=10), NEW_YORK, "2026-11-22T14:59:59", "2026-11-22T15:00:00"),
        (Schedule(Often.DAILY, hour=10), NEW_YORK, "2026-11-22T15:00:00", "2026-11-23T15:00:00"),
        # 2 o'clock is left out on 8 March 2026, and comes twice on 1 November.
        (Schedule(Often.DAILY, hour=2), NEW_YORK, "2026-03-08T05:00:00", "2026-03-08T07:00:00"),
        (Schedule(Often.DAILY, hour=1), NEW_YORK, "2026-11-01T04:30:00", "2026-11-01T05:00:00"),
        (Schedule(Often.DAILY, hour=1), NEW_YORK, "2026-11-01T05:00:00", "2026-11-02T06:00:00"),
        (Schedule(Often.WEEKDAYS, hour=9), BERLIN, "2026-11-27T09:00:00", "2026-11-30T08:00:00"),
        (Schedule(Often.WEEKLY, 6, weekday=0), BERLIN, "2026-11-28T00:00:00", "2026-11-30T05:00:00"),
        (Schedule(Often.MONTHLY, 6, day=31), BERLIN, "2026-02-01T00:00:00", "2026-02-28T05:00:00"),
        (Schedule(Often.MONTHLY, 6, day=31), BERLIN, "2028-02-01T00:00:00", "2028-02-29T05:00:00"),
        (Schedule(Often.MONTHLY, 6, day=30), BERLIN, "2026-04-01T00:00:00", "2026-04-30T04:00:00"),
        (Schedule(Often.HOURS, 2, every=6), BERLIN, "2026-11-22T13:00:00", "2026-11-22T19:00:00"),
        (Schedule(Often.HOURS, 2, every=6), BERLIN, "2026-11-22T19:00:00", "2026-11-23T01:00:00"),
        (Schedule(Often.HOURLY), ZoneInfo("Asia/Kolkata"), "2026-11-22T10:00:00", "2026-11-22T10:30:00"),
    ],
)  # fmt: skip
def test_days_that_are_known(schedule: Schedule, zone: ZoneInfo, after: str, due: str) -> None:
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert next_due(schedule, moment, zone) == datetime.fromisoformat(due).replace(tzinfo=UTC)


@given(SCHEDULES)
def test_what_is_kept_means_the_same(schedule: Schedule) -> None:
    kept = parsed(schedule.as_json())
    assert parsed(kept.as_json()) == kept
    assert kept.often is schedule.often


def test_schedules_are_said_in_the_hours_of_the_spreadsheet() -> None:
    assert [
        Schedule(Often.MINUTES, every=15).words,
        Schedule(Often.HOURLY).words,
        Schedule(Often.HOURS, 1, every=4).words,
        Schedule(Often.DAILY, 10).words,
        Schedule(Often.WEEKDAYS, 23).words,
        Schedule(Often.WEEKLY, 6, weekday=4).words,
        Schedule(Often.MONTHLY, 6, day=31).words,
    ] == [
        "every 15 minutes",
        "hourly",
        "every 4 hours, the first between 01:00 and 02:00",
        "daily between 10:00 and 11:00",
        "on weekdays between 23:00 and 00:00",
        "every Friday between 06:00 and 07:00",
        "monthly on day 31 between 06:00 and 07:00",
    ]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"often": "yearly"},
        {"often": ["daily"], "hour": 1},
        {"often": "daily"},
        {"often": "daily", "hour": 24},
        {"often": "daily", "hour": True},
        {"often": "daily", "hour": 1.0},
        {"often": "hours", "every": 5, "hour": 1},
        {"often": "hours", "every": 15, "hour": 1},
        {"often": "minutes"},
        {"often": "minutes", "every": 2},
        {"often": "minutes", "every": 10},
        {"often": "weekly", "hour": 1, "weekday": 7},
        {"often": "monthly", "hour": 1, "day": 0},
        {"often": "monthly", "hour": 1, "day": 32},
    ],
)
def test_what_is_no_schedule_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        parsed(given)


# Where a schedule stands

MORNING = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # half past ten in New York
DAILY = Plan.made(Schedule(Often.DAILY, 10), MORNING - timedelta(hours=1), NEW_YORK)
TOMORROW = datetime(2026, 11, 21, 15, tzinfo=UTC)


def test_a_run_by_hand_serves_too_and_nothing_missed_is_made_up_for() -> None:
    assert DAILY.is_due(MORNING)
    assert not DAILY.is_late(MORNING)
    done = DAILY.went_well(MORNING)
    assert (done.due_at, done.good_at) == (TOMORROW, MORNING)
    weeks = DAILY.went_well(MORNING + timedelta(days=20))
    assert weeks.due_at == TOMORROW + timedelta(days=20)
    early = DAILY.went_well(MORNING - timedelta(hours=1))
    assert early.due_at == DAILY.due_at, "a run before its hour leaves it due"


def test_three_runs_in_a_row_that_need_a_person_stop_it_and_a_good_one_starts_it_again() -> None:
    plan, now = DAILY, MORNING
    for _ in range(3):
        assert plan.is_due(now)
        plan = plan.failed("reconnect_required", now)
        assert not plan.is_due(now)
        now += timedelta(days=1)
    assert (plan.stopped, plan.is_late(now)) == (Stopped.ERRORS, True)
    assert not plan.is_due(now + timedelta(days=9))
    again = plan.went_well(now)
    assert (again.stopped, again.strikes) == (None, 0)


def test_what_passes_by_itself_is_due_again_the_next_hour_and_never_stops_it() -> None:
    plan = DAILY
    for hour in range(50):
        plan = plan.failed("quickbooks_busy", MORNING + timedelta(hours=hour))
    assert (plan.stopped, plan.strikes) == (None, 0)
    assert plan.is_due(MORNING)
    assert plan.is_late(MORNING + timedelta(hours=2))


def test_a_good_run_between_forgives() -> None:
    plan = DAILY.failed("no_room", MORNING).failed("no_room", MORNING).went_well(MORNING)
    assert plan.failed("no_room", MORNING).stopped is None


def test_what_three_triggers_cannot_end_stops_until_somebody_takes_it_up() -> None:
    plan = DAILY.parked().parked()
    assert plan.stopped is None
    stopped = plan.parked()
    assert stopped.stopped is Stopped.TOO_LONG
    assert stopped.went_well(MORNING).stopped is Stopped.TOO_LONG, "it would be too long again"
    taken = stopped.taken_up(MORNING)
    assert (taken.stopped, taken.triggers, taken.due_at) == (None, 0, TOMORROW)


def test_the_triggers_of_one_run_are_not_counted_with_the_next() -> None:
    assert DAILY.parked().parked().went_well(MORNING).parked().stopped is None


def test_another_zone_moves_what_is_to_come_and_not_what_is_due() -> None:
    later = Plan.made(Schedule(Often.DAILY, 10), MORNING, NEW_YORK)
    assert later.in_zone(BERLIN, MORNING).due_at == datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert DAILY.in_zone(BERLIN, MORNING).due_at == DAILY.due_at


@given(SCHEDULES, MOMENTS, ZONES, st.sampled_from([None, *Stopped]), st.none() | MOMENTS)
def test_a_plan_is_kept_whole(
    schedule: Schedule, now: datetime, zone: ZoneInfo, stopped: Stopped | None, good: datetime
) -> None:
    made = Plan.made(parsed(schedule.as_json()), now, zone)
    plan = Plan(made.schedule, zone, made.due_at, 2, 1, stopped, good)
    assert Plan.of(plan.kept()) == plan


def test_a_table_is_late_two_hours_after_the_hour_that_it_missed() -> None:
    assert DAILY.late_from(MORNING) == TOMORROW + timedelta(hours=2)
    done = DAILY.went_well(MORNING)
    by_hand = done.due_at - timedelta(minutes=10)
    assert done.late_from(by_hand) == TOMORROW + timedelta(hours=2), (
        "before its hour it serves none"
    )


@given(SCHEDULES, MOMENTS, MOMENTS, ZONES, st.none() | st.integers(0, 299))
def test_what_a_table_says_of_itself_and_its_card_are_late_from_one_moment_on(
    schedule: Schedule, made: datetime, sent: datetime, zone: ZoneInfo, spread: int | None
) -> None:
    plan = Plan.made(schedule, made, zone, spread)
    late_from, after = plan.late_from(sent), plan.went_well(sent)
    assert not after.is_late(late_from - timedelta(seconds=1))
    assert after.is_late(late_from)


def test_only_what_a_person_must_see_to_counts() -> None:
    counted = ("reconnect_required", "differs_cell", "bad_request", "exporter_paused", None)
    assert [needs_person(code) for code in counted] == [True] * 5
    passing = ("quickbooks_busy", "budget_spent", "run_in_progress", "sheet_busy", "internal")
    assert [needs_person(code) for code in passing] == [False] * 5
    mended_by_the_next = ("no_stage", "stage_differs", "block_gone")
    assert [needs_person(code) for code in mended_by_the_next] == [False] * 3


def test_nobody_needs_to_see_to_what_the_sidebar_says_to_run_again() -> None:
    words = (ADDON / "WordsTrouble.js").read_text(encoding="utf-8")
    sentence = r"^    (\w+):((?:\s*'[^'\n]*' ?\+?)+),$"
    of_writer = words[words.index("  writer: {") : words.index("    old: {")]
    of_writer += words[words.index("    other_run:") : words.index("    what: {")]
    said = {
        code: "".join(told.split("'")[1::2]) for code, told in re.findall(sentence, of_writer, re.M)
    }
    assert {"refused", "no_stage", "protected", "no_room_below"} <= said.keys()
    again = {code for code, told in said.items() if told.endswith(" Run it again.")}
    assert again == {"no_stage", "stage_differs", "block_gone", "other_run"}
    assert [needs_person(code) for code in sorted(again)] == [False] * 4
    # What a person is to do first, before it can be run again, counts.
    first = {
        code for code, told in said.items() if re.search(r", (then )?run it again|; then run", told)
    }
    assert {"refused", "merged", "protected"} <= first
    assert all(needs_person(code) for code in first - {"written_before"})


@pytest.mark.parametrize(
    ("given", "most"),
    [
        ({"often": "hourly"}, 744),
        ({"often": "hours", "every": 4, "hour": 1}, 186),
        ({"often": "minutes", "every": 15}, 2976),
        ({"often": "daily", "hour": 10}, 31),
        ({"often": "weekdays", "hour": 10}, 23),
        ({"often": "weekly", "weekday": 0, "hour": 10}, 5),
        ({"often": "monthly", "day": 31, "hour": 10}, 1),
    ],
)
def test_no_month_has_more_runs_than_are_foretold(given: dict[str, Any], most: int) -> None:
    schedule = parsed(given)
    assert most_in_a_month(schedule) == most
    found = []
    for month in range(1, 13):
        begin = datetime(2026, month, 1, tzinfo=UTC)
        end = begin + timedelta(days=last_day_of_month(begin.date()).day)
        at, times = begin - timedelta(seconds=1), 0
        while (at := next_due(schedule, at, ZoneInfo("UTC"))) < end:
            times += 1
        found.append(times)
    assert max(found) == most


# Managed refresh

IDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=8, max_size=24)


@given(SCHEDULES, MOMENTS, ZONES, IDS)
def test_managed_refresh_is_due_within_its_hour_or_minutes_and_always_at_the_same_second(
    schedule: Schedule, now: datetime, zone: ZoneInfo, id: str
) -> None:
    spread = spread_of(id, schedule)
    assert 0 <= spread < schedule.within_s
    plan = Plan.made(schedule, now, zone, spread)
    assert plan.due_at > now
    assert plan.due_at - timedelta(seconds=spread) == next_due(
        schedule, now - timedelta(seconds=spread), zone
    )
    assert plan.went_well(plan.due_at).due_at > plan.due_at
    assert Plan.of(plan.kept()).spread == spread


def test_due_times_are_spread_evenly_over_the_minutes() -> None:
    quarter = Schedule(Often.MINUTES, every=15)
    minutes = [spread_of(f"exp_{n}", quarter) // 60 for n in range(3000)]
    counts = [minutes.count(minute) for minute in range(15)]
    assert sum(counts) == 3000
    assert min(counts) > 140
    assert max(counts) < 260


def test_what_may_pass_is_tried_again_in_five_minutes_not_in_the_next_one() -> None:
    plan = Plan.made(Schedule(Often.HOURLY), MORNING, NEW_YORK, 60)
    busy = plan.failed("quickbooks_busy", plan.due_at)
    assert (busy.due_at, busy.strikes) == (plan.due_at + timedelta(minutes=5), 0)
    often = Plan.made(Schedule(Often.MINUTES, every=15), MORNING, NEW_YORK, 0)
    late = often.due_at + timedelta(minutes=12)
    assert often.failed("sheet_busy", late).due_at == often.due_at + timedelta(minutes=15)


def test_a_table_of_every_quarter_of_an_hour_is_late_after_half_an_hour() -> None:
    plan = Plan.made(Schedule(Often.MINUTES, every=15), MORNING, NEW_YORK, 0)
    assert not plan.is_late(plan.due_at + timedelta(minutes=29, seconds=59))
    assert plan.is_late(plan.due_at + timedelta(minutes=30))


@pytest.mark.parametrize("why", [Stopped.UNSHARED, Stopped.UNPROVEN])
def test_a_run_by_hand_does_not_give_back_what_managed_refresh_lost(why: Stopped) -> None:
    plan = Plan.made(Schedule(Often.HOURLY), MORNING, NEW_YORK, 60).ended(why)
    assert plan.went_well(MORNING).stopped is why
    assert plan.taken_up(MORNING).stopped is None
