"""What a run can say about its own completeness. Pure.

Totals are sums of Decimals: what QuickBooks sent, before anything became a float.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from counterfoil.core.amounts import Summed
from counterfoil.core.datasets import Column
from counterfoil.core.tie_out import TieOut


class Verdict(enum.StrEnum):
    PASS = "PASS"  # noqa: S105  a verdict, not a password
    FAIL = "FAIL"
    NOT_CHECKED = "NOT CHECKED"


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of one column in one currency."""

    key: str
    title: str
    currency: str
    amount: Decimal

    def as_json(self) -> dict[str, str]:
        return {
            "title": self.title,
            "currency": self.currency,
            "amount": format(self.amount, "f"),
        }


@dataclass(frozen=True, slots=True)
class Proof:
    """`sent` by QuickBooks, `counted` by its COUNT (None where it was not asked), `distinct`
    ids among them, `rows` that the sheet has then (None where rows of its own may stay), `edited`
    during the run and included.

    Where only the first rows go there, `of` is how many there would be, `first` says which they
    are, and the totals are of all.
    """

    verdict: Verdict
    why: str
    sent: int
    counted: int | None
    distinct: int
    rows: int | None
    totals: tuple[Total, ...] = ()
    edited: int = 0
    of: int | None = None
    first: str = ""
    companies: tuple[tuple[str, Proof], ...] = ()  # of each, by its name, where there are several
    ties: tuple[TieOut, ...] = ()  # what came of checks against other reports, where asked for
    # Of the first total that is not the sum of its lines: which, what it says, what they come to.
    apart: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict.value,
            "why": self.why,
            "sent": self.sent,
            "counted": self.counted,
            "distinct": self.distinct,
            "rows": self.rows,
            **({"apart": self.apart} if self.apart else {}),
            **({"edited": self.edited} if self.edited else {}),
            **({"of": self.of, "first": self.first} if self.of is not None else {}),
            "totals": [total.as_json() for total in self.totals],
            **(
                {"companies": [{"name": name, **each.as_json()} for name, each in self.companies]}
                if self.companies
                else {}
            ),
            **({"ties": [tie.as_json() for tie in self.ties]} if self.ties else {}),
        }

    def state(self) -> dict[str, Any]:
        """What a cursor keeps of a company that was read."""
        held = {name: getattr(self, name) for name in _KEPT}
        return {**held, "verdict": self.verdict.value, "totals": list(map(_state, self.totals))}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Proof:
        totals = tuple(
            Total(key, title, currency, Decimal(amount))
            for key, title, currency, amount in state["totals"]
        )
        held = {name: state[name] for name in _KEPT}
        return cls(**held, verdict=Verdict(state["verdict"]), totals=totals)


_KEPT = ("why", "sent", "counted", "distinct", "rows", "edited")


def _state(total: Total) -> list[str]:
    return [total.key, total.title, total.currency, str(total.amount)]


def joined(parts: Sequence[tuple[str, Proof]]) -> Proof:
    """Of a table of several companies: what holds for each of them, named; that of one as it is."""
    proofs = [proof for _, proof in parts]
    if len(proofs) == 1:
        return proofs[0]
    counted = [proof.counted for proof in proofs if proof.counted is not None]
    return Proof(
        verdict=max((proof.verdict for proof in proofs), key=_WORSE.index),
        why=" ".join(f"{name}: {proof.why}" for name, proof in parts),
        sent=sum(proof.sent for proof in proofs),
        counted=sum(counted) if len(counted) == len(proofs) else None,
        distinct=sum(proof.distinct for proof in proofs),
        rows=_sum([proof.rows for proof in proofs]),
        totals=_added(proofs),
        edited=sum(proof.edited for proof in proofs),
        companies=tuple(parts),
    )


def _sum(rows: Sequence[int | None]) -> int | None:
    """None where one of them is not known."""
    known = [each for each in rows if each is not None]
    return sum(known) if len(known) == len(rows) else None


_WORSE = (Verdict.PASS, Verdict.NOT_CHECKED, Verdict.FAIL)


def _added(proofs: Sequence[Proof]) -> tuple[Total, ...]:
    """By column, as the first company to have it has it, then by currency."""
    every = [total for proof in proofs for total in proof.totals]
    titles = {total.key: total.title for total in every}
    sums: dict[tuple[str, str], Decimal] = {}
    for total in every:
        place = (total.key, total.currency)
        sums[place] = sums.get(place, Decimal(0)) + total.amount
    return tuple(
        Total(key, title, currency, sums[key, currency])
        for key, title in titles.items()
        for of, currency in sorted(sums)
        if of == key
    )


class Totals:
    """Sums of the catalog's total columns by currency, added up page by page."""

    __slots__ = ("_sums",)

    def __init__(self) -> None:
        self._sums: dict[tuple[str, str], Decimal] = {}

    def add(self, key: str, currency: str, amounts: Iterable[object]) -> None:
        """Decimals, ints and numeric texts, exactly; what is missing counts nothing."""
        place = (key, currency)
        total = self._sums.get(place, Decimal(0))
        if isinstance(amounts, Summed):
            self._sums[place] = total + amounts.sum
            return
        for amount in amounts:
            if amount.__class__ is Decimal:
                total += amount
            elif amount is not None and amount != "":
                total += Decimal(str(amount))
        self._sums[place] = total

    def sum_of(self, key: str) -> Decimal:
        """Over all currencies."""
        return sum((total for (of, _), total in self._sums.items() if of == key), Decimal(0))

    def of(self, columns: Sequence[Column]) -> tuple[Total, ...]:
        """By column, then by currency."""
        return tuple(
            Total(column.key, column.title, currency, self._sums[key, currency])
            for column in columns
            for key, currency in sorted(self._sums)
            if key == column.key
        )

    def state(self) -> list[list[str]]:
        """What a cursor keeps between steps."""
        return [[key, currency, str(total)] for (key, currency), total in self._sums.items()]

    @classmethod
    def from_state(cls, state: Iterable[Sequence[str]]) -> Totals:
        totals = cls()
        totals._sums = {(key, currency): Decimal(total) for key, currency, total in state}
        return totals


def by_currency(totals: Iterable[Total]) -> Mapping[str, Mapping[str, Decimal]]:
    """{currency: {column key: amount}}."""
    found: dict[str, dict[str, Decimal]] = {}
    for total in totals:
        found.setdefault(total.currency, {})[total.key] = total.amount
    return found
