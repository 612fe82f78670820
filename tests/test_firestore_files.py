"""firestore.rules keep everybody out; firestore.indexes.json declares what the queries need."""

from __future__ import annotations

import base64
import json
import pathlib
import re
import time
import types
from typing import Any

import pytest
import requests

from counterfoil.core.errors import ServiceUnavailable
from tests import indexes
from tests.fakes import MemoryRecords
from tests.firestore_emulator import FirestoreEmulator, new_project

ROOT = pathlib.Path(__file__).resolve().parents[1]
RULES = (ROOT / "firestore.rules").read_text()
COLLECTIONS = sorted(
    set(re.findall(r"`([a-z]+)`", "".join(
        line.split("|")[1]
        for line in (ROOT / "docs/architecture.md").read_text().partition("| collection |")[2].splitlines()
        if line.startswith("| `")
    )))
)  # fmt: skip

FLOWS = ROOT / "functions/counterfoil/flows"

Rules = tuple[str, str]  # the documents' address, the project


@pytest.fixture(scope="module")
def guarded(firestore_emulator: FirestoreEmulator) -> Rules:
    """A database under our rules, with a record in each collection."""
    project = new_project()
    base = f"http://{firestore_emulator.host}"
    records = firestore_emulator.records(project)
    for collection in COLLECTIONS:
        records.create(collection, "r1", {"user": "1001"})
    records.close()
    content = {"rules": {"files": [{"name": "firestore.rules", "content": RULES}]}}
    requests.put(
        f"{base}/emulator/v1/projects/{project}:securityRules", json=content, timeout=60
    ).raise_for_status()
    return f"{base}/v1/projects/{project}/databases/(default)/documents", project


def signed_in(project: str) -> str:
    """A token as Firebase gives it to a person; the emulator takes it unsigned."""
    now = int(time.time())
    claims = {
        "iss": f"https://securetoken.google.com/{project}", "aud": project, "sub": "1001",
        "user_id": "1001", "iat": now - 5, "exp": now + 600, "auth_time": now - 5,
        "email": "ana@example.com", "email_verified": True,
        "firebase": {"sign_in_provider": "google.com", "identities": {}},
    }  # fmt: skip

    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


def statuses(address: str, collection: str, authorization: str | None) -> dict[str, int]:
    """What becomes of each way to reach a collection."""
    headers = {"Authorization": authorization} if authorization else {}
    one, fields = f"{address}/{collection}/r1", {"fields": {"user": {"stringValue": "1001"}}}
    query = {"structuredQuery": {"from": [{"collectionId": collection}], "limit": 1}}
    name = f"{address.partition('/v1/')[2]}/{collection}/r2"

    def asked(method: str, url: str, body: Any = None) -> int:
        return requests.request(method, url, json=body, headers=headers, timeout=60).status_code

    return {
        "read": asked("GET", one),
        "list": asked("GET", f"{address}/{collection}"),
        "query": asked("POST", f"{address}:runQuery", query),
        "create": asked("POST", f"{address}/{collection}?documentId=r3", fields),
        "update": asked("PATCH", one, fields),
        "commit": asked(
            "POST", f"{address}:commit", {"writes": [{"update": {"name": name, **fields}}]}
        ),
        "delete": asked("DELETE", one),
    }


WAYS = ("read", "list", "query", "create", "update", "commit", "delete")


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_nobody_reaches_a_collection_signed_in_or_not(guarded: Rules, collection: str) -> None:
    address, project = guarded
    assert statuses(address, collection, None) == dict.fromkeys(WAYS, 403)
    token = f"Bearer {signed_in(project)}"
    assert statuses(address, collection, token) == dict.fromkeys(WAYS, 403)


def test_the_same_requests_pass_for_the_backend(guarded: Rules) -> None:
    address, _ = guarded
    assert statuses(address, "samples", "Bearer owner") == {
        **dict.fromkeys(WAYS, 200),
        "read": 404,  # nothing there yet
    }


def test_our_own_client_is_kept_out_without_a_service_account(
    guarded: Rules, firestore_emulator: FirestoreEmulator
) -> None:
    _, project = guarded
    records = firestore_emulator.records(project)
    with pytest.raises(ServiceUnavailable):
        records.get("grants", "r1")
    records.close()


def test_a_rule_that_lets_somebody_in_would_be_noticed(
    firestore_emulator: FirestoreEmulator,
) -> None:
    project = new_project()
    base = f"http://{firestore_emulator.host}"
    open_rules = RULES.replace("if false", "if request.auth != null")
    content = {"rules": {"files": [{"name": "firestore.rules", "content": open_rules}]}}
    requests.put(
        f"{base}/emulator/v1/projects/{project}:securityRules", json=content, timeout=60
    ).raise_for_status()
    address = f"{base}/v1/projects/{project}/databases/(default)/documents"
    assert statuses(address, "grants", None) == dict.fromkeys(WAYS, 403)
    assert statuses(address, "grants", f"Bearer {signed_in(project)}")["list"] == 200


# Indexes


def test_the_documents_name_every_collection() -> None:
    assert {"connections", "grants", "members", "envelopes", "budgets"} <= set(COLLECTIONS)
    declared = {collection for collection, _ in indexes.overrides()}
    assert declared - set(COLLECTIONS) == set()


def test_no_index_is_declared_that_nothing_asks_for() -> None:
    asked = {place for path in FLOWS.glob("*.py") for place in indexes.asked_for(path)}
    assert indexes.looked_up() - asked == set()
    # The field of one collection does not stand for that of another.
    assert ("grants", "sub") in asked
    assert ("states", "user") in asked
    assert asked.isdisjoint({("states", "sub"), ("members", "email"), ("uses", "exporter")})
    # Equality alone, by id: no query needs an index over several fields.
    assert json.loads(indexes.FILE.read_text())["indexes"] == []


def test_an_index_or_an_expiry_that_is_not_declared_is_named() -> None:
    assert indexes.undeclared("members", ["user", "email"]) == ["email"]
    assert indexes.undeclared("exporters", ["options"]) == ["options"]  # declared to have none
    assert indexes.without_expiry("elsewhere", {"expires_at": 1}) == ["expires_at"]
    assert indexes.without_expiry("leases", {"expires_at": 1}) == []
    assert indexes.without_expiry("runs", {"expires_at": 1}) == []


def test_a_flow_that_asks_for_what_is_not_declared_fails_here() -> None:
    def planted(ask: Any) -> Any:
        return types.FunctionType(ask.__code__, {"__name__": "counterfoil.flows.planted"})

    records = MemoryRecords()
    with pytest.raises(AssertionError, match="no index of members"):
        planted(lambda store: store.find("members", {"email": "x"}, limit=1))(records)
    with pytest.raises(AssertionError, match="no ttl of elsewhere"):
        planted(lambda store: store.create("elsewhere", "x", {"expire_at": None}))(records)
