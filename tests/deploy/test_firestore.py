"""Rules, indexes and expiries, deployed into a project played by Google's own descriptions."""

from __future__ import annotations

import email.message
import importlib.resources
import io
import json
import re
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest

from deploy.firestore import ROOT, asker, deploy

Json = dict[str, Any]
BASE = "projects/a-project/databases"
RULES = (ROOT / "firestore.rules").read_text()


class Google:
    """Firestore's and the rules' administration: fields, rulesets, releases."""

    def __init__(self) -> None:
        self.kept: dict[str, Json] = {}
        self.changes = 0
        self.services = {
            host: _described(name)
            for host, name in (
                ("firestore.googleapis.com", "firestore.v1.json"),
                ("firebaserules.googleapis.com", "firebaserules.v1.json"),
            )
        }

    def ask(self, method: str, url: str, body: Json | None) -> Json | None:
        parts = urlsplit(url)
        what, schemas = self.services[parts.netloc]
        asked = next(m for m in what if m[0] == method and m[1].fullmatch(parts.path))
        if body is not None:
            schema = {"$ref": f"#/$defs/{asked[2]}", "$defs": schemas}
            jsonschema.Draft202012Validator(schema).validate(body)
        name = parts.path.removeprefix("/v1/")
        if method == "GET":
            return self.kept.get(name) or self._by_itself(name)
        self.changes += 1
        assert body is not None
        if method == "PATCH" and "/fields/" in name:
            mask = parse_qs(parts.query)["updateMask"][0].split(",")
            held = self.kept.setdefault(name, self._by_itself(name) or {})
            held.update({part: body[part] for part in mask})
            return {"name": "operations/1"}
        if name.endswith("/rulesets"):
            body = body | {"name": f"{name}/{len(self.kept)}"}
            self.kept[body["name"]] = body
            return body
        release = body.get("release", body)
        assert (release["name"] in self.kept) == (method == "PATCH")
        self.kept[release["name"]] = release
        return release

    def _by_itself(self, name: str) -> Json | None:
        """A field that nobody spoke of has the indexes of the database."""
        if "/fields/" not in name:
            return None
        return {"name": name, "indexConfig": {"usesAncestorConfig": True, "indexes": []}}

    def field(self, collection: str, path: str) -> Json:
        return self.kept[f"{BASE}/(default)/collectionGroups/{collection}/fields/{path}"]


def _described(name: str) -> tuple[list[tuple[str, re.Pattern[str], str | None]], Json]:
    folder = importlib.resources.files("googleapiclient.discovery_cache") / "documents"
    document = json.loads((folder / name).read_text())
    methods: list[tuple[str, re.Pattern[str], str | None]] = []

    def walk(resources: Json) -> None:
        for resource in resources.values():
            for method in resource.get("methods", {}).values():
                path = re.sub(r"\\\{\w+\\\}", ".+", re.escape("/" + method["flatPath"]))
                request = method.get("request", {}).get("$ref")
                methods.append((method["httpMethod"], re.compile(path), request))
            walk(resource.get("resources", {}))

    walk(document["resources"])
    methods.sort(key=lambda each: -each[1].pattern.count("/"))  # the longest that fits is meant
    return methods, {name: _schema(each) for name, each in document["schemas"].items()}


def _schema(told: Json) -> Json:
    if "$ref" in told:
        return {"$ref": f"#/$defs/{told['$ref']}"}
    if told.get("type") == "any":
        return {}
    made: Json = {key: told[key] for key in ("type", "enum") if key in told}
    if told.get("type") == "object":
        made["properties"] = {k: _schema(v) for k, v in told.get("properties", {}).items()}
        made["additionalProperties"] = False
    if told.get("type") == "array":
        made["items"] = _schema(told["items"])
    return made


@pytest.fixture
def google() -> Google:
    return Google()


def test_an_empty_project_gets_all_of_it_and_a_second_time_nothing(google: Google) -> None:
    declared = json.loads((ROOT / "firestore.indexes.json").read_text())["fieldOverrides"]
    changed = deploy(google.ask, "a-project", "(default)")
    assert changed[0] == "rules"
    assert len(changed) == 1 + len(declared)
    google.changes = 0
    assert deploy(google.ask, "a-project", "(default)") == []
    assert google.changes == 0


def test_expiries_lookups_and_fields_without_an_index(google: Google) -> None:
    deploy(google.ask, "a-project", "(default)")
    assert google.field("runs", "expires_at")["ttlConfig"] == {}
    assert google.field("runs", "expires_at")["indexConfig"] == {"indexes": []}
    assert google.field("grants", "access")["indexConfig"] == {"indexes": []}
    assert google.field("members", "user")["indexConfig"]["indexes"] == [
        {"queryScope": "COLLECTION", "fields": [{"fieldPath": "user", "order": "ASCENDING"}]}
    ]


def test_what_google_adds_to_an_index_is_no_difference(google: Google) -> None:
    deploy(google.ask, "a-project", "(default)")
    held = google.field("members", "user")["indexConfig"]["indexes"][0]
    held |= {"name": "indexes/1", "state": "READY"}
    held["fields"].append({"fieldPath": "__name__", "order": "ASCENDING"})
    assert deploy(google.ask, "a-project", "(default)") == []


def test_a_rule_that_somebody_opened_is_closed_again(google: Google) -> None:
    deploy(google.ask, "a-project", "(default)")
    release = google.kept["projects/a-project/releases/cloud.firestore"]
    ruleset = google.kept[release["rulesetName"]]
    ruleset["source"]["files"][0]["content"] = RULES.replace("false", "true")
    assert deploy(google.ask, "a-project", "(default)") == ["rules"]
    release = google.kept["projects/a-project/releases/cloud.firestore"]
    assert google.kept[release["rulesetName"]]["source"]["files"][0]["content"] == RULES


def test_a_database_of_another_name_has_rules_of_its_own(google: Google) -> None:
    deploy(google.ask, "a-project", "books")
    assert "projects/a-project/releases/cloud.firestore/books" in google.kept
    assert "projects/a-project/releases/cloud.firestore" not in google.kept


class Wire:
    """Answers each request with the next of its answers: a status, or an error that is raised."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: int | OSError) -> None:
        self.answers = list(answers)
        self.asked: list[bytes] = []
        self.paused: list[float] = []
        monkeypatch.setattr(urllib.request, "urlopen", self._open)

    def _open(self, request: urllib.request.Request, timeout: float) -> io.BytesIO:
        assert isinstance(request.data, bytes)
        self.asked.append(request.data)
        told = self.answers.pop(0)
        if isinstance(told, OSError):
            raise told
        if told != 200:
            words = io.BytesIO(b"Please retry, underlying data changed.")
            none = email.message.Message()
            raise urllib.error.HTTPError(request.full_url, told, "", none, words)
        return io.BytesIO(b'{"name": "operations/1"}')

    def change(self) -> Json | None:
        return asker("a-token", self.paused.append)("PATCH", "https://firestore.example/v1/x", {})


def test_a_change_that_comes_too_soon_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(monkeypatch, 409, 429, 503, OSError("no answer"), 200)
    assert wire.change() == {"name": "operations/1"}
    assert wire.asked == [b"{}"] * 5
    assert wire.paused == [2, 4, 8, 16]


@pytest.mark.parametrize(
    ("answers", "pauses"),
    [
        pytest.param([403], [], id="what may not be"),
        pytest.param([404], [], id="what is not there"),
        pytest.param(
            [409] * 8, [2, 4, 8, 16, 32, 60, 60], id="what does not pass in three minutes"
        ),
    ],
)
def test_what_stays_refused_ends_it_in_googles_words(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answers: list[int],
    pauses: list[int],
) -> None:
    wire = Wire(monkeypatch, *answers)
    with pytest.raises(SystemExit) as end:
        wire.change()
    assert (end.value.code, wire.answers, wire.paused) == (1, [], pauses)
    assert "underlying data changed" in capsys.readouterr().err
