"""The lines of several companies as they are matched, before they are laid out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from counterfoil.core.consolidation_books import Account, Books, Place
from counterfoil.core.consolidation_rates import Span

ELIMINATED = "eliminated"
# Keys of lines of ours.
TRANSLATION, DIFFERENCE, UNLISTED = "!translation", "!difference", "!unlisted"


@dataclass(frozen=True, slots=True)
class Member:
    """A company with the days that its report is of."""

    books: Books
    span: Span


@dataclass(slots=True)
class Line:
    """What companies show under one name; `own` by company id, eliminations under ELIMINATED."""

    key: str
    label: str
    total: str = ""
    own: dict[str, Decimal] = field(default_factory=dict)
    inside: list[Line] = field(default_factory=list)

    def add(self, whose: str, amount: Decimal | None) -> None:
        if amount is not None:
            self.own[whose] = self.own.get(whose, Decimal(0)) + amount


@dataclass(slots=True)
class Merged:
    """The lines of all companies, by the groups in which they stand.

    `sums` are lines that stand alone, by group and company; `unmapped` accounts with their
    companies; `apart` rows of eliminations that name companies which are not in the table, `idle`
    those of which no account is, `lone` those of which one is.
    """

    report: str
    currency: str
    members: Sequence[Member]
    lines: dict[Place, list[Line]] = field(default_factory=dict)
    sums: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    words: dict[Place, tuple[str, str]] = field(default_factory=dict)
    unmapped: list[tuple[str, Account]] = field(default_factory=list)
    apart: list[int] = field(default_factory=list)
    idle: list[int] = field(default_factory=list)
    lone: list[int] = field(default_factory=list)

    def line(self, place: Place, key: str, label: str) -> Line:
        """The one of that key in that group, made where it is not there."""
        held = self.lines.setdefault(place, [])
        for line in held:
            if line.key == key:
                return line
        held.append(Line(key, label))
        return held[-1]
