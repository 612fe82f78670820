"""The package as text: what a name stands for, and what kind of thing a field or a call gives.

Types are followed by their annotations; where one is a protocol, every class that fits it counts.
Containers and functions stand for what they hold and return.
"""

from __future__ import annotations

import ast
import functools
import keyword
import pathlib
import re
from collections.abc import Iterator

Key = tuple[str, str]  # a module's name, and what stands in it: "Team", "Team.rename"
Types = frozenset[Key]
NOTHING: Types = frozenset()
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef

PACKAGE = "counterfoil"
_QUOTED = re.compile(r"[A-Za-z_]\w*(?:\[\w+\])?")  # a type between quotes


class Source:
    """All of the package, as text."""

    def __init__(self, home: pathlib.Path) -> None:
        self.names: dict[str, dict[str, Key]] = {}  # by module: what a name stands for
        self.found: dict[Key, ast.AST] = {}
        for file in sorted(home.rglob("*.py")):
            parts = file.relative_to(home).with_suffix("").parts
            name = ".".join((PACKAGE, *(part for part in parts if part != "__init__")))
            self._take(name, ast.parse(file.read_text(encoding="utf-8")))

    def _take(self, module: str, tree: ast.Module) -> None:
        names = self.names[module] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
                for alias in node.names:
                    names[alias.asname or alias.name] = (str(node.module), alias.name)
        for node in tree.body:
            for name in _defined(node):
                names[name] = (module, name)
                self.found[module, name] = node
            if isinstance(node, ast.ClassDef):
                self._take_class(module, node)

    def _take_class(self, module: str, node: ast.ClassDef) -> None:
        """Methods and fields; those of an `__init__` too."""
        starts = [each for each in node.body if _defined(each) == ["__init__"]]
        for part in (*node.body, *(inner for each in starts for inner in ast.walk(each))):
            for name in _defined(part):
                self.found.setdefault((module, f"{node.name}.{name}"), part)

    def resolved(self, module: str, name: str) -> Key | None:
        """Where it is defined, by however many imports it came."""
        seen: set[Key] = set()
        while (key := self.names.get(module, {}).get(name)) and key not in seen:
            if key in self.found and key[0] == module:
                return key
            seen.add(key)
            if ".".join(key) in self.names:
                return (".".join(key), "")
            module, name = key
        return key if key in self.found else None

    def inside(self, module: str, name: str, inner: str) -> Key | None:
        """What `name.inner` is, where that name is a module of ours."""
        key = self.resolved(module, name)
        return self.resolved(key[0], inner) if key and key[1] == "" else None

    def named(self, module: str, node: ast.AST) -> Key | None:
        """What a name stands for, or one in a module of ours."""
        match node:
            case ast.Name(id=name):
                return self.resolved(module, name)
            case ast.Attribute(value=ast.Name(id=name), attr=inner):
                return self.inside(module, name, inner)
        return None

    def annotated(self, module: str, note: ast.AST | None) -> Types:
        """The classes of ours that an annotation names, inside of whatever."""
        if note is None:
            return NOTHING
        found: set[Key] = set()
        for node in ast.walk(note):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and _QUOTED.fullmatch(text) and not keyword.iskeyword(text):
                found |= self.annotated(module, ast.parse(text, mode="eval").body)
            key = self.resolved(module, node.id) if isinstance(node, ast.Name) else None
            if key:
                found |= self._meant(key)
        return frozenset(found)

    def _meant(self, key: Key) -> Types:
        node = self.found.get(key)
        if isinstance(node, ast.Assign) and not isinstance(node.value, ast.Call):
            return self.annotated(key[0], node.value)
        return frozenset((key,)) if isinstance(node, ast.ClassDef) else NOTHING

    def members(self, types: Types, name: str) -> list[Key]:
        """What classes have by that name, their bases too; of protocols whoever fits."""
        found = []
        for type in types:
            for each in self._fitting(type):
                for line in self._line(each):
                    key = (line[0], f"{line[1]}.{name}")
                    if key in self.found:
                        found.append(key)
                        break
        return found

    def _line(self, type: Key) -> Iterator[Key]:
        yield type
        node = self.found[type]
        for base in node.bases if isinstance(node, ast.ClassDef) else ():
            for above in self.annotated(type[0], base):
                yield from self._line(above)

    @functools.cache  # noqa: B019
    def _fitting(self, type: Key) -> list[Key]:
        if not self._is_protocol(type):
            return [type]
        wanted = self._methods(type)
        classes = [key for key, node in self.found.items() if isinstance(node, ast.ClassDef)]
        fits = [
            key
            for key in classes
            if not self._is_protocol(key) and wanted <= self._methods(key) and "." not in key[1]
        ]
        return [*fits, type]

    def _is_protocol(self, type: Key) -> bool:
        node = self.found[type]
        return isinstance(node, ast.ClassDef) and any(
            ast.unparse(base).startswith("Protocol") for base in node.bases
        )

    @functools.cache  # noqa: B019
    def _methods(self, type: Key) -> frozenset[str]:
        return frozenset(
            name
            for line in self._line(type)
            for each in getattr(self.found[line], "body", ())
            for name in _defined(each)
        )

    def returned(self, key: Key) -> Types:
        """What a function returns, or a class is an instance of, or a field holds."""
        node = self.found[key]
        if isinstance(node, ast.ClassDef):
            return frozenset((key,))
        if isinstance(node, FUNCTION):
            return self.annotated(key[0], node.returns)
        if isinstance(node, ast.AnnAssign):
            return self.annotated(key[0], node.annotation)
        if isinstance(node, ast.Assign) and "." in key[1]:
            return self._assigned(key, node.value)
        return self._meant(key)

    def _assigned(self, key: Key, value: ast.AST) -> Types:
        """Of `self._x = …` in an `__init__`: by the annotation of what is assigned."""
        start = self.found.get((key[0], f"{key[1].partition('.')[0]}.__init__"))
        parts = ast.walk(start.args) if isinstance(start, FUNCTION) else ()
        given = [each for each in parts if isinstance(each, ast.arg)]
        named = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
        notes = [each.annotation for each in given if each.arg in named]
        return frozenset().union(*(self.annotated(key[0], note) for note in (*notes, value)))


def _defined(node: ast.AST) -> list[str]:
    """The names that a statement defines; fields by `self.x = …` too."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [name for target in targets for each in _each(target) if (name := _target(each))]
        case ast.AnnAssign(target=target):
            name = _target(target)
            return [name] if name else []
    return []


def _each(target: ast.expr) -> list[ast.expr]:
    return target.elts if isinstance(target, ast.Tuple) else [target]


def _target(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name):
            return name
    return ""
