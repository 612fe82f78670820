"""Work that may fail by itself: clean-up that the tick repeats, one record of many in a tick."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from counterfoil.core.errors import AppError
from counterfoil.core.stores import AlreadyThere, Changed, SealBroken, SecretGone

T = TypeVar("T")

# What reading a record meets in which a field is missing or something else than it should be.
_BROKEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_MOVED = (AlreadyThere, Changed, SealBroken, SecretGone)


@contextmanager
def left_over(log: logging.Logger, **fields: str | int) -> Iterator[None]:
    """Journals an AppError from within, and goes on: what matters is done already."""
    try:
        yield
    except AppError as error:
        log.warning("left over", extra={"fields": {**fields, "code": error.code}})


def on_its_own(
    work: Callable[[], T],
    otherwise: T,
    *,
    log: logging.Logger,
    told: str,
    **fields: str | int,
) -> T:
    """What `work` gives; `otherwise` when it fails, which is journalled as `told`, or as a broken
    record: one of many stops no other, however it fails.
    """
    try:
        return work()
    except AppError as error:
        log.warning(told, extra={"fields": {**fields, "code": error.code}})
    except _MOVED as error:
        log.warning(told, extra={"fields": {**fields, "error": type(error).__name__}})
    except _BROKEN as error:
        log.error("broken record", extra={"fields": {**fields, "error": type(error).__name__}})
    return otherwise
