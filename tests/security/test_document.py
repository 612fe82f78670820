"""Every test that SECURITY.md names is there, and pytest would run it."""

from __future__ import annotations

import ast
import functools
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXT = (ROOT / "SECURITY.md").read_text()
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)


def test_the_document_names_tests() -> None:
    assert len(NAMED) > 80


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED)))
def test_a_named_test_is_there_and_is_collected(path: str, name: str) -> None:
    assert name in collected(path)


def test_every_claim_has_a_test_beside_it() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| ")]
    tables = [row for row in rows if "::" in row or row.endswith("tests |")]
    claims = TEXT.split("## The arrows")[1]
    for row in (line for line in claims.splitlines() if line.startswith("| ")):
        if set(row) <= set("|- ") or row.endswith("tests |"):
            continue
        assert "::test_" in row, row
    assert len(tables) > 40


def test_a_test_that_is_not_there_would_be_noticed() -> None:
    assert "test_that_nobody_wrote" not in collected("tests/security/test_document.py")
    assert collected("tests/security/test_that_nobody_wrote.py") == frozenset()


@functools.cache
def collected(path: str) -> frozenset[str]:
    """What pytest finds in a file by its rules: functions at its top by their names, and those
    that are marked to be skipped in any case do not count."""
    file = ROOT / path
    if not file.is_file() or not file.name.startswith("test_"):
        return frozenset()
    return frozenset(
        node.name
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and not any("skip" in ast.unparse(each) for each in node.decorator_list)
    )
