"""One spreadsheet as its service account reaches it: implements `managed_ports.Desk` by shape."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from counterfoil.adapters.google_sheets import SheetsWriter
from counterfoil.adapters.sheet_book import Book, Stopped
from counterfoil.adapters.sheet_calls import SheetCalls
from counterfoil.adapters.sheet_cells import tab_texts, texts
from counterfoil.adapters.sheet_report_state import report_state
from counterfoil.core.errors import ServiceUnavailable, SheetNotShared
from counterfoil.core.managed import PROOF_KEY, Place

_PLACE = "properties(timeZone,locale)"


class SheetDesk:
    """`spreadsheets` is of google-api-python-client, as that account; it keeps its pace."""

    def __init__(
        self,
        spreadsheets: Any,
        spreadsheet: str,
        account: str,
        *,
        retries: int,
        made: Mapping[str, int],
    ) -> None:
        """`made` counts its calls, by kind."""
        self._made = made
        self._spreadsheet = spreadsheet
        self._account = account
        self._calls = SheetCalls(spreadsheets, spreadsheet, retries=retries)
        self._writer = SheetsWriter(spreadsheets, spreadsheet, retries=retries)

    def cost(self) -> int:
        return max(self._made.values(), default=0)

    def place(self) -> Place:
        with self._translated():
            found = self._calls.fields(_PLACE)["properties"]
        return Place(str(found.get("timeZone", "")), str(found.get("locale", "")))

    def erased(self, nonce: str) -> bool:
        """Whether somebody had written that nonce for all who may edit the spreadsheet; it is there
        no more. Raises SheetNotShared, also where the account may only look, ServiceUnavailable.
        """
        with self._translated():
            ids = [
                item["metadataId"]
                for item in self._calls.metadata(PROOF_KEY)
                if item.get("location", {}).get("spreadsheet")
                and hmac.compare_digest(item.get("metadataValue", "").encode(), nonce.encode())
            ]
        if not ids:
            return False
        with self._translated(only_looks=True):
            return self._calls.deleted_metadata(ids)

    def cells(self, references: Sequence[str]) -> Mapping[str, str | None]:
        with self._translated():
            return texts(self._calls, references)

    def tabs(self, titles: Sequence[str]) -> Mapping[str, list[list[str]] | None]:
        with self._translated():
            return tab_texts(self._calls, titles)

    def standing(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the details of a BlockNeeded ask for."""
        block = str(asked["block"])
        with self._translated():
            if not asked.get("lines"):
                return self._writer.state(block, str(asked["columns"]))
            book = self._calls.looked(block, Book([]))
            return report_state(book, block, self._calls)

    def apply(self, block: str, operations: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """As docs/operations.md says ("What the writer reports")."""
        return self._writer.apply(block, operations)

    @contextmanager
    def _translated(self, *, only_looks: bool = False) -> Iterator[None]:
        try:
            yield
        except Stopped as stop:
            if stop.code in ("not_shared", "spreadsheet_gone"):
                raise self._not_shared(only_looks=only_looks) from stop
            raise ServiceUnavailable(stop.why) from stop

    def _not_shared(self, *, only_looks: bool) -> SheetNotShared:
        if only_looks:
            return SheetNotShared(
                f"{self._account} may look at this spreadsheet, but not change it. Open Share and "
                "make it an Editor.",
                account=self._account,
                may="look",
            )
        return SheetNotShared(
            f"This spreadsheet is not shared with {self._account} yet. Open Share, add that "
            "address as an Editor, and try again.",
            account=self._account,
            may="nothing",
        )
