from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.cells import (
    TEXT_LIMIT,
    any_moment_serial,
    cell,
    date_serial,
    datetime_serial,
    moment_serial,
    moment_serials,
    number,
)
from counterfoil.core.datasets import ColumnType
from counterfoil.core.errors import ExportTooLarge

NEW_YORK = ZoneInfo("America/New_York")

TEXT, MONEY, NUMBER = ColumnType.TEXT, ColumnType.MONEY, ColumnType.NUMBER
DATE, DATETIME, BOOLEAN = ColumnType.DATE, ColumnType.DATETIME, ColumnType.BOOLEAN


@pytest.mark.parametrize(
    ("type", "value", "expected"),
    [
        (TEXT, "0012", "0012"),
        (TEXT, "5000000000000503624", "5000000000000503624"),
        (TEXT, '=IMPORTXML("https://x")', '=IMPORTXML("https://x")'),
        (TEXT, "1-2", "1-2"),
        (TEXT, "2026-04-08", "2026-04-08"),
        (TEXT, "true", "true"),
        (TEXT, 12, "12"),
        (TEXT, Decimal("12.50"), "12.50"),
        (TEXT, True, "true"),
        (TEXT, False, "false"),
        (TEXT, "", ""),
        (TEXT, None, ""),
        (MONEY, Decimal("335.25"), 335.25),
        (MONEY, Decimal("-89.50"), -89.5),
        (MONEY, Decimal("100.00"), 100),
        (MONEY, 275, 275),
        (MONEY, "0.00", 0),
        (MONEY, ".50", 0.5),
        (MONEY, "-0.00", 0),
        (MONEY, Decimal("0.1"), 0.1),
        (MONEY, "", ""),
        (MONEY, None, ""),
        (MONEY, "n/a", "n/a"),
        (MONEY, "1,234.50", "1,234.50"),
        (MONEY, "٣", "٣"),
        (MONEY, "1_000", "1_000"),
        (MONEY, "NaN", "NaN"),
        (MONEY, "1e400", "1e400"),
        (MONEY, True, "true"),
        (NUMBER, "37.4238562", 37.4238562),
        (NUMBER, "INVALID", "INVALID"),
        (NUMBER, Decimal("1.0946"), 1.0946),
        (DATE, "1899-12-30", 0),
        (DATE, "1900-01-01", 2),
        (DATE, "2026-04-08", 46120),
        (DATE, date(2026, 4, 8), 46120),
        (DATE, "1899-12-29", -1),
        (DATE, "0-00-00", "0-00-00"),
        (DATE, "2026-02-30", "2026-02-30"),
        (DATE, "Beginning Balance", "Beginning Balance"),
        (DATE, "20260408", "20260408"),
        (DATE, None, ""),
        (DATE, "", ""),
        (DATETIME, "2026-04-08T13:16:17-07:00", (46120 * 86400 + 16 * 3600 + 16 * 60 + 17) / 86400),
        (DATETIME, "2026-04-08T04:00:00Z", 46120),
        (DATETIME, "2026-04-08T04:00:00.999Z", 46120),
        (DATETIME, "2026-04-08T04:00:00+0000", 46120),
        (DATETIME, "2026-01-08T12:00:00-05:00", 46030.5),
        (DATETIME, "2026-04-08T13:16:17", "2026-04-08T13:16:17"),
        (DATETIME, "2026-04-08", "2026-04-08"),
        (DATETIME, None, ""),
        (BOOLEAN, True, True),
        (BOOLEAN, False, False),
        (BOOLEAN, "true", True),
        (BOOLEAN, "false", False),
        (BOOLEAN, "NotSet", "NotSet"),
        (BOOLEAN, None, ""),
    ],
)
def test_the_column_decides_what_a_value_becomes(
    type: ColumnType, value: object, expected: object
) -> None:
    found = cell(value, type, NEW_YORK)
    assert found == expected
    assert found.__class__ is expected.__class__


def test_an_instant_is_shown_as_the_sheets_own_clock_shows_it() -> None:
    instant = "2026-11-22T20:30:00Z"
    assert cell(instant, DATETIME, ZoneInfo("UTC")) == (46348 * 86400 + 73800) / 86400
    assert cell(instant, DATETIME, NEW_YORK) == (46348 * 86400 + 55800) / 86400
    assert cell(instant, DATETIME, ZoneInfo("Asia/Kolkata")) == (46349 * 86400 + 7200) / 86400


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]),
)
def test_a_moments_serial_is_the_float_nearest_to_the_exact_one(naive: datetime, name: str) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(hours=-7)))
    local = moment.astimezone(ZoneInfo(name)).replace(tzinfo=None)
    passed = local - datetime(1899, 12, 30)  # noqa: DTZ001
    exact = Fraction(passed.days) + Fraction(passed.seconds, 86_400)
    assert datetime_serial(moment, ZoneInfo(name)) == float(exact)


def test_a_moment_without_an_offset_is_nobodys_instant() -> None:
    with pytest.raises(ValueError, match="offset"):
        datetime_serial(datetime(2026, 1, 1), NEW_YORK)  # noqa: DTZ001


def test_the_ends_of_the_calendar_are_cells_too() -> None:
    assert date_serial(date.min) == -693593
    assert cell("0001-01-01T00:00:00Z", DATETIME, NEW_YORK) == -693593
    assert cell("9999-12-31T23:00:00-12:00", DATETIME, NEW_YORK) == 2958465 + 23 / 24


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=2, min_value=-(10**13), max_value=10**13
    )
)
def test_an_amount_of_15_digits_reads_back_as_itself(amount: Decimal) -> None:
    found = number(amount)
    assert Decimal(repr(found)) == amount
    assert isinstance(found, int) is (amount == amount.to_integral_value())


def test_beyond_15_digits_the_nearest_float_is_kept() -> None:
    assert number(Decimal("12345678901234567.89")) == 12345678901234568.0
    assert number(2**53) == 9007199254740992
    assert isinstance(number(2**60), float)


@pytest.mark.parametrize("word", ["", " 1", "1 ", "1,5", "0x10", "1e", "--1", "inf", "1.2.3"])
def test_a_word_is_no_number(word: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        number(word)


def test_a_text_that_sheets_would_cut_stops_the_export_and_names_the_column() -> None:
    assert cell("x" * TEXT_LIMIT, TEXT, NEW_YORK, "Memo") == "x" * TEXT_LIMIT
    with pytest.raises(ExportTooLarge, match="Memo") as caught:
        cell("x" * (TEXT_LIMIT + 1), TEXT, NEW_YORK, "Memo")
    assert caught.value.details == {"column": "Memo", "characters": 50_001}


def test_length_is_counted_as_javascript_counts_it() -> None:
    leaf = "🌿"  # two units
    assert cell(leaf * (TEXT_LIMIT // 2), TEXT, NEW_YORK)
    with pytest.raises(ExportTooLarge):
        cell(leaf * (TEXT_LIMIT // 2) + "x", TEXT, NEW_YORK)


@pytest.mark.parametrize("type", list(ColumnType))
def test_no_column_type_lets_a_text_be_cut(type: ColumnType) -> None:
    with pytest.raises(ExportTooLarge):
        cell("x" * (TEXT_LIMIT + 1), type, NEW_YORK, "Any")


@given(
    st.datetimes(datetime(1890, 1, 1), datetime(2200, 1, 1)),  # noqa: DTZ001  their offset is text
    st.sampled_from(["-08:00", "-07:00", "+00:00", "+05:30", "+14:00", "-12:00", "Z"]),
    st.sampled_from(
        ["UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca"]
    ),
)
def test_the_short_way_to_a_moment_comes_to_the_same(at: datetime, offset: str, name: str) -> None:
    text = f"{at:%Y-%m-%dT%H:%M:%S}{offset}"
    zone = ZoneInfo(name)
    found = moment_serial(text, zone)
    assert repr(found) == repr(any_moment_serial(text, zone))
    assert repr(moment_serials([text], zone)) == repr({text: found})
    assert found is not None


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-08T01:59:59-05:00",
        "2026-03-08T03:00:00-04:00",
        "2026-11-01T01:30:00-04:00",
        "2026-11-01T01:30:00-05:00",
        "2026-04-07T12:30:05.123-07:00",
        "2026-04-07T12:30:05",
        "2026-04-07T24:00:00Z",
        "2026-02-30T12:00:00Z",
        "2026-04-07 12:30:05Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "2026-04-07T1_:30:05Z",
        "",
    ],
)
def test_a_day_with_a_change_of_the_clock_and_odd_texts_go_the_long_way(text: str) -> None:
    found = moment_serial(text, ZoneInfo("America/New_York"))
    assert repr(found) == repr(any_moment_serial(text, ZoneInfo("America/New_York")))
    usual = "2026-04-07T12:00:00-07:00"
    together = moment_serials([usual, text], ZoneInfo("America/New_York"))
    assert repr(together) == repr({usual: 46119.625, text: found})
