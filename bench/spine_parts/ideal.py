"""How fast a perfect client would be under the sandbox's limits. Pure."""

from __future__ import annotations

from sandbox.intuit.throttle import PER_MINUTE, PER_SECOND


def ideal_s(calls: int, latency_s: float, pages_per_step: int | None = None) -> float:
    """Seconds from the first call's beginning to the last one's answer: the first page, COUNT,
    the other pages, CDC, each of these four after the answers to the one before; with
    `pages_per_step` also each step after the answers to the one before, COUNT in the first, CDC
    in the last.

    This client knows the moment to which each of its calls arrives, needs no time of its own
    and may have any number in flight.
    """
    arrivals: list[float] = []

    def call(after: float) -> float:
        """When the answer to the next call comes, whose turn is not before `after`."""
        at = after
        if len(arrivals) >= PER_SECOND:
            at = max(at, arrivals[-PER_SECOND] + 1)
        if len(arrivals) >= PER_MINUTE:
            at = max(at, arrivals[-PER_MINUTE] + 60)
        arrivals.append(at)
        return at + latency_s

    first_page = call(0)
    counted = call(first_page)
    last_page = step = counted
    for page in range(1, calls - 2):
        if pages_per_step is not None and page % pages_per_step == 0:
            step = last_page
        last_page = max(last_page, call(step))
    return call(last_page)
