"""Which ids a run has sent, in a few bytes: they come in order, so the last one tells. Pure."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from counterfoil.core.canonical import Cell
from counterfoil.core.tally import Distinct

Last = Mapping[str, Any]
"""The place of the last id in each order in which all ids so far have come."""

# So many are kept one by one in any case: a few ids can ascend by chance.
FEW = 100


_Looked = tuple[Sequence[Cell], str, Any]
_NOT_LOOKED: _Looked = ((), "", None)


class SeenIds(Distinct):
    """A set of ids whose state stays small as long as they ascend.

    Pages are `ORDERBY Id`, but Intuit does not say whether ids are ordered as numbers or as
    texts: what comes shows it. An id that in no order still possible comes after all those of the
    steps before counts as seen. Should it be a new one after all, the run ends with a count that
    does not match, never with a wrong table. Ids in neither order are kept one by one.
    """

    __slots__ = ("_before", "_last", "_looked", "_new", "_odd", "_strict")

    def __init__(self) -> None:
        super().__init__()
        self._new: dict[Cell, None] = {}  # those of this step
        self._odd: dict[Cell, None] = {}  # those of earlier steps that the order does not tell
        self._before = 0  # how many of earlier steps the order tells
        self._last: dict[str, Any] = dict.fromkeys(_ORDERS)
        self._strict = True  # nothing has come out of order yet
        # The ids that were found to be new, in which order, and with which last place.
        self._looked: _Looked = _NOT_LOOKED

    def __len__(self) -> int:
        return self._before + len(self._odd) + len(self._new)

    def __contains__(self, id: object) -> bool:
        if id in self._new or id in self._odd:
            return True
        return self._before > 0 and not self._comes_after(id, self._last, one_is_enough=True)

    def are_new(self, ids: Sequence[Cell]) -> bool:
        """True when the ids ascend and come after all the others: then none has been sent."""
        for order, last in self._last.items():
            places = _ALL[order](ids)
            if places is not None and _ascend(places if last is None else [last, *places]):
                self._looked = [*ids], order, max(places, default=last)
                return True
        return False

    def add(self, ids: Iterable[Cell]) -> None:
        given = list(ids)
        (looked, order, end), self._looked = self._looked, _NOT_LOOKED
        if [*self._last] == [order] and given == looked:  # as nearly all pages are: once is enough
            self._new.update(dict.fromkeys(given))
            self._last = {order: end}
            return
        new = [id for id in dict.fromkeys(given) if id not in self._new]
        self._new.update(dict.fromkeys(new))
        kept: dict[str, Any] = {}
        highest: dict[str, Any] = {}
        for order, last in self._last.items():
            every = _ALL[order](new)
            told = (
                [it for it in map(_ORDERS[order], new) if it is not None]
                if every is None
                else every
            )
            places = told if last is None else [last, *told]
            highest[order] = max(places, default=last)
            if every is not None and _ascend(places):
                kept[order] = highest[order]
        if not kept:
            self._strict = False
        # What is no longer told one by one can only be told by an order, however imperfect.
        self._last = kept or (highest if self._before else {})

    def last(self) -> Last | None:
        """What `comes_after` needs later; None where no order tells."""
        if not self._strict or not self._last or self._odd:
            return None
        return dict(self._last)

    def comes_after(self, id: object, last: Last) -> bool:
        """Whether an id comes after all those sent up to `last`, in every order possible."""
        return self._strict and bool(self._last) and self._comes_after(id, last)

    def back_to(self, last: Last, count: int) -> None:
        """Forgets all ids but the first `count`, which ended with `last`."""
        self._last = {order: last[order] for order in self._last}
        self._new, self._before, self._looked = {}, count, _NOT_LOOKED

    def state(self) -> str:
        """Text for a cursor."""
        if not self._last or (not self._before and len(self._new) <= FEW):
            ids = Distinct([*self._odd, *self._new]).state()
            return json.dumps({"ids": ids, "last": self._last, "strict": self._strict})
        odd = [id for id in self._new if any(_ORDERS[it](id) is None for it in self._last)]
        held: dict[str, Any] = {"before": self._before + len(self._new) - len(odd)}
        held["last"] = self._last
        if self._odd or odd or not self._strict:
            held |= {"odd": [*self._odd, *odd], "strict": self._strict}
        return json.dumps(held)

    @classmethod
    def from_state(cls, state: str) -> SeenIds:
        held = json.loads(state)
        seen = cls()
        if "ids" in held:
            seen._new = dict.fromkeys(Distinct.from_state(held["ids"])._ids)
            seen._last, seen._strict = held["last"], held["strict"]
            return seen
        seen._before, seen._last = held["before"], held["last"]
        seen._odd, seen._strict = dict.fromkeys(held.get("odd", ())), held.get("strict", True)
        return seen

    def _comes_after(self, id: object, last: Last, *, one_is_enough: bool = False) -> bool:
        """In every order that is still possible, or in one of them."""
        found = []
        for order in self._last:
            place, end = _ORDERS[order](id), last[order]
            found.append(end is None or (place is not None and bool(place > end)))
            if place is None and one_is_enough:
                return True  # what has no place in an order was kept one by one
        return any(found) if one_is_enough else all(found)


def _ascend(places: Sequence[Any]) -> bool:
    return all(map(operator.lt, places, islice(places, 1, None)))


def _number(id: object) -> int | None:
    """The place of an id among numbers, if its number gives the same text back."""
    if isinstance(id, str) and id.isascii() and id.isdigit() and (id[0] != "0" or id == "0"):
        return int(id)
    return None


def _text(id: object) -> str | None:
    return id if isinstance(id, str) else None


_ORDERS: dict[str, Callable[[object], Any]] = {"number": _number, "text": _text}


def _numbers(ids: Sequence[Cell]) -> list[int] | None:
    """The places of all of them; None where one has none."""
    try:
        numbers = list(map(int, ids))
    except (ValueError, OverflowError):
        return None
    plain = list(map(str, numbers)) == list(ids) and min(numbers, default=0) >= 0
    return numbers if plain else None


def _texts(ids: Sequence[Cell]) -> list[Any] | None:
    return list(ids) if {str}.issuperset(map(type, ids)) else None


_ALL: dict[str, Callable[[Sequence[Cell]], list[Any] | None]] = {"number": _numbers, "text": _texts}
"""The same of many at once."""
