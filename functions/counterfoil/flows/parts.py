"""What one step has read so far, in the pieces in which it came."""

from __future__ import annotations

from counterfoil.core.operations import EncodedRows


class Parts:
    """Rows of a table from row `at` on."""

    def __init__(self, at: int) -> None:
        self.at = at
        self._held: list[EncodedRows] = []

    def __bool__(self) -> bool:
        return bool(self._held)

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self._held)

    def add(self, part: EncodedRows) -> None:
        self._held.append(part)

    def cut(self, rows: int) -> None:
        """Leaves nothing behind that row of the whole table, which is the end of a part."""
        while self._held and self.at + self.rows > rows:
            self._held.pop()
        self.at = min(self.at, rows)

    def joined(self) -> EncodedRows:
        return EncodedRows.joined(self._held)
