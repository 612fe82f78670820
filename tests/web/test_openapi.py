"""The API's document is made of what the handlers read."""

from __future__ import annotations

import ast
import pathlib
import re
from typing import Any

from counterfoil.web import endpoint
from counterfoil.web.addresses import ADDRESSES
from counterfoil.web.openapi import document
from tests.web.backend import ROUTES

ROOT = pathlib.Path(__file__).resolve().parents[2]


WEB = pathlib.Path(endpoint.__file__).parent


def test_every_function_of_main_answers_at_its_addresses() -> None:
    answered = {}
    for node in ast.parse((ROOT / "functions/main.py").read_text()).body:
        if isinstance(node, ast.FunctionDef):
            call = next(n for n in ast.walk(node) if isinstance(n, ast.Return)).value
            assert isinstance(call, ast.Call)
            answered[node.name] = ast.unparse(call.args[1]).rpartition(".")[2]
    assert answered == {name: name.upper() for name in ADDRESSES}
    assert {name: ADDRESSES[name] for name in ROUTES} == ROUTES


def body(path: str) -> dict[str, object]:
    told = document()["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    schema: dict[str, object] = told["schema"]
    return schema


def test_what_a_handler_reads_is_told_with_its_bounds() -> None:
    schema = body("/connections/{connection}/invite")
    assert schema["required"] == ["email", "role"]
    assert schema["properties"] == {
        "email": {"type": "string", "maxLength": 320, "minLength": 1},
        "role": {"type": "string", "enum": ["owner", "editor", "refresher"]},
    }


def test_a_part_that_must_be_there_is_told_with_what_it_holds() -> None:
    spreadsheet = body("/home")["properties"]["spreadsheet"]  # type: ignore[index]
    assert body("/home")["required"] == ["spreadsheet"]
    assert sorted(spreadsheet["required"]) == ["id", "key", "time_zone"]
    assert spreadsheet["properties"]["key"]["pattern"] == "^[0-9a-f]{64}$"


def test_what_is_read_only_if_it_was_sent_is_told_too() -> None:
    schema = body("/exporters/{exporter}/update")
    assert {"connection_ids", "options", "revision", "name", "target"} <= set(
        schema["properties"]  # type: ignore[call-overload]
    )


def test_every_refusal_is_told_with_its_codes() -> None:
    told = document()["components"]["responses"]
    assert list(told) == ["400", "401", "403", "404", "409", "410", "413", "422", "429", "500",
                          "502", "503"]  # fmt: skip
    assert told["429"]["description"] == "budget_spent, too_many_requests"


def test_no_field_that_a_handler_reads_is_left_out() -> None:
    told: set[str] = set()

    def walk(schema: dict[str, Any]) -> None:
        for name, inside in schema.get("properties", {}).items():
            told.add(name)
            walk(inside)

    for path in document()["paths"].values():
        content = path.get("post", {}).get("requestBody", {}).get("content", {})
        walk(content.get("application/json", {}).get("schema", {}))
    read = {
        name
        for file in WEB.glob("*.py")
        for name in re.findall(r'\bbody\.\w+\("(\w+)"', file.read_text(encoding="utf-8"))
    }
    assert {"past", "title_row", "schedule"} <= read
    assert read - told == set()
