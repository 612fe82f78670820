"""The digest of a block's data rows, in links, so that a run of many steps can grow it. Pure.

Defined in docs/operations.md ("Digest"); tests/data/digest holds the vectors that the
add-on's JavaScript must meet as well.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from counterfoil.core.canonical import Cell, canonical

KEY_BYTES = 32


class Digest:
    """A chain of HMAC-SHA256 links over chunks of rows. `key` is 32 bytes in hex."""

    __slots__ = ("_chunks", "_key", "_link")

    def __init__(self, key: str) -> None:
        self._key = bytes.fromhex(key)
        if len(self._key) != KEY_BYTES:
            raise ValueError(f"a digest's key is {KEY_BYTES} bytes in hex")
        self._chunks: list[list[int]] = []
        self._link = hmac.digest(self._key, b"counterfoil", hashlib.sha256).hex()

    def __repr__(self) -> str:
        return f"Digest(rows={self.rows})"

    @property
    def rows(self) -> int:
        return sum(rows * times for rows, times in self._chunks)

    @property
    def value(self) -> str:
        """The last link, in lower-case hex."""
        return self._link

    def add(self, canonical_text: str, rows: int) -> None:
        """The next chunk: `canonical(rows)` and how many rows that is. No rows, no chunk."""
        if not rows:
            return
        link = hmac.new(self._key, f"{self._link}\n".encode(), hashlib.sha256)
        link.update(canonical_text.encode())
        self._link = link.hexdigest()
        if self._chunks and self._chunks[-1][0] == rows:
            self._chunks[-1][1] += 1
        else:
            self._chunks.append([rows, 1])

    def as_json(self, *, with_key: bool) -> dict[str, Any]:
        """What `expect` (with the key) and `receipt` (without it) carry."""
        shown: dict[str, Any] = {"key": self._key.hex()} if with_key else {}
        return shown | {"chunks": [list(chunk) for chunk in self._chunks], "value": self._link}

    def state(self) -> dict[str, Any]:
        """What a sealed cursor keeps between steps. Holds the key."""
        return self.as_json(with_key=True)

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Digest:
        digest = cls(state["key"])
        digest._chunks = [[int(rows), int(times)] for rows, times in state["chunks"]]
        digest._link = str(state["value"])
        return digest


def matches(expected: Mapping[str, Any], rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the rows read back give the digest that an `expect` carries with its key."""
    link = last_link(expected["key"], expected["chunks"], rows)
    return link is not None and hmac.compare_digest(link, str(expected["value"]))


def last_link(
    key: str, chunks: Sequence[Sequence[int]], rows: Sequence[Sequence[Cell]]
) -> str | None:
    """The digest's value for rows in such chunks; None where these are not as many."""
    digest = Digest(key)
    start = 0
    for size, times in chunks:
        for _ in range(times):
            chunk = rows[start : start + size]
            digest.add(canonical(chunk), len(chunk))
            start += size
    return digest.value if start == len(rows) else None
