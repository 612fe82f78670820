"""Every record that matches, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from counterfoil.core.stores import Document
from counterfoil.flows.ports import Records

_PAGE = 100


def each(
    records: Records, collection: str, where: Mapping[str, str | int | bool]
) -> Iterator[Document]:
    """By id. A record that is deleted meanwhile does not disturb it."""
    after = None
    while True:
        page = records.find(collection, where, limit=_PAGE, after=after)
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1].id
