"""A table of an entity from its first page to its proof: read, put in order, and what was said."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from counterfoil.core.blocks import Layout
from counterfoil.core.digest import Digest
from counterfoil.core.pages import Page
from counterfoil.core.proof import Proof
from counterfoil.flows import ordering
from counterfoil.flows.choices import EntityChoice
from counterfoil.flows.entity_read import Advance, EntityRead, Limits
from counterfoil.flows.ports import Company
from counterfoil.flows.table import Table


class EntityReading:
    """Can stop after any page and go on from `position()` in another process."""

    def __init__(
        self,
        choice: EntityChoice,
        layout: Layout,
        digest: Digest,
        limits: Limits,
        home_currency: str,
        read_page: Callable[[bytes], Page],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._choice = choice
        self.table = Table(layout, digest, choice.order)
        self._read = EntityRead(choice, self.table, limits, home_currency, read_page, monotonic)

    @property
    def records(self) -> int:
        return self._read.records

    @property
    def counted(self) -> int | None:
        return self._read.counted

    @property
    def complete_since(self) -> datetime | None:
        """Of the whole table, once it is read: see Closing."""
        return self._read.complete_since

    def go_on_from(self, position: Mapping[str, Any]) -> None:
        self.table.go_on_from(position["table"])
        self._read.go_on_from(position)

    def position(self) -> dict[str, Any]:
        """What a sealed cursor keeps. Holds totals, but not the digest's key; raises
        ExportTooLarge where rows that wait for their order do not fit.
        """
        return {**self._read.position(), "table": self.table.state()}

    def advance(self, company: Company) -> Advance:
        """Reads on as far as one step goes. Raises as EntityRead.advance."""
        done = self._read.advance(company)
        if done.proof is None or self._choice.order is None:
            return done
        rows = self.table.put_in_order()
        return replace(done, rows=rows, proof=_of_the_first(done.proof, rows.rows, self._choice))


def _of_the_first(proof: Proof, rows: int, choice: EntityChoice) -> Proof:
    """Where some rows are left out, that is said wherever the proof is."""
    if choice.order is None or rows == proof.rows:
        return proof
    order = ordering.words(choice.order, choice.columns)
    which = f"first {rows:,} of {proof.rows:,} rows {order}"
    return replace(
        proof,
        rows=rows,
        of=proof.rows,
        first=f"F{which[1:]}",
        why=f"{proof.why} In the sheet are the {which}.",
        totals=tuple(
            replace(each, title=f"{each.title} (of all {proof.rows:,} rows)")
            for each in proof.totals
        ),
    )
