"""A report whose own totals do not add up, refused: nothing of it is written."""

from __future__ import annotations

from counterfoil.core.errors import IncompleteRead
from counterfoil.core.proof import Proof


def unproven(proof: Proof) -> IncompleteRead:
    """The error says how many totals do not add up; which, and by how much, goes beside it, to
    whoever asked: errors hold nothing of what QuickBooks sent.
    """
    error = IncompleteRead(
        f"{proof.why} Nothing was written. Please export again.", sent=proof.sent
    )
    error.beside = {"apart": proof.apart} if proof.apart else {}
    return error
