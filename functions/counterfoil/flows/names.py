"""Names and numbers that QuickBooks did not send along: asked for by their ids, many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from counterfoil.core import query
from counterfoil.core.look_ups import has_inactive, known, names_in
from counterfoil.core.pages import Page
from counterfoil.core.query import LARGEST_PAGE, Condition, Op
from counterfoil.flows.ports import Company


class Names:
    """What one reading has learned. An id is asked for once, whatever came of it."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], str] = {}

    def filled(self, page: Page, company: Company) -> Page:
        """The page with the names that it lacked: one call for each list and 1,000 ids. What no
        list knows stays blank. Raises what a call raises.
        """
        if not page.lacks:
            return page
        self._learn(company, ((lack.list, lack.id) for lack in page.lacks))
        return page.named(self._held)

    def _learn(self, company: Company, refs: Iterable[tuple[str, str]]) -> None:
        for entity, ids in self._unknown(refs).items():
            for some in _batches(ids):
                self._held |= {(entity, id): "" for id in some}
                found = names_in(company.query(_statement(entity, some)), entity)
                self._held |= {(entity, id): name for id, name in found.items()}

    def _unknown(self, refs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
        """By list, each id once."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for of, id in refs:
            told = known(of, id)
            if told is not None:
                self._held[of, id] = told
            elif (of, id) not in self._held:
                found[of][id] = None
        return {entity: list(ids) for entity, ids in found.items()}


def _batches(ids: list[str]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(ids), LARGEST_PAGE):
        yield tuple(ids[start : start + LARGEST_PAGE])


def _statement(entity: str, ids: tuple[str, ...]) -> str:
    where = [Condition("Id", Op.IN, ids)]
    if has_inactive(entity):
        where.append(Condition("Active", Op.IN, (True, False)))
    return query.select(entity, where)
