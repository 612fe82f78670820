"""How large a request's body may be."""

from __future__ import annotations

from counterfoil.core.errors import RequestTooLarge

MAX_BODY = 1_000_000  # bytes
# An update brings the columns of its table along by which rows are known.
MAX_BODY_WITH_TABLE = 8_000_000


def too_large() -> RequestTooLarge:
    return RequestTooLarge(
        "The request is larger than anything Counterfoil sends. Nothing was done."
    )
