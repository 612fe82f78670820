"""What firestore.indexes.json must declare, held against every query that the package makes.

The emulator answers any query; the real Firestore refuses one without its index. So each test
watches the stores that it uses: a look-up or an expiry that is not declared fails there.
"""

from __future__ import annotations

import ast
import functools
import importlib
import itertools
import json
import pathlib
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

FILE = pathlib.Path(__file__).resolve().parents[1] / "firestore.indexes.json"

EXPIRIES = ("expire_at", "expires_at")
# A lease's record outlives its end: the fence goes on counting.
NEVER_DELETED = {"leases"}

# Equality on fields and the order of ids: each field's own ascending index serves it, and several
# are merged. https://firebase.google.com/docs/firestore/query-data/index-overview
SERVES = {"order": "ASCENDING", "queryScope": "COLLECTION"}


@functools.cache
def overrides() -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """What the file says of (collection, field)."""
    listed = json.loads(FILE.read_text())["fieldOverrides"]
    return {(each["collectionGroup"], each["fieldPath"]): each for each in listed}


def looked_up() -> set[tuple[str, str]]:
    return {place for place, each in overrides().items() if SERVES in each["indexes"]}


def expiring() -> set[tuple[str, str]]:
    return {place for place, each in overrides().items() if each.get("ttl")}


def asked_for(flow: pathlib.Path) -> set[tuple[str, str]]:
    """(collection, field) of each look-up that stands in a flow: handed to `each` or `find`, or in
    a list of places.
    """
    module, tree = importlib.import_module(f"counterfoil.flows.{flow.stem}"), _parsed(flow)
    names = {name: {kept} for name, kept in vars(module).items() if isinstance(kept, str)}
    for loop in (node for node in ast.walk(tree) if isinstance(node, ast.comprehension)):
        if isinstance(loop.target, ast.Name) and isinstance(loop.iter, ast.Tuple):
            names[loop.target.id] = {c for each in loop.iter.elts for c in _values(each, names)}
    return {
        (collection, str(key.value))
        for node in ast.walk(tree)
        for place, where in itertools.pairwise(_listed(node))
        if isinstance(where, ast.Dict)
        for key in where.keys
        if isinstance(key, ast.Constant)
        for collection in _values(place, names)
    }


def _parsed(path: pathlib.Path) -> ast.Module:
    return ast.parse(path.read_text())


def _listed(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Tuple):
        return node.elts
    if not isinstance(node, ast.Call):
        return []
    called = getattr(node.func, "attr", getattr(node.func, "id", ""))
    return node.args if called in ("each", "find") else []


def _values(node: ast.expr, names: Mapping[str, set[str]]) -> set[str]:
    """What may stand there, of words and names that are known."""
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    return names.get(node.id, set()) if isinstance(node, ast.Name) else set()


def undeclared(collection: str, where: Iterable[str]) -> list[str]:
    """The fields of a query for which no index is declared."""
    return [name for name in where if (collection, name) not in looked_up()]


def without_expiry(collection: str, data: Mapping[str, Any]) -> list[str]:
    """The expiries of a record that Firestore would not act upon."""
    if collection in NEVER_DELETED:
        return []
    return [name for name in EXPIRIES if name in data and (collection, name) not in expiring()]


def watched(store: Any, patch: Callable[[Any, str, Any], None]) -> None:
    """Makes that class of stores check what the package, not a test, asks of it."""
    find, create = store.find, store.create

    @functools.wraps(find)
    def watched_find(self: Any, collection: str, where: Mapping[str, Any], **other: Any) -> Any:
        if _asked_by_the_package():
            missing = undeclared(collection, where)
            assert not missing, f"{FILE.name} declares no index of {collection}: {missing}"
        return find(self, collection, where, **other)

    @functools.wraps(create)
    def watched_create(self: Any, collection: str, id: str, data: Mapping[str, Any]) -> Any:
        if _asked_by_the_package():
            missing = without_expiry(collection, data)
            assert not missing, f"{FILE.name} declares no ttl of {collection}: {missing}"
        return create(self, collection, id, data)

    patch(store, "find", watched_find)
    patch(store, "create", watched_create)


def _asked_by_the_package() -> bool:
    return str(sys._getframe(2).f_globals["__name__"]).startswith("counterfoil.")
