"""What is mailed to the author of scheduled exports that were not refreshed. Pure.

Nothing of QuickBooks is in it, and no company: names of exports, what is in the way, since when.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from counterfoil.core.plans import Plan, Stopped

MOST_NAMED = 20  # exports in one letter


class Posted(enum.Enum):
    """What came of handing a letter over."""

    TAKEN = "taken"
    UNKNOWN = "unknown"  # the mail server has it, or the connection broke just before: nobody knows
    REFUSED = "refused"  # for good, this letter or this address
    AWAY = "away"  # surely not taken; the server may do better later


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A scheduled export that was not refreshed. `since` is by the clock of its spreadsheet."""

    title: str
    since: datetime | None
    why: str


def trouble(
    plan: Plan, last_code: str | None, now: datetime, *, company_gone: bool = False
) -> str | None:
    """What is in the way of a schedule, in a sentence; None where all is well, or may be well again
    by its next hour. `last_code` is that of its last run, if that failed.
    """
    if company_gone:
        return "One of its companies was deleted, so it rests until an editor adopts it."
    if plan.stopped is not None:
        return _STOPPED[plan.stopped]
    if plan.strikes:
        return f"Its last run failed. {_reason(last_code)}"
    if plan.is_late(now):
        return f"Its time has passed and nothing has refreshed it. {_reason(last_code)}".strip()
    return None


def letter(waiting: Sequence[Waiting]) -> Letter:
    """One for all the exports of a person."""
    many = len(waiting)
    subject = (
        "Counterfoil: a table was not refreshed"
        if many == 1
        else f"Counterfoil: {many} tables were not refreshed"
    )
    named = "\n\n".join(_paragraph(each) for each in waiting[:MOST_NAMED])
    more = f"\n\nAnd {many - MOST_NAMED} more." if many > MOST_NAMED else ""
    return Letter(subject, f"{_OPENING}\n\n{named}{more}\n\n{_END}\n")


_OPENING = "You saved these exports in Counterfoil and gave them a schedule. They are waiting:"
_END = (
    "To see to it, open the spreadsheet and choose Extensions, Counterfoil, Open Counterfoil.\n"
    "What is in the tables stays as it is until then. While something waits, this letter comes\n"
    "at most once a day; end a schedule to get none for it. It holds nothing from QuickBooks."
)

_STOPPED = {
    Stopped.ERRORS: (
        "Its schedule has paused: three runs in a row ended with something that a person must see "
        "to."
    ),
    Stopped.TOO_LONG: (
        "Its schedule has paused: it does not end in three goes of about four minutes each, an "
        "hour apart. Narrow it, or run it in the sidebar."
    ),
    Stopped.LEFT: "Its schedule has paused: whoever it ran as is no member any more.",
    Stopped.UNSHARED: (
        "Its managed refresh has stopped: the spreadsheet is not shared any more with the address "
        "that writes there. Share it again, then turn managed refresh on again."
    ),
    Stopped.UNPROVEN: (
        "Its managed refresh has stopped: the export was changed since somebody showed that they "
        "may edit the spreadsheet. Whoever may edit it can turn managed refresh on again."
    ),
}

_REASONS = {
    "reconnect_required": "QuickBooks no longer accepts our key: somebody has to reconnect.",
    "connection_suspect": "QuickBooks refused our key; Counterfoil tries again by itself.",
    "connection_paused": "Its company is paused.",
    "budget_spent": "This month's calls to QuickBooks are used up.",
    "quickbooks_busy": "QuickBooks did not answer; it is tried again every hour.",
    "quickbooks_rejected": "QuickBooks refused what it asks for.",
    "plan_lacks": "The company's QuickBooks plan has ended, or does not include what it asks for.",
    "service_unavailable": "Counterfoil's own store did not answer; it is tried again every hour.",
    "export_too_large": "It has become too large. Narrow it by dates, filters or columns.",
    "report_too_large": "The report has become too large for QuickBooks. Choose a shorter time.",
    "incomplete_read": "The books changed while they were read; it is tried again every hour.",
    "forbidden": "Whoever it runs as may no longer run it.",
    "not_found": "A company that it reads is not there any more, or not for whoever it runs as.",
    "exporter_paused": "It rests until an editor adopts it.",
}


def _reason(code: str | None) -> str:
    if code is None:
        return ""
    return _REASONS.get(code, f"Counterfoil's word for it is {code}; the sidebar says what to do.")


def _paragraph(each: Waiting) -> str:
    since = (
        f"not refreshed since {_day(each.since)}" if each.since else "has never been refreshed yet"
    )
    return f"{_one_line(each.title)}: {since}\n{each.why}"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y, %H:%M}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
