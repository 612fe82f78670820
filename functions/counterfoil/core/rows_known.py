"""By what a replacement tells which rows are new, changed and gone. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterfoil.core import marks
from counterfoil.core.canonical import canonical


@dataclass(frozen=True, slots=True)
class RowsKnown:
    """The columns that tell rows apart, those by which people know them, and whose rows they are:
    two companies give the same ids to different records.
    """

    key_columns: tuple[int, ...]
    labels: tuple[int, ...]
    whose: tuple[str, ...]
    closed: Mapping[str, Any] | None = None  # as in `patch`; None where nobody knows

    def mark(self, key: str) -> str:
        """`whose` for a receipt, which names no company; `key` is the digest's, in hex."""
        return marks.key_marks(key, [canonical(["whose", *self.whose])])

    def asked(self, key: str) -> dict[str, Any]:
        """For `operations.expect`."""
        return {
            "key_columns": list(self.key_columns),
            "labels": list(self.labels),
            "whose": self.mark(key),
            **({"closed": dict(self.closed)} if self.closed else {}),
        }
