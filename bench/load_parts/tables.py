"""A table as QuickBooks has it and as an export brings it, made comparable."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any


def digest(rows: Iterable[Sequence[Any]]) -> str:
    """Of rows of an id, a number and a total, in their order: another row, one less or one twice
    makes another digest.
    """
    made = hashlib.sha256()
    for id, number, total in rows:
        made.update(f"{id}\t{number}\t{Decimal(str(total)):.2f}\n".encode())
    return made.hexdigest()
