"""What a company, a user and a whole deployment may ask QuickBooks in a month. Pure.

Intuit meters reads: 500,000 calls in a month are free for everything that runs on one Intuit
developer account; after that every call of every company is refused until the month is over.
https://blogs.intuit.com/2025/08/11/intuit-app-partner-program/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from counterfoil.core.windows import Span

# Schedules stop at this share of a budget, so that people can still export by hand.
SCHEDULES_STOP_AT_PERCENT = 90

# A company that seems to be blocked for the month is tried once in so long: a paid plan lifts
# the block, and we may have been wrong.
PROBE_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Caps:
    """The most calls in a month."""

    deployment: int = 500_000
    connection: int = 50_000
    user: int = 50_000


@dataclass(frozen=True, slots=True)
class Counted:
    """The calls of one month. Another month begins at 0."""

    month: str  # "2026-11", in UTC
    calls: int

    @classmethod
    def of(cls, data: Mapping[str, Any] | None, now: datetime) -> Counted:
        month = month_of(now)
        counts = data is not None and data["month"] == month
        return cls(month, data["calls"] if data is not None and counts else 0)

    def plus(self, calls: int) -> Counted:
        return replace(self, calls=max(0, self.calls + calls))


@dataclass(frozen=True, slots=True)
class CompanyBudget:
    """A company's record: what is booked, when nobody may call, and what the month has cost."""

    spans: tuple[Span, ...] = ()
    paused_until: datetime | None = None  # QuickBooks asked for a pause
    blocked_until: datetime | None = None  # it seems to refuse every call of this month
    probed_at: datetime | None = None  # when a blocked company was last tried
    counted: Counted = Counted("", 0)

    @classmethod
    def of(cls, data: Mapping[str, Any] | None, now: datetime) -> CompanyBudget:
        counted = Counted.of(data, now)
        if data is None:
            return cls(counted=counted)
        return cls(
            spans=_spans(data["since"], data["begun"]),
            paused_until=_ahead(data["paused_until"], now),
            blocked_until=_ahead(data["blocked_until"], now),
            probed_at=data["probed_at"],
            counted=counted,
        )

    def record(self) -> dict[str, Any]:
        since = min((span.first for span in self.spans), default=0)
        return {
            "since": since,
            "begun": list(_flat(since, self.spans)),
            "paused_until": self.paused_until,
            "blocked_until": self.blocked_until,
            "probed_at": self.probed_at,
            "month": self.counted.month,
            "calls": self.counted.calls,
        }

    def may_probe(self, now: datetime) -> bool:
        return self.probed_at is None or now >= self.probed_at + PROBE_EVERY


def month_of(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y-%m}"


def month_end(now: datetime) -> datetime:
    """When the next month begins."""
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


def nearly_spent(calls: int, cap: int) -> bool:
    return calls * 100 >= cap * SCHEDULES_STOP_AT_PERCENT


def _ahead(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment is not None and moment > now else None


def _flat(since: int, spans: Iterable[Span]) -> Iterable[int]:
    # Three small numbers each, in one list: a record holds no lists within lists.
    for span in spans:
        yield from (span.first - since, span.last - span.first, span.calls)


def _spans(since: int, flat: list[int]) -> tuple[Span, ...]:
    return tuple(
        Span(since + first, since + first + lasts, calls)
        for first, lasts, calls in zip(flat[::3], flat[1::3], flat[2::3], strict=True)
    )
