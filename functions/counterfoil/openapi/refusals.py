"""Which errors a handler can answer, found in the code itself: what it calls, and what that raises.

Only read, never run. It tells rather too many errors than too few; what catches an error and does
not let it go on ends it.
"""

from __future__ import annotations

import ast
import functools
import pathlib

from counterfoil.openapi.calls import ERRORS, Raising, read
from counterfoil.openapi.source import Key, Source

_HOME = pathlib.Path(__file__).resolve().parents[1]


def refusals_of(module: str, function: str) -> frozenset[str]:
    """The names of the errors of ours that a function lets go."""
    return frozenset(_ours().raised_by((module, function)))


def reaches(module: str, function: str) -> frozenset[Key]:
    """All that a function calls, and what that calls."""
    return frozenset(_ours().reached((module, function)))


@functools.cache
def _ours() -> Refusals:
    return Refusals(Source(_HOME))


class Refusals:
    """Of the functions of a package."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._bases = {
            name: [ast.unparse(base) for base in node.bases]
            for (module, name), node in source.found.items()
            if module == ERRORS and isinstance(node, ast.ClassDef)
        }
        self._pieces: dict[Key, Raising] = {}
        self._known: dict[Key, set[str]] = {}

    def raised_by(self, start: Key) -> set[str]:
        """Until nothing is added: functions call each other in circles."""
        needed = self.reached(start)
        changed = True
        while changed:
            changed = False
            for key in needed:
                now = self._let_go(self._pieces[key])
                held = self._known.setdefault(key, set())
                if not now <= held:
                    held |= now
                    changed = True
        return self._known[start]

    def reached(self, start: Key) -> list[Key]:
        seen, waiting = {start: None}, [start]
        while waiting:
            for called in self.piece(waiting.pop()).calls():
                if called not in seen:
                    seen[called] = None
                    waiting.append(called)
        return list(seen)[::-1]

    def piece(self, key: Key) -> Raising:
        if key not in self._pieces:
            self._pieces[key] = read(self.source, key)
        return self._pieces[key]

    def _let_go(self, piece: Raising) -> set[str]:
        own = set(piece.raised).union(*(self._known.get(key, ()) for key in piece.called))
        for inner, caught in piece.tried:
            ended = {name for each in caught for name in self._kinds(each)}
            own |= self._let_go(inner) - ended
        return own

    @functools.cache  # noqa: B019 - there is one program
    def _kinds(self, error: str) -> frozenset[str]:
        """An error's name, and those of its kinds."""
        below = (name for name, bases in self._bases.items() if error in bases)
        return frozenset((error,)).union(*map(self._kinds, below))
