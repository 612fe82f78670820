"""Who may edit a spreadsheet: they write a nonce into it, which the service account reads there.

A spreadsheet's id proves nothing, and neither does its key: a person who may only look at it can
know the one, and somebody who may edit another the other.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from counterfoil.core.errors import ProofMissing
from counterfoil.core.people import Sheet, User
from counterfoil.core.stores import Changed
from counterfoil.flows.ports import Clock, Records

PROOFS = "proofs"
PROOF_LIVES = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Proofs:
    """Kept by the nonce's digest, so that the store holds none that could be written anywhere."""

    records: Records
    clock: Clock

    def ask(self, user: User, sheet: Sheet) -> str:
        """A nonce for exactly this user and this spreadsheet, good once, for 10 minutes."""
        nonce = secrets.token_urlsafe(32)
        self.records.create(
            PROOFS,
            _id(nonce),
            {
                "user": user.sub,
                "sheet": sheet.digest,
                "spreadsheet": sheet.id,
                "expires_at": self.clock() + PROOF_LIVES,
            },
        )
        return nonce

    def use(self, user: User, sheet: Sheet, nonce: str, erased: Callable[[str], bool]) -> None:
        """It is over with this, once `erased` says that it stood in the spreadsheet, and is gone.

        Raises ProofMissing for one that did not, is used up, too old, or not of this user in this
        spreadsheet: all in the same words. What `erased` raises costs no nonce: Google was busy, or
        the spreadsheet is not shared yet.
        """
        held = self.records.get(PROOFS, _id(nonce))
        if held is None or self.clock() >= held.data["expires_at"]:
            raise too_old()
        mine = (user.sub, sheet.digest, sheet.id)
        if tuple(held.data[name] for name in ("user", "sheet", "spreadsheet")) != mine:
            raise too_old()  # and it stays, for whoever it is of
        if not erased(nonce):
            raise too_old()
        try:
            self.records.delete(PROOFS, held.id, version=held.version)
        except Changed:
            raise too_old() from None  # somebody has used it at this moment


def too_old() -> ProofMissing:
    return ProofMissing(
        "This took too long, or was tried before. Press the button again: Counterfoil then checks "
        "once more that you may edit this spreadsheet."
    )


def _id(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()
