"""A table of an entity from its first page to its proof, of one company or of several."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from counterfoil.core.blocks import Layout
from counterfoil.core.custom_fields import FieldNames
from counterfoil.core.custom_types import FieldTypes
from counterfoil.core.digest import Digest
from counterfoil.core.home_totals import columns_at_home, twins_of, with_home_totals
from counterfoil.core.operations import EncodedRows
from counterfoil.core.pages import Body, Page
from counterfoil.core.proof import Proof, joined
from counterfoil.core.tally import Distinct
from counterfoil.flows import ordering
from counterfoil.flows.chosen import EntityChoice
from counterfoil.flows.entity_read import EntityRead
from counterfoil.flows.limits import Limits
from counterfoil.flows.parts import Parts
from counterfoil.flows.ports import Company
from counterfoil.flows.several import Part
from counterfoil.flows.table import Table


@dataclass(frozen=True, slots=True)
class Advance:
    """What one step read. `proof` is there when that was all."""

    rows: EncodedRows
    at: int  # the place of the first of them: rows sent before may come again, as they are now
    staged: int  # how many rows earlier steps have sent
    proof: Proof | None
    wait_s: float


class EntityReading:
    """Reads one company after the other: each is whole, or the run ends. Can stop after any page
    and go on from `position()` in another process.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        layout: Layout,
        digest: Digest,
        limits: Limits,
        read_page: Callable[[EntityChoice], Callable[[Body], Page]],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._parts = parts
        self._limits = limits
        self._read_page = read_page
        self._monotonic = monotonic
        self._layout = layout
        first = parts[0].entity
        self._names = FieldNames(first.columns)
        self._types = FieldTypes(first.columns)
        self._goes_on = False  # where an earlier step was
        self.table = Table(layout, digest, parts[0].entity.order)
        self._proofs: list[Proof] = []  # of the companies that were read
        self._since: list[datetime | None] = []  # from when on each does not know of changes
        self._read = self._of_next()

    @property
    def layout(self) -> Layout:
        """With the titles that the company gave its custom fields, once a page was read. Of several
        only where one step knows the names of all: the first one has written the titles.
        """
        is_whole = len(self._proofs) == len(self._parts) and not self._goes_on
        known = is_whole or len(self._parts) == 1
        currency = self._parts[0].connection.currency
        layout = self._types.shown(self._layout, currency)
        return self._names.titled(layout) if known else layout

    @property
    def types(self) -> Mapping[str, str]:
        """Of custom fields that hold more than texts, by their definitions."""
        return self._types.state()

    @property
    def part(self) -> Part:
        """Whose turn it is."""
        return self._parts[min(len(self._proofs), len(self._parts) - 1)]

    @property
    def records(self) -> int:
        return sum(each.sent for each in self._proofs) + self._read.records

    @property
    def counted(self) -> int | None:
        """Of several companies nobody knows how many records come."""
        return self._read.counted if len(self._parts) == 1 else None

    @property
    def complete_since(self) -> tuple[datetime | None, ...]:
        """Of each company, once all are read: see Closing."""
        return tuple(self._since)

    def go_on_from(self, position: Mapping[str, Any]) -> None:
        self._goes_on = True
        self.table.go_on_from(position["table"])
        self._proofs = [Proof.from_state(each) for each in position["proofs"]]
        self._since = [datetime.fromisoformat(it) if it else None for it in position["since"]]
        self._read = self._of_next()
        self._read.go_on_from(position["read"])
        self._names.go_on_from(position["names"])
        self._types.go_on_from(position["types"])
        if self.table.tally.rows:
            self._names.settle()
            self._types.settle()

    def position(self) -> dict[str, Any]:
        """What a sealed cursor keeps. Holds totals, but not the digest's key; raises
        ExportTooLarge where rows that wait for their order do not fit.
        """
        return {
            "table": self.table.state(),
            "proofs": [each.state() for each in self._proofs],
            "since": [each.isoformat() if each else None for each in self._since],
            "read": self._read.position(),
            "names": self._names.state(),
            "types": self._types.state(),
            "records": self.records,
            "counted": self.counted,
        }

    def advance(self, company: Callable[[Part], Company]) -> Advance:
        """Reads on as far as one step goes. Raises as EntityRead.advance, of the `part` whose turn
        it is.
        """
        parts = Parts(self.table.tally.rows)
        while True:
            proof, wait_s = self._read.advance(company(self.part), parts)
            if proof is None:
                return self._advance(parts, None, wait_s)
            self._proofs.append(proof)
            self._since.append(self._read.complete_since)
            if len(self._proofs) == len(self._parts):
                return self._end(parts)
            self._read = self._of_next()
            if parts.rows * len(self.part.entity.columns) >= self._limits.cells_per_step:
                return self._advance(parts, None, 0)

    def _of_next(self) -> EntityRead:
        choice = self.part.entity
        read = self._types.watched(choice.entity, self._with_home_totals(choice))
        return EntityRead(
            choice,
            self.table,
            self._limits,
            self.part.connection.currency,
            read if self._goes_on else self._names.watched(choice.entity, read),
            self._monotonic,
        )

    def _told(self) -> list[Proof]:
        """The proofs of all companies: with totals at home that nobody chose only where one of them
        has something else beside them.
        """
        each = list(zip(self._parts, self._proofs, strict=True))
        abroad = (
            total.currency != part.connection.currency
            for part, proof in each
            for total in proof.totals
        )
        if len(each) == 1 or any(abroad):
            return self._proofs
        choice = self._parts[0].entity
        twins = twins_of(choice.entity, choice.columns, choice.lines)
        unasked = {twin.home.key for twin in twins}
        return [
            replace(proof, totals=tuple(it for it in proof.totals if it.key not in unasked))
            for proof in self._proofs
        ]

    def _of_some(self) -> set[tuple[str, str]]:
        """Totals at home that one of the companies with that currency cannot tell: what they come
        to together nobody knows.
        """
        choice = self._parts[0].entity
        return {
            (twin.home.key, part.connection.currency)
            for part, proof in zip(self._parts, self._proofs, strict=True)
            for twin in twins_of(choice.entity, choice.columns, choice.lines)
            if proof.sent and twin.home.key not in {it.key for it in proof.totals}
        }

    def _with_home_totals(self, choice: EntityChoice) -> Callable[[Body], Page]:
        """What reads its pages, and looks once more at those in several currencies."""
        twins = twins_of(choice.entity, choice.columns, choice.lines)
        columns = columns_at_home(choice.entity, twins)

        # Not this reading itself: in a circle with it, a page's room would wait for the collector.
        read_page = self._read_page

        def look(body: Body) -> Page:
            alone = replace(choice, columns=columns, lines=None, tests=(), ids=None, order=None)
            return read_page(alone)(body)

        home = self.part.connection.currency
        return with_home_totals(self._read_page(choice), look, twins, home)

    def _end(self, parts: Parts) -> Advance:
        each = list(zip(self._parts, self._told(), strict=True))
        proof = joined([(part.name, proof) for part, proof in each])
        of_some = self._of_some()
        totals = tuple(it for it in proof.totals if (it.key, it.currency) not in of_some)
        proof = replace(proof, totals=totals)
        if len(each) > 1 and self.table.ordered is None:
            # What is counted as distinct are the companies, none of which may be missing.
            self.table.tally.distinct = Distinct(part.name for part, proof in each if proof.rows)
        if self.table.ordered is not None:
            parts.add(self.table.put_in_order())
            proof = _of_the_first(proof, self.table.tally.rows, self._parts[0].entity)
        return self._advance(parts, proof, 0)

    def _advance(self, parts: Parts, proof: Proof | None, wait_s: float) -> Advance:
        staged = self.table.staged
        self.table.staged = max(staged, self.table.tally.rows)
        return Advance(parts.joined(), parts.at, staged, proof, wait_s)


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
