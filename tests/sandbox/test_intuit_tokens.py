"""Intuit's token lifetimes and rotation, on a moved clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.clock import Clock
from sandbox.intuit.tokens import Consent, InvalidGrant, Issued, Standing, Tokens

APP = "app-1"
BACK = "https://example.com/callback"
ANSWERABLE = Consent(APP, "sub-1", "123", ("com.intuit.quickbooks.accounting",))


@pytest.fixture
def clock() -> Clock:
    start = datetime(2026, 3, 1, 9, tzinfo=UTC)
    return Clock(lambda: start)


@pytest.fixture
def tokens(clock: Clock) -> Tokens:
    return Tokens(clock)


def exchanged(tokens: Tokens) -> Issued:
    return tokens.exchange(APP, tokens.code(ANSWERABLE, BACK), BACK)


def refused(tokens: Tokens, value: str) -> bool:
    """Whether a refresh with it is refused; the value is one of this app's."""
    try:
        tokens.refresh(APP, value)
    except InvalidGrant as error:
        return not error.foreign
    return False


def test_a_code_gives_tokens_with_the_lives_that_live_answers_show(tokens: Tokens) -> None:
    issued = exchanged(tokens)
    lives = (issued.access_expires_in, issued.refresh_expires_in, issued.hard_expires_in)
    assert lives == (3600, 8_726_400, 157_680_000)
    assert tokens.standing(issued.access) == (Standing.FRESH, ANSWERABLE)


def test_a_second_exchange_of_a_code_ends_what_the_first_gave(tokens: Tokens) -> None:
    code = tokens.code(ANSWERABLE, BACK)
    first = tokens.exchange(APP, code, BACK)
    with pytest.raises(InvalidGrant):
        tokens.exchange(APP, code, BACK)
    assert tokens.standing(first.access)[0] is Standing.ENDED
    assert refused(tokens, first.refresh)


def test_a_reused_code_does_not_touch_another_consent_of_the_same_person(tokens: Tokens) -> None:
    earlier = exchanged(tokens)
    code = tokens.code(ANSWERABLE, BACK)
    tokens.exchange(APP, code, BACK)
    with pytest.raises(InvalidGrant):
        tokens.exchange(APP, code, BACK)
    assert tokens.standing(earlier.access)[0] is Standing.FRESH


@pytest.mark.parametrize(
    ("app", "redirect_uri", "minutes"),
    [
        pytest.param("app-2", BACK, 0, id="another app"),
        pytest.param(APP, BACK + "/", 0, id="another address"),
        pytest.param(APP, BACK, 10, id="too late"),
    ],
)
def test_a_code_is_for_one_app_one_address_and_ten_minutes(
    tokens: Tokens, clock: Clock, app: str, redirect_uri: str, minutes: int
) -> None:
    code = tokens.code(ANSWERABLE, BACK)
    clock.advance(timedelta(minutes=minutes))
    with pytest.raises(InvalidGrant):
        tokens.exchange(app, code, redirect_uri)


def test_an_access_token_dies_after_its_hour_and_others_of_the_grant_live_on(
    tokens: Tokens, clock: Clock
) -> None:
    first = exchanged(tokens)
    clock.advance(timedelta(minutes=50))
    second = tokens.refresh(APP, first.refresh)
    clock.advance(timedelta(minutes=10))
    assert tokens.standing(first.access)[0] is Standing.EXPIRED
    assert tokens.standing(second.access)[0] is Standing.FRESH


def test_the_value_stays_within_a_day_and_changes_on_the_first_refresh_after_it(
    tokens: Tokens, clock: Clock
) -> None:
    first = exchanged(tokens)
    clock.advance(timedelta(hours=23, minutes=59))
    assert tokens.refresh(APP, first.refresh).refresh == first.refresh
    clock.advance(timedelta(minutes=1))
    rotated = tokens.refresh(APP, first.refresh)
    assert rotated.refresh != first.refresh
    clock.advance(timedelta(hours=23))
    assert tokens.refresh(APP, rotated.refresh).refresh == rotated.refresh


def test_without_grace_the_old_value_dies_with_the_rotation(tokens: Tokens, clock: Clock) -> None:
    first = exchanged(tokens)
    clock.advance(timedelta(days=1))
    rotated = tokens.refresh(APP, first.refresh)
    assert refused(tokens, first.refresh)
    # The refused attempt costs nothing: the new value goes on.
    assert not refused(tokens, rotated.refresh)


def test_with_grace_the_old_value_gives_the_new_one_for_a_day(tokens: Tokens, clock: Clock) -> None:
    tokens.grace = True
    first = exchanged(tokens)
    clock.advance(timedelta(days=1))
    rotated = tokens.refresh(APP, first.refresh)
    clock.advance(timedelta(hours=23, minutes=59))
    assert tokens.refresh(APP, first.refresh).refresh == rotated.refresh
    clock.advance(timedelta(minutes=1))
    assert refused(tokens, first.refresh)


def test_with_grace_only_the_value_just_before_is_taken(tokens: Tokens, clock: Clock) -> None:
    tokens.grace = True
    first = exchanged(tokens)
    clock.advance(timedelta(days=1))
    second = tokens.refresh(APP, first.refresh)
    clock.advance(timedelta(days=1))
    tokens.refresh(APP, second.refresh)
    assert refused(tokens, first.refresh)
    assert not refused(tokens, second.refresh)


def test_of_two_refreshes_at_once_the_second_loses(tokens: Tokens) -> None:
    first = exchanged(tokens)
    losers: list[bool] = []
    won = tokens.refresh(
        APP, first.refresh, pause=lambda: losers.append(refused(tokens, first.refresh))
    )
    assert losers == [True]
    assert tokens.standing(won.access)[0] is Standing.FRESH
    assert not refused(tokens, won.refresh)


def test_a_grant_that_is_revoked_while_a_refresh_is_under_way_gives_nothing(
    tokens: Tokens,
) -> None:
    first = exchanged(tokens)
    with pytest.raises(InvalidGrant):
        tokens.refresh(APP, first.refresh, pause=lambda: tokens.disconnect("123"))


def test_a_refresh_that_breaks_in_the_middle_does_not_lock_the_grant(tokens: Tokens) -> None:
    first = exchanged(tokens)

    def breaks() -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        tokens.refresh(APP, first.refresh, pause=breaks)
    assert not refused(tokens, first.refresh)


def test_every_refresh_starts_the_hundred_days_anew(tokens: Tokens, clock: Clock) -> None:
    value = exchanged(tokens).refresh
    for _ in range(4):
        clock.advance(timedelta(days=100))
        issued = tokens.refresh(APP, value)
        assert issued.refresh_expires_in == 8_726_400
        value = issued.refresh


def test_a_grant_dies_when_it_is_idle_for_the_seconds_it_was_told(
    tokens: Tokens, clock: Clock
) -> None:
    issued = exchanged(tokens)
    clock.advance(timedelta(seconds=issued.refresh_expires_in))
    assert refused(tokens, issued.refresh)


def test_no_refresh_extends_a_grant_past_five_years(tokens: Tokens, clock: Clock) -> None:
    value = exchanged(tokens).refresh
    for _ in range(18):
        clock.advance(timedelta(days=100))
        issued = tokens.refresh(APP, value)
        value = issued.refresh
    left = 157_680_000 - 1800 * 86_400
    assert (issued.refresh_expires_in, issued.hard_expires_in) == (left, left)
    clock.advance(timedelta(seconds=left - 60))
    last = tokens.refresh(APP, value)
    assert last.access_expires_in == 60
    clock.advance(timedelta(seconds=60))
    assert refused(tokens, last.refresh)
    assert tokens.standing(last.access)[0] is Standing.EXPIRED


@pytest.mark.parametrize("which", ["access", "refresh"])
def test_revoking_either_token_ends_all_consents_of_this_app_person_and_company(
    tokens: Tokens, which: str
) -> None:
    first, second = exchanged(tokens), exchanged(tokens)
    colleague = tokens.grant(Consent(APP, "sub-2", "123", ANSWERABLE.scopes))
    elsewhere = tokens.grant(Consent(APP, "sub-1", "456", ANSWERABLE.scopes))
    assert tokens.revoke(APP, getattr(first, which))
    standings = [
        tokens.standing(issued.access)[0] for issued in (first, second, colleague, elsewhere)
    ]
    assert standings == [Standing.ENDED, Standing.ENDED, Standing.FRESH, Standing.FRESH]
    assert refused(tokens, second.refresh)
    assert not tokens.revoke(APP, getattr(first, which))


def test_a_disconnect_in_quickbooks_ends_everybodys_grants_of_the_company(tokens: Tokens) -> None:
    mine = exchanged(tokens)
    colleague = tokens.grant(Consent(APP, "sub-2", "123", ANSWERABLE.scopes))
    assert tokens.disconnect("123", "sub-2") == 1
    assert tokens.standing(mine.access)[0] is Standing.FRESH
    assert tokens.disconnect("123") == 1
    assert tokens.standing(colleague.access)[0] is Standing.ENDED
    assert refused(tokens, mine.refresh)


def test_what_never_was_a_refresh_token_of_the_app_is_told_apart(tokens: Tokens) -> None:
    issued = exchanged(tokens)
    for app, value in ((APP, "AB11nonsense"), (APP, issued.access), ("app-2", issued.refresh)):
        with pytest.raises(InvalidGrant) as told:
            tokens.refresh(app, value)
        assert told.value.foreign


def test_tokens_look_like_intuits_and_do_not_show_in_repr(tokens: Tokens) -> None:
    issued = exchanged(tokens)
    assert issued.access.startswith("eyJ")
    assert 300 < len(issued.access) <= 4096
    assert issued.refresh.startswith("AB11")
    assert len(issued.refresh) <= 512
    shown = repr((issued, tokens.lines()))
    assert not [value for value in tokens.given() if value in shown]
    assert {issued.access, issued.refresh} <= tokens.given()
