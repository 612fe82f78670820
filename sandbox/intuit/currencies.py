"""Documents in foreign currencies, in the company's own. Pure.

A document posts at its own rate (`ExchangeRate`, home units for one of its own). What a payment
takes off a document is what that document stands in the books with; the bank moves at the payment's
rate, and the difference is an exchange gain or loss. Shares of one document are rounded one by one:
pay a foreign one at once, or leave the rest open. What is kept in stock is bought and sold at home.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Row = dict[str, Any]
Entry = tuple[str, Decimal, str | None]

CENT = Decimal("0.01")


def home(row: Row, amount: Decimal) -> Decimal:
    """An amount of that document, in the company's own currency, to the cent."""
    rate = Decimal(row.get("ExchangeRate", 1))
    return amount if rate == 1 else (amount * rate).quantize(CENT, ROUND_HALF_UP)


def at_home(row: Row, entries: Sequence[Entry]) -> list[Entry]:
    """A document's entries, the first of which is what is owed or paid: the largest of the others
    takes what rounding leaves.
    """
    found = [(account, home(row, Decimal(amount)), own) for account, amount, own in entries]
    left = sum((amount for _, amount, _ in found), Decimal(0))
    if left:
        at = max(range(1, len(found)), key=lambda place: abs(found[place][1]))
        account, amount, own = found[at]
        found[at] = (account, amount - left, own)
    return found


def settled_at_home(
    row: Row,
    money: str,
    control: str,
    gain: str,
    direction: int,
    paid: Iterable[tuple[Row, Decimal]],
) -> list[Entry]:
    """A payment's entries: `direction` is 1 where money goes out, `paid` its documents, each with
    what is paid of it; credits that are used up are negative.
    """
    total, taken, left = Decimal(row["TotalAmt"]), Decimal(0), Decimal(row["TotalAmt"])
    for document, amount in paid:
        taken += home(document, amount)
        left -= amount
    owed = direction * (taken + home(row, left))
    moved = -direction * home(row, total)
    entries: list[Entry] = [(money, moved, None), (control, owed, None)]
    return [*entries, (gain, -(moved + owed), None)]
