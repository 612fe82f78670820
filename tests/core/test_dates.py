from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from counterfoil.core.dates import ordered, parsed, period, wall_clock, zone
from counterfoil.core.errors import BadRequest


def test_a_day_is_written_one_way() -> None:
    assert parsed("2026-01-31") == date(2026, 1, 31)


@pytest.mark.parametrize(
    "text",
    ["", "31.1.2026", "2026-1-31", "2026-02-30", "20260131", "2026-01-31T00:00", "\u0662026-01-01"],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(BadRequest, match="YYYY-MM-DD"):
        parsed(text)


def test_a_range_does_not_end_before_it_begins() -> None:
    ordered(date(2026, 1, 1), date(2026, 1, 1))
    with pytest.raises(BadRequest, match="Swap"):
        ordered(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (None, None, ""),
        (date(2026, 1, 1), None, "From 2026-01-01"),
        (None, date(2026, 1, 1), "Until 2026-01-01"),
        (date(2026, 1, 1), date(2026, 1, 31), "2026-01-01 to 2026-01-31"),
    ],
)
def test_a_period_in_words(start: date | None, end: date | None, words: str) -> None:
    assert period(start, end) == words


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "America", "\x00"])
def test_a_zone_that_nobody_knows_is_refused(name: str) -> None:
    with pytest.raises(BadRequest, match="time zone"):
        zone(name)


def test_the_wall_clock_names_its_zone() -> None:
    moment = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
    assert wall_clock(moment, zone("America/New_York")) == "2026-11-22 15:30 (America/New_York)"
