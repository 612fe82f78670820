"""From a transaction's lines to the rows that stand for them. Pure.

Every line counts once: a bundle by what is in it or as one row, a subtotal only where nothing else
tells the amount. Each has the sign that it has in the sum of its transaction; a discount is taken
off.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/most-commonly-used/invoice
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from counterfoil.core.datasets import Bundles
from counterfoil.core.records import negated

DISCOUNT = "DiscountLineDetail"
SUBTOTAL = "SubTotalLineDetail"
GROUP = "GroupLineDetail"
JOURNAL = "JournalEntryLineDetail"

_NOT_ALONE = (SUBTOTAL, DISCOUNT)
_NOTHING = Decimal(0)


class Facts(NamedTuple):
    """What decides over a line, whatever it was read from."""

    kind: Any  # its DetailType
    amount: Any
    posting: Any = None  # of a journal: "Debit" or "Credit"
    linked: Any = None  # the kind of document that it is linked to
    inner: Sequence[Facts] = ()  # of a bundle


class Placed(NamedTuple):
    """One row: the line at `at`, or what lies at `inner` in the bundle there.

    `amount` has its sign in the sum of the transaction, and is None where none was sent.
    """

    at: int
    inner: int
    amount: Any


WHOLE = -1  # no part of a bundle


def placed(lines: Sequence[Facts], bundles: Bundles, credits: Sequence[str] = ()) -> list[Placed]:
    """The rows in QuickBooks' order."""
    kinds = [line.kind for line in lines]
    kept = _subtotal_to_keep(lines) if SUBTOTAL in kinds else None
    found: list[Placed] = []
    for at, line in enumerate(lines):
        if line.kind == SUBTOTAL and at != kept:
            continue
        if line.kind == GROUP and line.inner:
            found += _bundle(at, line, bundles)
        else:
            found.append(Placed(at, WHOLE, _signed(line, credits)))
    return found


def added(amounts: Iterable[Any]) -> Decimal:
    """The exact sum of what are numbers among them."""
    total = _NOTHING
    for amount in amounts:
        if amount.__class__ is Decimal or amount.__class__ is int:
            total += amount
    return total


def row_ids(record: object, ids: Sequence[Any]) -> list[str]:
    """One per line, all different: the record's Id with the line's own, or with its place where
    it has none or shares it.
    """
    times = Counter(id for id in ids if isinstance(id, str))
    return [
        f"{record}-{id}" if isinstance(id, str) and times[id] == 1 else f"{record}-#{place}"
        for place, id in enumerate(ids, start=1)
    ]


def debit(signed: Any, posting: Any) -> Any:
    """The amount on the left side, None on the other."""
    return signed if posting == "Debit" else None


def credit(signed: Any, posting: Any) -> Any:
    return negated(signed, True) if posting == "Credit" else None


def _bundle(at: int, line: Facts, bundles: Bundles) -> list[Placed]:
    parts = [Placed(at, inner, _signed(part, ())) for inner, part in enumerate(line.inner)]
    if line.amount and not any(part.amount for part in parts):
        # Only the bundle tells an amount: as one row it is lost in neither choice.
        return [Placed(at, WHOLE, line.amount)]
    if bundles is Bundles.CHILDREN:
        return parts
    # QuickBooks sends 0 with the bundle itself, or the same sum again.
    return [Placed(at, WHOLE, added(part.amount for part in parts))]


def _signed(line: Facts, credits: Sequence[str]) -> Any:
    taken = (
        # As far as anybody saw it comes without its sign.
        (line.kind == DISCOUNT and not _is_negative(line.amount))
        or (line.kind == JOURNAL and line.posting == "Credit")
        or (line.linked in credits)
    )
    return negated(line.amount, taken)


def _is_negative(amount: Any) -> bool:
    return isinstance(amount, int | Decimal) and amount < 0


def _subtotal_to_keep(lines: Sequence[Facts]) -> int | None:
    """The place of the last subtotal, where no other line tells an amount that it sums up."""
    for line in lines:
        if line.kind not in _NOT_ALONE and (line.amount is not None or line.inner):
            return None
    return max(at for at, line in enumerate(lines) if line.kind == SUBTOTAL)
