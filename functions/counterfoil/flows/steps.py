"""One step of a run: what it begins with, and what the add-on gets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from counterfoil.core import operations
from counterfoil.core.consolidation_tabs import Tabs
from counterfoil.core.operations import Operation
from counterfoil.core.people import Connection, Sheet, User
from counterfoil.core.proof import Proof
from counterfoil.core.quiet import Shared
from counterfoil.flows import runs
from counterfoil.flows.chosen import Choice, EntityChoice
from counterfoil.flows.consolidating import Consolidation
from counterfoil.flows.cursors import Cursor
from counterfoil.flows.exporter_records import Exporter
from counterfoil.flows.moving import words
from counterfoil.flows.runs import Run
from counterfoil.flows.several import Part
from counterfoil.flows.updates import Update


@dataclass(frozen=True, slots=True)
class Step:
    """What the add-on gets: operations to apply in order, and the cursor of the next step."""

    run_id: str
    exporter_id: str
    block: str
    title: str
    operations: tuple[Operation, ...] = field(repr=False)
    cursor: str | None = field(repr=False)
    wait_s: int
    rows: int
    of: int | None
    calls: int
    elapsed_s: float
    message: str
    proof: Proof | None = field(repr=False)
    update: Mapping[str, str | None] | None = None  # how the table was brought up to date

    def json(self) -> str:
        """The answer's text; the rows inside are not encoded again."""
        head = {
            "run_id": self.run_id,
            "run_short": runs.short(self.run_id),
            "exporter_id": self.exporter_id,
            "block": self.block,
            "title": self.title,
            "cursor": self.cursor,
            "wait_s": self.wait_s,
            "progress": {
                "rows": self.rows,
                "of": self.of,
                "calls": self.calls,
                "elapsed_s": round(self.elapsed_s, 1),
                "message": self.message,
            },
            "proof": self.proof.as_json() if self.proof else None,
            **({"update": dict(self.update)} if self.update else {}),
        }
        text = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
        around = f'{text[:-1]},"operations":'
        return "".join((around, *operations.texts(self.operations), "}"))


@dataclass(frozen=True, slots=True)
class Going:
    """A run at the beginning of one of its steps."""

    user: User
    sheet: Sheet
    parts: tuple[Part, ...]  # the companies that it reads
    exporter: Exporter
    run: Run
    cursor: Cursor
    resumable: bool  # the writer holds this very cursor and may hand it in again
    block: Mapping[str, Any] | None = field(default=None, repr=False)  # as the sheet tells of it
    update: Update | None = field(default=None, repr=False)
    shared: Shared | None = None  # with the runs of other exports
    tabs: Tabs = field(default_factory=dict, repr=False)  # that people fill in, as they stand there

    @property
    def choice(self) -> Choice:
        """Of the first company: those of the others differ in their dates alone."""
        return self.parts[0].choice

    @property
    def connection(self) -> Connection:
        """Whose turn it is at the beginning of the step."""
        read = (self.cursor.position or {}).get("proofs", ())
        return self.parts[min(len(read), len(self.parts) - 1)].connection

    @property
    def group(self) -> Consolidation | None:
        """Of a table in which all companies are read at once and added up."""
        return None if isinstance(self.choice, EntityChoice) else self.choice.shape.group

    @property
    def period(self) -> str:
        """Days only where they are the same for all: fiscal years differ."""
        periods = {part.choice.period for part in self.parts}
        if len(periods) == 1:
            return periods.pop()
        return words(self.choice.range)

    @property
    def title(self) -> str:
        dataset = (
            self.choice.entity if isinstance(self.choice, EntityChoice) else self.choice.report
        )
        return self.exporter.name or dataset.title
