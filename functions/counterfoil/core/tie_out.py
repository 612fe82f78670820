"""Whether two reports that tell of the same come to the same, to the cent. Pure.

Amounts are exact decimals; they go to the answer and the sheet, and are never kept.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

_ZERO = Decimal(0)


class Outcome(enum.StrEnum):
    PASS = "PASS"  # noqa: S105  a verdict, not a password
    FAIL = "FAIL"
    NOT_APPLICABLE = "NOT APPLICABLE"


class NotApplicable(Exception):
    """The two cannot be compared; the text is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Item:
    """An amount of a tie, or of what lies between its two sides, in words."""

    title: str
    amount: Decimal

    def as_json(self) -> dict[str, str]:
        return {"title": self.title, "amount": format(self.amount, "f")}


Figure = Decimal | Mapping[str, Item]
"""One amount; or one for each account, by its id and called by its name."""


@dataclass(frozen=True, slots=True)
class TieOut:
    """What came of one tie. `sides` are the two amounts, `between` what explains or makes up the
    difference; both empty where nothing was compared.
    """

    key: str
    title: str
    outcome: Outcome
    why: str
    currency: str = ""
    sides: tuple[Item, ...] = ()
    between: tuple[Item, ...] = ()

    @property
    def difference(self) -> Decimal:
        return self.sides[0].amount - self.sides[1].amount if self.sides else _ZERO

    def as_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "key": self.key,
            "title": self.title,
            "verdict": self.outcome.value,
            "why": self.why,
        }
        if self.sides:
            shown |= {
                "currency": self.currency,
                "sides": [side.as_json() for side in self.sides],
                "difference": format(self.difference, "f"),
                "between": [item.as_json() for item in self.between],
            }
        return shown


def worst(found: Sequence[TieOut]) -> Outcome | None:
    """FAIL if any fails, PASS if any passes, None without any."""
    outcomes = {each.outcome for each in found}
    return next((each for each in _WORST_FIRST if each in outcomes), None)


_WORST_FIRST = (Outcome.FAIL, Outcome.PASS, Outcome.NOT_APPLICABLE)
MOST_SHOWN = 10  # accounts that differ; the sentence says how many there are


def not_applicable(key: str, title: str, why: str) -> TieOut:
    return TieOut(key, title, Outcome.NOT_APPLICABLE, why)


def compared(
    key: str, title: str, names: tuple[str, str], figures: tuple[Figure, Figure], currency: str
) -> TieOut:
    """`names` say whose figures they are: "Balance Sheet", "Profit and Loss"."""
    ours, theirs = figures
    if isinstance(ours, Decimal) and isinstance(theirs, Decimal):
        return _amounts(key, title, names, (ours, theirs), currency)
    if isinstance(ours, Decimal) or isinstance(theirs, Decimal):
        raise TypeError("one amount is not compared with one for each account")
    return _accounts(key, title, names, (ours, theirs), currency)


def _amounts(
    key: str, title: str, names: tuple[str, str], amounts: tuple[Decimal, Decimal], currency: str
) -> TieOut:
    sides = tuple(map(Item, names, amounts))
    if amounts[0] == amounts[1]:
        why = f"Both come to {_shown(amounts[0], currency)}."
        return TieOut(key, title, Outcome.PASS, why, currency, sides)
    difference = _shown(amounts[0] - amounts[1], currency)
    said = " and ".join(
        f"{_shown(amount, currency)} in the {name}"
        for name, amount in zip(names, amounts, strict=True)
    )
    return TieOut(
        key, title, Outcome.FAIL, f"{said}: they differ by {difference}.", currency, sides
    )


def _accounts(
    key: str,
    title: str,
    names: tuple[str, str],
    figures: tuple[Mapping[str, Item], Mapping[str, Item]],
    currency: str,
) -> TieOut:
    ours, theirs = figures
    differing = []
    for id in sorted({**theirs, **ours}, key=lambda each: (len(each), each)):
        one, other = ours.get(id), theirs.get(id)
        difference = (one.amount if one else _ZERO) - (other.amount if other else _ZERO)
        if difference:
            named = one or other
            differing.append(Item(named.title if named else id, difference))
    sides = tuple(
        Item(name, sum((item.amount for item in found.values()), _ZERO))
        for name, found in zip(names, figures, strict=True)
    )
    count = len({**theirs, **ours})
    if not differing:
        why = f"The balances of all {count:,} accounts are the same in both."
        return TieOut(key, title, Outcome.PASS, why, currency, sides)
    more = "" if len(differing) <= MOST_SHOWN else f" The first {MOST_SHOWN} are listed."
    why = f"{len(differing):,} of {count:,} accounts have other balances in the {names[1]}.{more}"
    return TieOut(
        key, title, Outcome.FAIL, why, currency, sides, between=tuple(differing[:MOST_SHOWN])
    )


def _shown(amount: Decimal, currency: str) -> str:
    return f"{amount:,} {currency}".strip()
