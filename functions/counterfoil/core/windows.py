"""Sliding windows: when calls may begin so that no limit is passed in any window. Pure.

Intuit allows 10 requests in a second and 500 in a minute to one company, and counts them in
sliding windows; we stay at 10 and 450, so that the user's other apps have some room.
https://developer.intuit.com/app/developer/qbo/docs/learn/rest-api-features#limits-and-throttles

Several processes share one company, so calls are booked before they begin and nobody knows to
the millisecond when they will: a booking is a span, and it counts wherever in it they might be.
All times are whole milliseconds since 1970.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `calls` in any `ms`."""

    calls: int
    ms: int


@dataclass(frozen=True, slots=True)
class Span:
    """So many calls, each of which begins somewhere from `first` to `last`."""

    first: int
    last: int
    calls: int


# Intuit counts arrivals and we count departures: two calls that leave a second apart can
# arrive a few milliseconds closer. A refused call costs a minute, this margin costs nothing.
DRIFT_MS = 30

COMPANY_LIMITS = (Limit(10, 1_000), Limit(450, 60_000))

# Calls that began this close together are kept as one span: ten threads, one line.
_TOGETHER_MS = 30


def room(
    spans: Iterable[Span], first: int, last: int, limits: Sequence[Limit] = COMPANY_LIMITS
) -> int:
    """How many more calls may begin anywhere from `first` to `last`."""
    spans = list(spans)
    return min(
        limit.calls
        - sum(
            span.calls
            for span in spans
            # Some window could hold both the new calls and these.
            if span.last > first - limit.ms - DRIFT_MS and span.first < last + limit.ms + DRIFT_MS
        )
        for limit in limits
    )


def opening(
    spans: Sequence[Span], now: int, lasts: int, limits: Sequence[Limit] = COMPANY_LIMITS
) -> tuple[int, int]:
    """The first moment from now on at which a span of `lasts` has room, and how much."""
    # Room only appears where an older span leaves a window.
    ends = {span.last + limit.ms + DRIFT_MS for span in spans for limit in limits}
    for first in (now, *sorted(end for end in ends if end > now)):
        free = room(spans, first, first + lasts, limits)
        if free > 0:
            return first, free
    raise AssertionError("after the last span there is room")


def turns(
    spans: Sequence[Span],
    now: int,
    lasts: int,
    wish: int,
    within: int,
    limits: Sequence[Limit] = COMPANY_LIMITS,
) -> list[int]:
    """When the next calls may begin, each in a span of `lasts`: the first one at its first
    opening, and up to `wish` altogether of those that open no more than `within` after it.
    """
    firsts: list[int] = []
    planned = list(spans)
    at = now
    while len(firsts) < wish:
        at, free = opening(planned, at, lasts, limits)
        if firsts and at > firsts[0] + within:
            break
        calls = min(free, wish - len(firsts))
        planned.append(Span(at, at + lasts, calls))
        firsts += [at] * calls
    return firsts


def recent(
    spans: Iterable[Span], now: int, limits: Sequence[Limit] = COMPANY_LIMITS
) -> tuple[Span, ...]:
    """Those that still count."""
    longest = max(limit.ms for limit in limits) + DRIFT_MS
    return tuple(span for span in spans if span.last > now - longest)


def gathered(begun: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    """The calls, each known by the first and last moment of its beginning, as few spans."""
    spans: list[Span] = []
    for first, last in sorted(begun):
        if spans and last <= max(spans[-1].last, spans[-1].first + _TOGETHER_MS):
            before = spans[-1]
            spans[-1] = Span(before.first, max(before.last, last), before.calls + 1)
        else:
            spans.append(Span(first, last, 1))
    return tuple(spans)
