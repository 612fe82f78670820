"""The life of an Intuit token pair. Pure: time is always handed in."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

# A page of a thousand invoices or a wide report can take two minutes; do not start one on a
# token that dies half-way.
REFRESH_MARGIN = timedelta(minutes=5)

# Intuit's outages can show up as invalid_grant ("treat the first one as retryable",
# https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/faq),
# so one refusal never ends a connection. Three, and none within a minute of the last: a person
# who presses the button again and again, or sixty exports that fail together, count once.
REFUSALS_TO_GIVE_UP = 3
REFUSAL_SPACING = timedelta(seconds=60)

# Intuit changes the value about once a day and has said both that the previous one dies at once
# and that it lives another 24 hours; two days cover the kinder reading with room for a weekend
# clock.
PREVIOUS_KEPT = timedelta(hours=48)

# Intuit says 3600 s. If it ever leaves that out, the pair is still kept (it may hold the only
# refresh token there is) and the access token is simply not trusted for long.
ASSUMED_LIFETIME = timedelta(minutes=10)

# Intuit documents 4096 characters for an access token and 512 for a refresh token; what is far
# beyond is not a token.
_LONGEST = 16_384


class GrantRefused(Exception):
    """Intuit answered invalid_grant. It may mean it, or be having a bad minute."""


class NotATokenAnswer(Exception):
    """What came back does not hold a token. It says what was missing, never what came."""


class Freshness(enum.Enum):
    FRESH = "use it"
    STALE = "refresh it first"


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """What Intuit's token endpoint gave, with times instead of lifetimes."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)  # None: left out, so the one we have stays
    access_expires: datetime
    refresh_expires: datetime | None
    hard_expires: datetime | None


def token_answer(answer: Mapping[str, Any], asked_at: datetime) -> TokenAnswer:
    """The answer, checked. Raises NotATokenAnswer, so that nothing else ever overwrites a token.

    Lifetimes are seconds and count from when we asked: our clock may then only err early. One
    that makes no sense is passed over: the refresh token beside it may be the only one there is.
    The 5-year limit comes as x_refresh_token_hard_expires_in
    (https://blogs.intuit.com/2025/11/12/important-changes-to-refresh-token-policy/).
    """
    if not isinstance(answer, Mapping):
        raise NotATokenAnswer("the answer is not an object")
    if "error" in answer:
        raise NotATokenAnswer("the answer holds an error")
    access = _token(answer, "access_token")
    if access is None:
        raise NotATokenAnswer("access_token is missing")
    lifetime = _seconds(answer, "expires_in") or ASSUMED_LIFETIME
    return TokenAnswer(
        access=access,
        refresh=_token(answer, "refresh_token"),
        access_expires=asked_at + lifetime,
        refresh_expires=_after(asked_at, _seconds(answer, "x_refresh_token_expires_in")),
        hard_expires=_after(asked_at, _seconds(answer, "x_refresh_token_hard_expires_in")),
    )


def freshness(access_expires: datetime, now: datetime) -> Freshness:
    if now >= access_expires - REFRESH_MARGIN:
        return Freshness.STALE
    return Freshness.FRESH


def may_ask_again(refusals: tuple[datetime, ...], now: datetime) -> bool:
    """False within a minute of the last refusal: asking again then would prove nothing."""
    # A last refusal in the future means that a clock jumped: it must not block for ever.
    return not refusals or not timedelta(0) <= now - refusals[-1] < REFUSAL_SPACING


def with_refusal(refusals: tuple[datetime, ...], now: datetime) -> tuple[datetime, ...]:
    """The refusals that count, this one included if it is far enough from the last."""
    return (*refusals, now) if may_ask_again(refusals, now) else refusals


def given_up(refusals: tuple[datetime, ...]) -> bool:
    return len(refusals) >= REFUSALS_TO_GIVE_UP


def _token(answer: Mapping[str, Any], name: str) -> str | None:
    value = answer.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > _LONGEST or not _printable(value):
        raise NotATokenAnswer(f"{name} is not a token")
    return value


def _printable(value: str) -> bool:
    # A token goes into a header: a line break or a space in it is not a token.
    return value.isascii() and value.isprintable() and " " not in value


def _seconds(answer: Mapping[str, Any], name: str) -> timedelta | None:
    value = answer.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 12:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < _LONGEST_LIFE:
        return None
    return timedelta(seconds=value)


_LONGEST_LIFE = 100 * 366 * 86_400  # seconds; more makes no sense and could overflow a date


def _after(start: datetime, lifetime: timedelta | None) -> datetime | None:
    return None if lifetime is None else start + lifetime
