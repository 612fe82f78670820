"""What managed refresh needs of Google Sheets, in our words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from counterfoil.core.managed import Place


class Desk(Protocol):
    """One spreadsheet, as its service account reaches it.

    All raise SheetNotShared when the account cannot open the spreadsheet, or not edit it, and
    ServiceUnavailable when Google Sheets is busy or away; but for `apply`, which reports both.
    """

    def place(self) -> Place: ...

    def erased(self, nonce: str) -> bool:
        """Whether somebody had written that nonce into the spreadsheet. It is there no more."""
        ...

    def cells(self, references: Sequence[str]) -> Mapping[str, str | None]:
        """What stands in those cells, as texts: a date as 2026-01-31; None where none is."""
        ...

    def tabs(self, titles: Sequence[str]) -> Mapping[str, Sequence[Sequence[str]] | None]:
        """The texts in those tabs, by title; None for one that is not there."""
        ...

    def standing(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the details of a BlockNeeded ask for."""
        ...

    def cost(self) -> int:
        """How many calls it has made so far: reads or writes, whichever are more."""
        ...

    def apply(self, block: str, operations: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """As docs/operations.md says ("What the writer reports")."""
        ...


class Desks(Protocol):
    def open(self, account: str, spreadsheet: str) -> AbstractContextManager[Desk]:
        """Left again, it is closed. Raises SheetNotShared, ServiceUnavailable."""
        ...
