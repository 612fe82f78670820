"""The API's document is made of what the handlers read."""

from __future__ import annotations

import ast
import pathlib
import re
from typing import Any, cast

import pytest

from counterfoil import catalog
from counterfoil.flows.choices import _OPTIONS
from counterfoil.openapi.document import document
from counterfoil.web import endpoint
from counterfoil.web.addresses import ADDRESSES
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


@pytest.mark.parametrize(
    ("method", "path", "statuses"),
    [
        ("get", "/health", "200 413 500 503"),
        ("get", "/oauth_callback", "302"),
        ("get", "/pages/{outcome}", "200 413 500"),
        ("post", "/catalog", "200 401 403 413 429 500 503"),
        ("post", "/connections/{connection}/leave", "200 400 401 403 404 409 413 429 500 503"),
        ("post", "/export/steps", "200 400 401 403 404 409 410 413 422 429 500 502 503"),
    ],
)
def test_an_address_tells_only_the_statuses_that_it_can_give(
    method: str, path: str, statuses: str
) -> None:
    assert list(document()["paths"][path][method]["responses"]) == statuses.split()


def test_a_refusal_is_told_with_the_codes_that_the_address_can_give() -> None:
    paths = document()["paths"]

    def codes(path: str, status: str) -> str:
        return str(paths[path]["post"]["responses"][status]["description"])

    assert codes("/export/steps", "429") == "budget_spent, too_many_requests"
    assert codes("/connections/{connection}/leave", "409") == "last_owner"
    assert codes("/exporters/{exporter}/read", "404") == "not_found, unknown_dataset"


def good(path: str) -> dict[str, Any]:
    told = document()["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]
    schema: dict[str, Any] = told["schema"]
    return schema


def test_a_good_answer_is_told_with_its_names_and_what_may_be_left_out() -> None:
    step = good("/export/steps")
    assert set(step["properties"]) - set(step["required"]) == {"update"}
    assert step["properties"]["cursor"] == {"type": ["string", "null"]}
    assert step["additionalProperties"] is False
    one = good("/home")["properties"]["exporters"]["items"]
    assert {"schedule", "frozen", "run", "connection_name", "last_run"} <= set(one["required"])


def options(kind: str) -> dict[str, Any]:
    told: dict[str, Any] = document()["components"]["schemas"][kind]
    assert told["additionalProperties"] is False
    return cast("dict[str, Any]", told["properties"])


def test_options_are_told_by_name_with_the_values_that_the_catalog_knows() -> None:
    lists, reports = options("EntityOptions"), options("ReportOptions")
    assert set(lists) | set(reports) == set(_OPTIONS)
    assert lists["mode"] == {"enum": ["replace", "update", "add", None]}
    assert lists["headers"] == {"enum": ["repeat", "once", None]}  # of lines alone
    assert "signed" in str(lists["columns"])
    assert reports["parameters"]["properties"]["accounting_method"] == {
        "enum": ["Accrual", "Cash", None]
    }
    known = {each.key for report in catalog.REPORTS for each in report.parameters}
    assert set(reports["parameters"]["properties"]) == known


def test_each_body_is_told_of_its_own_kind_of_options() -> None:
    def kind(path: str) -> str:
        options = body(path)["properties"]["options"]  # type: ignore[index]
        return str(options["$ref"]).rpartition("/")[2]

    assert kind("/export/entities/{dataset}/estimate") == "EntityOptions"
    assert kind("/export/reports/{dataset}") == "ReportOptions"
    assert kind("/exporters/create") == "Options"
    saved = body("/exporters/import")["properties"]["document"]  # type: ignore[index]
    assert saved["properties"]["options"] == {"$ref": "#/components/schemas/Options"}


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


def test_each_operation_has_an_id_of_its_own_and_a_head_no_body() -> None:
    paths = document()["paths"]
    ids = [each["operationId"] for path in paths.values() for each in path.values()]
    assert len(ids) == len(set(ids))
    get, head = (paths["/health"][method]["responses"] for method in ("get", "head"))
    assert get.keys() == head.keys()
    assert [status for status in get if "content" not in get[status]] == []
    assert [status for status in head if "content" in head[status]] == []
