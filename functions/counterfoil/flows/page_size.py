"""How many records one page asks for: halved where a whole page cannot be read. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterfoil.core.errors import AppError

# Below this another halving costs more calls than it narrows the search.
SMALLEST_PAGE = 10


class PageSize:
    """The largest page until QuickBooks chokes on one; kept in the cursor between steps.

    After a time-out the pages stay small. Around a record that cannot be read they are small
    until the page that failed is passed: then it was a passing trouble after all.
    """

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._small_until: int | None = None  # STARTPOSITION from which pages are large again
        self.size = largest

    @property
    def searching(self) -> bool:
        """Whether a damaged record is being closed in on: pages are then read one by one, since
        those behind it are of no use."""
        return self._small_until is not None

    def shrink(self, error: AppError, start: int) -> bool:
        """Halves after the page at `start` failed; False when a smaller one will not help."""
        if not error.details.get("smaller_page") or self.size <= SMALLEST_PAGE:
            return False
        if damaged(error) and self._small_until is None:
            self._small_until = start + self.size
        self.size = max(SMALLEST_PAGE, self.size // 2)
        return True

    def passed(self, start: int) -> None:
        """Everything before `start` was read."""
        if self._small_until is not None and start >= self._small_until:
            self._small_until = None
            self.size = self._largest

    def state(self) -> dict[str, Any]:
        return {"size": self.size, "small_until": self._small_until}

    def go_on_from(self, state: Mapping[str, Any]) -> None:
        self.size = state["size"]
        self._small_until = state["small_until"]


def damaged(error: AppError) -> bool:
    """Whether QuickBooks said that it could not read a record."""
    return error.details.get("intuit_code") == "4002"
