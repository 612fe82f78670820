"""What a function does, read in its text: whom it calls, what it raises, and what it catches."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from counterfoil.openapi.source import FUNCTION, NOTHING, PACKAGE, Key, Source, Types

ERRORS = f"{PACKAGE}.core.errors"
# What gives back something of the kind that it is given.
_SAME = ("replace", "cast", "sorted", "list", "tuple", "reversed", "next", "iter", "min", "max")
_NAMING = (
    *(ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.For),
    *(ast.comprehension, ast.withitem, ast.arg),
)


@dataclass
class Raising:
    """What a piece of code raises by itself, whom it calls, and what it tries."""

    raised: set[str] = field(default_factory=set)
    called: set[Key] = field(default_factory=set)
    tried: list[tuple[Raising, set[str]]] = field(default_factory=list)  # without what is caught

    def calls(self) -> Iterator[Key]:
        """Also within what it tries."""
        yield from self.called
        for inner, _ in self.tried:
            yield from inner.calls()


def read(source: Source, key: Key) -> Raising:
    """Of the function of that name."""
    return _Reader(source, key, source.found[key]).read()


class _Reader:
    """One function: what its names stand for, and what it does with them."""

    def __init__(self, source: Source, key: Key, function: Any) -> None:
        self.source, self.module, self.function = source, key[0], function
        owner = key[1].rpartition(".")[0]
        self.types: dict[str, Types] = {}
        self._seen: set[Key] = set()  # tables that were looked into
        arguments = function.args
        for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            self.types[each.arg] = source.annotated(self.module, each.annotation)
        if owner and arguments.args and arguments.args[0].arg in ("self", "cls"):
            self.types[arguments.args[0].arg] = frozenset(((self.module, owner),))

    def read(self) -> Raising:
        named = [node for node in ast.walk(self.function) if isinstance(node, _NAMING)]
        for _ in range(2):  # what is named below is used above, in loops
            for node in named:
                self._learn(node)
        piece = Raising()
        for statement in self.function.body:
            self._into(piece, statement)
        return piece

    def infer(self, node: ast.AST | None) -> Types:
        match node:
            case ast.Name(id=name):
                return self.types.get(name) or self._global(name)
            case ast.Attribute(value=value, attr=name):
                return self._union(map(self.source.returned, self._members(value, name)))
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in _SAME:
                if name == "cast":
                    return self.source.annotated(self.module, first)
                return self.infer(first)
            case ast.Call(func=function):
                return self.infer(function)
            case ast.Subscript(value=value) | ast.Starred(value=value):
                return self.infer(value)
            case ast.NamedExpr(value=value) | ast.YieldFrom(value=value):
                return self.infer(value)
            case ast.IfExp(body=one, orelse=other):
                return self.infer(one) | self.infer(other)
            case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
                return self._union(map(self.infer, parts))
            case ast.ListComp(elt=part) | ast.GeneratorExp(elt=part) | ast.SetComp(elt=part):
                return self.infer(part)
            case ast.DictComp(value=part) | ast.Lambda(body=part):
                return self.infer(part)
            case ast.Dict(values=parts):
                return self._union(map(self.infer, parts))
        return NOTHING

    def _members(self, value: ast.AST, name: str) -> list[Key]:
        if isinstance(value, ast.Name) and value.id not in self.types:
            found = self.source.inside(self.module, value.id, name)
            if found:
                return [found]
        return self.source.members(self.infer(value), name)

    def _global(self, name: str) -> Types:
        key = self.source.resolved(self.module, name)
        return self.source.returned(key) if key and key[1] else NOTHING

    def _union(self, parts: Iterable[Types]) -> Types:
        return frozenset().union(*parts)

    def _learn(self, node: ast.AST) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._name(target, self.infer(value))
            case ast.AnnAssign(target=target, annotation=note):
                self._name(target, self.source.annotated(self.module, note))
            case ast.NamedExpr(target=target, value=value):
                self._name(target, self.infer(value))
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                self._name(target, self.infer(value))
            case ast.withitem(optional_vars=ast.AST() as target, context_expr=value):
                self._name(target, self.infer(value))
            case ast.arg(arg=name, annotation=ast.AST() as note):
                self.types.setdefault(name, self.source.annotated(self.module, note))

    def _name(self, target: ast.AST, types: Types) -> None:
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and types:
                self.types[node.id] = self.types.get(node.id, NOTHING) | types

    def _into(self, piece: Raising, node: ast.AST) -> None:
        inside: Iterable[ast.AST] = ast.iter_child_nodes(node)
        if isinstance(node, ast.Try):
            inner = Raising()
            for each in node.body:
                self._into(inner, each)
            piece.tried.append((inner, self._ended(node.handlers)))
            inside = (*node.handlers, *node.orelse, *node.finalbody)
        elif isinstance(node, ast.ExceptHandler):
            inside = node.body
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance":
            inside = node.args[:1]  # asked for, not made
        else:
            self._own(piece, node)
        for part in inside:
            self._into(piece, part)

    def _own(self, piece: Raising, node: ast.AST) -> None:
        piece.raised.update(self._errors(self.module, node))
        if isinstance(node, ast.Name) and node.id not in self.types:
            key = self.source.resolved(self.module, node.id)
            keys = [key] if key and key[1] else []
        elif isinstance(node, ast.Attribute):
            keys = self._members(node.value, node.attr)
        elif isinstance(node, ast.Call):
            keys = self.source.members(self.infer(node.func), "__call__")
        elif isinstance(node, ast.withitem):
            keys = self.source.members(self.infer(node.context_expr), "__enter__")
        else:
            return
        piece.called.update(self._functions(keys))

    def _errors(self, module: str, node: ast.AST) -> Iterator[str]:
        """The one that is named, or those in a table of that name: what for but to be raised."""
        key = self.source.named(module, node)
        if key and key[0] == ERRORS and key[1]:
            yield key[1]
        table = self.source.found.get(key) if key else None
        if key and isinstance(table, ast.Assign | ast.AnnAssign) and key not in self._seen:
            self._seen.add(key)
            for part in ast.walk(table.value) if table.value else ():
                yield from self._errors(key[0], part)

    def _functions(self, keys: Iterable[Key]) -> Iterator[Key]:
        for key in keys:
            node = self.source.found[key]
            if isinstance(node, FUNCTION):
                yield key
            elif isinstance(node, ast.ClassDef) and key[0] != ERRORS:
                for name in ("__init__", "__post_init__"):
                    if (made := (key[0], f"{key[1]}.{name}")) in self.source.found:
                        yield made

    def _ended(self, handlers: list[ast.ExceptHandler]) -> set[str]:
        """The errors that are caught and do not go on."""
        ended: set[str] = set()
        for handler in handlers:
            again = any(
                isinstance(node, ast.Raise)
                and (node.exc is None or ast.unparse(node.exc) == handler.name)
                for node in ast.walk(handler)
            )
            if not again and handler.type is not None:
                ended |= {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
        return ended
