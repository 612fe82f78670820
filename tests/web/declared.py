"""Whether an answer is one that the API's document allows: asked of every answer in these tests."""

from __future__ import annotations

import functools
import re
from typing import Any

from jsonschema import Draft202012Validator

from counterfoil.openapi.document import document


@functools.cache
def _paths() -> dict[str, dict[str, Any]]:
    """By pattern: the answers of a POST there."""
    return {
        re.sub(r"{\w+}", "[^/]+", path): operations["post"]["responses"]
        for path, operations in sorted(document()["paths"].items())
        if "post" in operations
    }


@functools.cache
def _validator(pattern: str, status: str) -> Draft202012Validator:
    schema = _paths()[pattern][status]["content"]["application/json"]["schema"]
    schemas = {"Error": document()["components"]["schemas"]["Error"]}
    return Draft202012Validator({**schema, "components": {"schemas": schemas}})


def check_error(told: Any) -> None:
    """Raises ValidationError for an error that the document does not tell of."""
    Draft202012Validator(document()["components"]["schemas"]["Error"]).validate(told)


def check(function: str, path: str, status: int, told: Any) -> None:
    """Raises AssertionError for an answer that the document does not tell of."""
    whole = f"/{function}{path}".rstrip("/")
    found = [pattern for pattern in _paths() if re.fullmatch(pattern, whole)]
    if not found:
        assert status == 404, f"{whole} is no address"
        return
    pattern = min(found, key=lambda each: each.count("[^/]+"))
    assert str(status) in _paths()[pattern], f"{whole} answered {status}, which is not told: {told}"
    wrong = [each.message for each in _validator(pattern, str(status)).iter_errors(told)]
    assert not wrong, f"{whole} answered {status}: {wrong}"
