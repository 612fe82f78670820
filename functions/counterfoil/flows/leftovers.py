"""Work that may wait: when it fails, what matters is done already, and the tick does the rest."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from counterfoil.core.errors import AppError


@contextmanager
def left_over(log: logging.Logger, **fields: str | int) -> Iterator[None]:
    """Journals an AppError from within, and goes on."""
    try:
        yield
    except AppError as error:
        log.warning("left over", extra={"fields": {**fields, "code": error.code}})
