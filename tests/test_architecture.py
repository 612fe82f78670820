"""Imports run one way, as docs/architecture draws them: found by reading, not by importing."""

from __future__ import annotations

import ast
import pathlib
import sys
from collections.abc import Iterator

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
FUNCTIONS = ROOT / "functions"
PACKAGE = "counterfoil"

# What each part may import of our own; a part may always import itself.
ALLOWED = {
    "core": set[str](),
    "catalog": {"core"},
    "flows": {"collector", "catalog", "core"},
    "adapters": {"collector", "core"},
    "collector": set(),
    "web": {"flows", "catalog", "core"},
    "openapi": {"web", "flows", "catalog", "core"},
    "settings": {"core"},
    "later": set(),
    "logs": {"settings", "core"},
    "stores": {"settings", "later", "flows", "adapters", "core"},
    "wiring": {
        "wiring_managed",
        "settings",
        "later",
        "logs",
        "stores",
        "web",
        "flows",
        "catalog",
        "adapters",
        "core",
    },
    "wiring_managed": {"settings", "later", "web", "flows", "adapters", "core"},
    "main": {"wiring", "web"},
}

# Parts that run on the standard library alone.
PURE = ("core", "catalog")

# What even pure code could do to the world with the standard library.
WORLDLY = {
    *("asyncio", "ctypes", "http", "logging", "multiprocessing", "os", "pathlib", "random"),
    *("secrets", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "tempfile"),
    *("threading", "time", "urllib", "uuid"),
}


def test_imports_run_one_way() -> None:
    assert violations(FUNCTIONS) == []


def test_every_part_of_the_package_has_its_place() -> None:
    parts = {part_of(module_of(path, FUNCTIONS)) for path in modules(FUNCTIONS)}
    assert parts - {""} <= ALLOWED.keys()
    assert {"core", "catalog", "flows", "adapters", "web"} <= parts


@pytest.mark.parametrize(
    ("path", "line", "problem"),
    [
        ("counterfoil/core/cells.py", "import requests", "core imports requests"),
        ("counterfoil/core/cells.py", "import msgspec.json", "core imports msgspec"),
        ("counterfoil/core/cells.py", "import os.path", "core imports os"),
        ("counterfoil/core/cells.py", "import time", "core imports time"),
        ("counterfoil/core/cells.py", "from counterfoil import catalog", "core imports catalog"),
        ("counterfoil/catalog/x.py", "from flask import Flask", "catalog imports flask"),
        ("counterfoil/catalog/x.py", "import counterfoil.flows.export", "catalog imports flows"),
        (
            "counterfoil/adapters/x.py",
            "from counterfoil.flows import ports",
            "adapters imports flows",
        ),
        (
            "counterfoil/adapters/x.py",
            "from counterfoil.catalog import entity",
            "adapters imports catalog",
        ),
        (
            "counterfoil/adapters/x.py",
            "from counterfoil.settings import Settings",
            "adapters imports settings",
        ),
        (
            "counterfoil/flows/x.py",
            "from counterfoil.adapters.sealer import Sealer",
            "flows imports adapters",
        ),
        (
            "counterfoil/flows/x.py",
            "def late():\n    from counterfoil import web",
            "flows imports web",
        ),
        ("counterfoil/web/x.py", "from counterfoil import wiring", "web imports wiring"),
        (
            "counterfoil/web/x.py",
            "if True:\n    import counterfoil.adapters",
            "web imports adapters",
        ),
        ("counterfoil/flows/x.py", "from ..adapters import sealer", "flows imports adapters"),
        ("counterfoil/flows/x.py", "from sandbox.clock import Clock", "flows imports sandbox"),
        ("counterfoil/wiring.py", "import tests.fakes", "wiring imports tests"),
        ("main.py", "from counterfoil.flows import export", "main imports flows"),
    ],
)
def test_a_planted_violation_is_caught(
    tmp_path: pathlib.Path, path: str, line: str, problem: str
) -> None:
    planted = tmp_path / path
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(line + "\n", encoding="utf-8")
    assert [found.partition(": ")[2] for found in violations(tmp_path)] == [problem]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("counterfoil/core/cells.py", "import json\nfrom counterfoil.core import errors"),
        ("counterfoil/catalog/__init__.py", "from counterfoil.catalog.entities import ENTITIES"),
        ("counterfoil/flows/export.py", "from counterfoil import catalog\nimport logging"),
        ("counterfoil/adapters/x.py", "import requests\nfrom counterfoil.core import errors"),
        ("counterfoil/wiring.py", "from counterfoil import settings, flows, adapters, web"),
        ("main.py", "from counterfoil import wiring\nfrom counterfoil.web import endpoint"),
        ("counterfoil/core/x.py", "from . import errors"),
    ],
)
def test_what_the_shape_allows_is_no_violation(
    tmp_path: pathlib.Path, path: str, line: str
) -> None:
    planted = tmp_path / path
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(line + "\n", encoding="utf-8")
    assert violations(tmp_path) == []


def violations(root: pathlib.Path) -> list[str]:
    """ "path:line: part imports what it may not", for every file under `root`."""
    found: list[str] = []
    for path in modules(root):
        module = module_of(path, root)
        part = part_of(module)
        if not part:
            continue
        is_package = path.name == "__init__.py"
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for line, imported in imports(tree, module if is_package else module.rpartition(".")[0]):
            wrong = trouble(part, imported)
            if wrong:
                found.append(f"{path.relative_to(root)}:{line}: {part} imports {wrong}")
    return found


def trouble(part: str, imported: str) -> str | None:
    """What is wrong about the import, or None."""
    top = imported.partition(".")[0]
    if top in ("sandbox", "tests", "bench"):
        return top
    if top == PACKAGE:
        target = part_of(imported)
        if target and target != part and target not in ALLOWED.get(part, set()):
            return target
        return None
    if part in PURE and (top not in sys.stdlib_module_names or top in WORLDLY):
        return top
    return None


def imports(tree: ast.AST, package: str) -> Iterator[tuple[int, str]]:
    """Every module that is imported anywhere in the file, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join((*above, *filter(None, (base,))))
            # `from counterfoil import catalog` names the part only behind the "import".
            yield from ((node.lineno, f"{base}.{name.name}") for name in node.names)


def part_of(module: str) -> str:
    """The second word of "counterfoil.core.cells"; "main" for what is not in the package."""
    words = module.split(".")
    if words[0] != PACKAGE:
        return words[0]
    return words[1] if len(words) > 1 else ""


def module_of(path: pathlib.Path, root: pathlib.Path) -> str:
    words = path.relative_to(root).with_suffix("").parts
    return ".".join(words[:-1] if words[-1] == "__init__" else words)


def modules(root: pathlib.Path) -> list[pathlib.Path]:
    return sorted(path for path in root.rglob("*.py") if "node_modules" not in path.parts)
