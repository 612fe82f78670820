"""The one home of "read, change, write unless somebody came between, else again".

Others write the same record rarely, so a few rounds are plenty. Who meets somebody in all of them
is told to try again: a loop without an end would hold the request until the platform kills it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from counterfoil.core.errors import AppError, ServiceUnavailable
from counterfoil.core.stores import AlreadyThere, Changed, Document
from counterfoil.flows.ports import Records

TRIES = 8


def store_busy() -> ServiceUnavailable:
    return ServiceUnavailable("Others are changing the same thing just now. Please try again.")


def rewritten(
    records: Records,
    seen: Document | None,
    change: Callable[[Mapping[str, Any]], Mapping[str, Any] | None],
    busy: Callable[[], AppError] = store_busy,
) -> Document | None:
    """The record as it is kept then, `change` made to what is there, not to what was `seen`.

    As it is there where `change` gives None; None when it is gone. Raises what `busy` gives when
    somebody came between in every round.
    """
    held = seen
    for _ in rounds(busy):
        data = None if held is None else change(held.data)
        if held is None or data is None:
            break
        try:
            return records.replace(held, data)
        except Changed:
            held = records.get(held.collection, held.id)
    return held


def written(
    records: Records,
    collection: str,
    id: str,
    change: Callable[[Mapping[str, Any] | None], Mapping[str, Any]],
    busy: Callable[[], AppError] = store_busy,
) -> Document:
    """The record as it is kept then; `change` is given None where there is none yet, and may
    raise. Raises what `busy` gives when somebody came between in every round.
    """
    made: Document | None = None
    for _ in rounds(busy):
        held = records.get(collection, id)
        try:
            if held is None:
                made = records.create(collection, id, change(None))
            else:
                made = records.replace(held, change(held.data))
            break
        except (AlreadyThere, Changed):
            continue
    assert made is not None  # noqa: S101 - `rounds` ends by raising
    return made


def rounds(busy: Callable[[], AppError] = store_busy) -> Iterator[int]:
    """For a loop of another shape: so many rounds, then it raises what `busy` gives."""
    yield from range(TRIES)
    raise busy()
