"""Where a reading can go back to: its state at the ends of pages, in little space. Pure."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from counterfoil.core.seen import Last, SeenIds

# With more of them every other one is let go and no longer kept: the cursor stays small, and
# going back costs at most some pages more.
MOST_BOOKMARKS = 64


@dataclass(frozen=True, slots=True)
class Bookmark:
    """All that has been made of the first `records`, which have so many rows in the table. `last`
    tells which ids they have.
    """

    records: int
    rows: int
    last_id: str
    last: Last
    digest: Mapping[str, Any]
    sums: Sequence[Mapping[str, Any]]
    totals: Sequence[Sequence[str]]


class Bookmarks:
    """In the order of their records."""

    __slots__ = ("_gap", "_held")

    def __init__(self) -> None:
        self._held: list[Bookmark] = []
        self._gap = 0  # at least so many records lie between two of them, but before the last

    def __len__(self) -> int:
        return len(self._held)

    def add(self, bookmark: Bookmark) -> None:
        if self._held:
            last = self._held[-1].records
            before = self._held[-2].records if len(self._held) > 1 else 0
            if last == bookmark.records or last < before + self._gap:
                self._held.pop()  # it was kept only as the last one
        self._held.append(bookmark)
        if len(self._held) > MOST_BOOKMARKS:
            self._gap = 2 * max(self._gap, self._held[1].records - self._held[0].records)
            self._held = [*self._held[1:-1:2], self._held[-1]]

    def clear(self) -> None:
        self._held.clear()

    def back_to(self, bookmark: Bookmark) -> None:
        self._held = [held for held in self._held if held.records <= bookmark.records]

    def last(self) -> Bookmark | None:
        return self._held[-1] if self._held else None

    def before(self, id: str, seen: SeenIds) -> Bookmark | None:
        """The last one whose rows all come before that id, so that nothing which became of it
        could have moved them; None where only the beginning is sure.
        """
        for bookmark in reversed(self._held):
            if seen.comes_after(id, bookmark.last):
                return bookmark
        return None

    def state(self) -> str:
        return packed([self._gap, *(asdict(held) for held in self._held)])

    @classmethod
    def from_state(cls, state: str) -> Bookmarks:
        bookmarks = cls()
        bookmarks._gap, *held = unpacked(state)
        bookmarks._held = [Bookmark(**each) for each in held]
        return bookmarks


def packed(value: object) -> str:
    plain = json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(zlib.compress(plain, 9)).decode()


def unpacked(text: str) -> Any:
    return json.loads(zlib.decompress(base64.urlsafe_b64decode(text)))
