"""The totals of a report and what stands below them, added up exactly. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from counterfoil.core.reports import LineKind, ReportLine, ReportSection

Part = ReportSection | ReportLine


LINES = "its lines"


@dataclass(frozen=True, slots=True)
class Tie:
    """What a total says in one column and what its parts come to there; None on either side is a
    text, which nobody can add.
    """

    line: ReportLine
    place: int
    found: Decimal | None
    sure: bool = True  # that QuickBooks adds it up from these and nothing else
    by: str = LINES  # of what it is the sum, in words

    @property
    def said(self) -> Decimal | None:
        return amount(self.line, self.place)

    @property
    def can_be_told(self) -> bool:
        return self.said is not None and self.found is not None

    @property
    def holds(self) -> bool:
        return self.can_be_told and self.said == self.found


def sections(parts: Sequence[Part]) -> Iterator[ReportSection]:
    for part in parts:
        if isinstance(part, ReportSection):
            yield part
            yield from sections(part.inside)


def contribution(part: Part, place: int) -> Decimal | None:
    """What a line or a section adds to the section around it."""
    if isinstance(part, ReportLine):
        return Decimal(0) if part.kind is LineKind.TOTAL else amount(part, place)
    if part.total is not None:
        return amount(part.total, place)
    return inside(part, place)


def inside(section: ReportSection, place: int) -> Decimal | None:
    # An account with postings of its own carries them in the head of its section.
    own = Decimal(0) if section.head is None else amount(section.head, place)
    return added([own, *(contribution(part, place) for part in section.inside)])


def amount(line: ReportLine, place: int) -> Decimal | None:
    value = line.values[place]
    if value is None:
        return Decimal(0)  # zero shows as nothing in newer answers
    return value if isinstance(value, Decimal) else None


def added(amounts: Sequence[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total
