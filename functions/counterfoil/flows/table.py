"""The table that a run is making: its digest, its sums and what waits to be put in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from counterfoil.core.blocks import Layout
from counterfoil.core.canonical import Cell, canonical
from counterfoil.core.digest import Digest
from counterfoil.core.errors import ExportTooLarge
from counterfoil.core.operations import NO_ROWS, EncodedRows
from counterfoil.core.order import Order, Ordered
from counterfoil.core.pages import Page
from counterfoil.core.tally import Distinct, Tally

# Rows that wait for their order travel in the cursor where a reading takes several steps. The
# sealed text is larger by a third than what is sealed, and handlers take 800,000 characters.
MOST_WAITING = 400_000
# Of rows in their order: a chunk of the digest, and what is encoded at once.
_CHUNK = 5_000


class Table:
    """Grows by pages. `digest` and `tally` are of the rows in the sheet, in their places there;
    with an order they are known when all has come.
    """

    def __init__(self, layout: Layout, digest: Digest, order: Order | None) -> None:
        self._key = digest.state()["key"]
        self._order = order
        self.digest = digest
        self.tally: Tally = layout.tally()
        self.ordered = Ordered(order) if order else None
        self.staged = 0  # how many rows were ever sent to the stage

    def take(self, page: Page) -> EncodedRows:
        """A page's rows, which come last, as they travel."""
        text = page.encode(page.rows)
        self.digest.add(text, len(page.rows))
        self.tally.add(page.rows, page.sums)
        return EncodedRows.encoded(text, len(page.rows))

    def put_in_order(self) -> EncodedRows:
        """All rows that waited for it."""
        if self.ordered is None:
            return NO_ROWS
        self.tally.distinct = Distinct()
        rows = self.ordered.rows()
        return EncodedRows.joined(
            self._taken(rows[start : start + _CHUNK]) for start in range(0, len(rows), _CHUNK)
        )

    def state(self) -> dict[str, Any]:
        """What a cursor keeps, without the digest's key. Raises ExportTooLarge."""
        waiting = self.ordered
        return {
            "mark": self.mark(),
            "staged": self.staged,
            "ordered": checked(waiting) if waiting is not None and waiting.seen else None,
        }

    def go_on_from(self, state: Mapping[str, Any]) -> None:
        self.back_to(state["mark"])
        self.staged = state["staged"]
        if self._order is not None and state["ordered"] is not None:
            self.ordered = Ordered.from_state(self._order, state["ordered"])

    def mark(self) -> dict[str, Any]:
        """What `back_to` needs. Ids are told by whoever reads them, and not kept twice."""
        tally = {**self.tally.state(), "distinct": Distinct().state()}
        return {"digest": self.digest.as_json(with_key=False), "tally": tally}

    def back_to(self, mark: Mapping[str, Any]) -> None:
        self.digest = Digest.from_state({**mark["digest"], "key": self._key})
        self.tally = Tally.from_state(mark["tally"])

    def _taken(self, rows: Sequence[Sequence[Cell]]) -> EncodedRows:
        text = canonical(rows)
        self.digest.add(text, len(rows))
        self.tally.add(rows)
        return EncodedRows.encoded(text, len(rows))


def checked(waiting: Ordered) -> str:
    """The state of rows that wait for their order. Raises ExportTooLarge where no cursor can hold
    it.
    """
    state = waiting.state()
    if len(state) > MOST_WAITING:
        raise ExportTooLarge(
            "QuickBooks did not answer fast enough for so many rows to be put in order at once. "
            "Export them again, choose only the first of them, leave columns out, or narrow the "
            "dates.",
            rows=waiting.seen,
        )
    return state
