"""Which ids a run has sent, in a few bytes: they come in order, so the last one tells. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from counterfoil.core.canonical import Cell
from counterfoil.core.tally import Distinct


class SeenIds(Distinct):
    """A set of ids whose state stays small as long as they ascend.

    Pages are `ORDERBY Id`, but Intuit does not say whether ids are ordered as numbers or as
    texts: the first step shows it. From then on an id that does not come after all those of the
    steps before counts as seen. Should it be a new one after all, the run ends with a count that
    does not match, never with a wrong table. Ids in neither order are kept one by one.
    """

    __slots__ = ("_before", "_boundary", "_new", "_order")

    def __init__(self) -> None:
        super().__init__()
        self._new: dict[Cell, None] = {}  # those kept one by one, as they came
        self._before = 0  # how many are known by the boundary only
        self._order = ""
        self._boundary: Any = None

    def __len__(self) -> int:
        return self._before + len(self._new)

    def __contains__(self, id: object) -> bool:
        if id in self._new:
            return True
        if not self._before:
            return False
        place = _ORDERS[self._order](id)
        return place is not None and bool(place <= self._boundary)

    def add(self, ids: Iterable[Cell]) -> None:
        self._new.update(dict.fromkeys(ids))

    def state(self) -> str:
        """Text for a cursor."""
        order = self._order or _order_of(list(self._new))
        if not order:
            return json.dumps({"ids": Distinct(self._new).state()})
        places = {id: _ORDERS[order](id) for id in self._new}
        # An id without a place in that order cannot be told by the last one.
        others = [id for id, place in places.items() if place is None]
        boundary = max(
            (place for place in (self._boundary, *places.values()) if place is not None),
            default=None,
        )
        before = self._before + len(self._new) - len(others)
        return json.dumps({"order": order, "last": boundary, "before": before, "ids": others})

    @classmethod
    def from_state(cls, state: str) -> SeenIds:
        held = json.loads(state)
        seen = cls()
        if "order" not in held:
            seen.add(Distinct.from_state(held["ids"])._ids)
            return seen
        seen.add(held["ids"])
        seen._order, seen._boundary, seen._before = held["order"], held["last"], held["before"]
        return seen


def _number(id: object) -> int | None:
    """The place of an id among numbers, if its number gives the same text back."""
    if isinstance(id, str) and id.isascii() and id.isdigit() and (id[0] != "0" or id == "0"):
        return int(id)
    return None


def _text(id: object) -> str | None:
    return id if isinstance(id, str) else None


_ORDERS: dict[str, Callable[[object], Any]] = {"number": _number, "text": _text}


def _order_of(ids: list[Cell]) -> str:
    """The order in which all the ids ascend; "" for none, and for too few to tell."""
    if len(ids) < 2:
        return ""
    for name, place_of in _ORDERS.items():
        places = [place_of(id) for id in ids]
        if None not in places and all(a < b for a, b in pairwise(places)):
            return name
    return ""
