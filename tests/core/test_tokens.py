"""A token pair's life: what an answer must hold, when it is fresh, when refusals count."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.tokens import (
    Freshness,
    NotATokenAnswer,
    TokenAnswer,
    freshness,
    given_up,
    may_ask_again,
    token_answer,
    with_refusal,
)
from tests.fakes import NOON
from tests.samples import sample

GOOD = {
    "token_type": "bearer",
    "access_token": "A1",
    "expires_in": 3600,
    "refresh_token": "R1",
    "x_refresh_token_expires_in": 8_726_400,
    "x_refresh_token_hard_expires_in": 157_680_000,
}


def test_lifetimes_become_times_counted_from_when_we_asked() -> None:
    assert token_answer(GOOD, NOON) == TokenAnswer(
        access="A1",
        refresh="R1",
        access_expires=NOON + timedelta(hours=1),
        refresh_expires=NOON + timedelta(days=101),
        hard_expires=NOON + timedelta(days=1825),
    )


@pytest.mark.parametrize(
    ("name", "lives"),
    [("token_response", 15_551_893), ("token_response_with_hard_expiry", 8_726_400)],
)
def test_intuits_own_answers_are_understood(name: str, lives: int) -> None:
    pair = token_answer(sample(f"oauth/{name}.json"), NOON)
    assert pair.access == "eyJ..."
    assert pair.access_expires == NOON + timedelta(seconds=3600)
    assert pair.refresh_expires == NOON + timedelta(seconds=lives)


def test_neither_token_is_in_its_repr() -> None:
    pair = token_answer({**GOOD, "access_token": "canary-a", "refresh_token": "canary-r"}, NOON)
    assert "canary" not in repr(pair)


@pytest.mark.parametrize("left_out", [None, ""])
def test_a_refresh_token_may_be_left_out(left_out: object) -> None:
    assert token_answer({**GOOD, "refresh_token": left_out}, NOON).refresh is None


NO_TOKEN: list[Any] = [
    {},
    {"error": "invalid_grant"},
    {**GOOD, "error": "server_error"},
    {**GOOD, "access_token": None},
    {**GOOD, "access_token": ""},
    {**GOOD, "access_token": 7},
    {**GOOD, "access_token": "two words"},
    {**GOOD, "access_token": "line\r\nbreak"},
    {**GOOD, "access_token": "x" * 20_000},
    {**GOOD, "refresh_token": ["R1"]},
    {**GOOD, "refresh_token": "é"},
    [],
    None,
    "A1",
]


@pytest.mark.parametrize("answer", NO_TOKEN)
def test_what_is_not_a_token_raises_and_does_not_say_what_came(answer: Any) -> None:
    with pytest.raises(NotATokenAnswer) as error:
        token_answer(answer, NOON)
    assert "R1" not in str(error.value)
    assert "two words" not in str(error.value)


@pytest.mark.parametrize("odd", [None, "soon", -1, 0, True, 1.5, 10**15, "9" * 50, []])
def test_an_odd_lifetime_does_not_cost_the_pair(odd: object) -> None:
    names = ("expires_in", "x_refresh_token_expires_in", "x_refresh_token_hard_expires_in")
    pair = token_answer({**GOOD, **dict.fromkeys(names, odd)}, NOON)
    assert pair.refresh == "R1"
    assert pair.access_expires == NOON + timedelta(minutes=10)
    assert (pair.refresh_expires, pair.hard_expires) == (None, None)


def test_a_lifetime_in_digits_is_a_number() -> None:
    pair = token_answer({**GOOD, "expires_in": "3600"}, NOON)
    assert pair.access_expires == NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("left_s", "expected"),
    [
        (3600, Freshness.FRESH),
        (301, Freshness.FRESH),
        (300, Freshness.STALE),
        (0, Freshness.STALE),
        (-5, Freshness.STALE),
    ],
)
def test_a_token_is_stale_five_minutes_before_its_end(left_s: int, expected: Freshness) -> None:
    assert freshness(NOON + timedelta(seconds=left_s), NOON) is expected


def after(*seconds: float) -> tuple[Any, ...]:
    return tuple(NOON + timedelta(seconds=each) for each in seconds)


def test_refusals_within_a_minute_are_one() -> None:
    refusals: tuple[Any, ...] = ()
    for second in range(0, 60, 2):
        refusals = with_refusal(refusals, NOON + timedelta(seconds=second))
    assert refusals == after(0)
    assert not may_ask_again(refusals, NOON + timedelta(seconds=59.9))
    assert may_ask_again(refusals, NOON + timedelta(seconds=60))


def test_three_spaced_refusals_are_the_end() -> None:
    refusals: tuple[Any, ...] = ()
    seen = []
    for second in (0, 60, 120):
        refusals = with_refusal(refusals, NOON + timedelta(seconds=second))
        seen.append(given_up(refusals))
    assert seen == [False, False, True]


def test_a_clock_that_jumped_does_not_block_for_ever() -> None:
    assert may_ask_again(after(86_400), NOON)


@given(st.lists(st.floats(0, 10_000), max_size=40))
def test_giving_up_always_takes_two_minutes(times: list[float]) -> None:
    refusals: tuple[Any, ...] = ()
    for second in sorted(times):
        refusals = with_refusal(refusals, NOON + timedelta(seconds=second))
        if given_up(refusals):
            assert refusals[2] - refusals[0] >= timedelta(seconds=120)
            return
