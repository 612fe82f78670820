"""However often an adapter asks for one call of its port, the call ends within its time."""

from __future__ import annotations

import ast
import pathlib
from collections.abc import Callable
from typing import Any

import pytest
from google.api_core import exceptions as google

from counterfoil.adapters import google_calls
from counterfoil.adapters.firestore_records import FirestoreRecords
from counterfoil.adapters.google_calls import Patience
from counterfoil.adapters.sealed_envelopes import SealedEnvelopes
from counterfoil.adapters.sealer import AesSealer
from counterfoil.adapters.secret_manager_secrets import SecretManagerSecrets
from counterfoil.core.errors import ServiceUnavailable
from counterfoil.core.stores import Changed, Document
from tests.fakes import MemoryRecords

ADAPTERS = pathlib.Path(google_calls.__file__).parent
SEALER = AesSealer(b"k" * 32, purpose="secrets")
READ = Document("grants", "g", {}, "2026-11-22T12:00:00.000000Z")


class SlowClient:
    """One of Google's clients: each call of it takes the whole of the time that it is given, and
    then ends as told, the last way for good.
    """

    def __init__(self, **ends: list[type[Exception]]) -> None:
        self.now = 0.0
        self.calls: list[str] = []
        self._ends = ends

    def patience(self) -> Patience:
        return Patience(sleep=self.sleep, clock=lambda: self.now, jitter=lambda: 0.5)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, timeout: float, **other: Any) -> Any:
            self.calls.append(name)
            self.now += timeout
            ends = self._ends[name]
            raise (ends.pop(0) if len(ends) > 1 else ends[0])("slow")

        return call


def test_a_write_that_was_repeated_and_is_looked_for_ends_in_time() -> None:
    slow = SlowClient(
        commit=[google.DeadlineExceeded, google.FailedPrecondition],
        batch_get_documents=[google.DeadlineExceeded],
    )
    records = FirestoreRecords("p", lambda: slow, patience=slow.patience())  # type: ignore[arg-type,return-value]
    with pytest.raises(ServiceUnavailable):
        records.replace(READ, {"generation": 2})
    assert slow.calls == ["commit", "commit", "batch_get_documents"]
    assert 12 < slow.now <= 13


def test_a_secret_that_has_to_be_made_on_the_way_ends_in_time() -> None:
    slow = SlowClient(
        add_secret_version=[google.NotFound, google.DeadlineExceeded],
        create_secret=[google.AlreadyExists],
    )
    secrets = SecretManagerSecrets("p", lambda: slow, patience=slow.patience())  # type: ignore[arg-type,return-value]
    with pytest.raises(ServiceUnavailable):
        secrets.add("a", b"one")
    assert slow.calls == ["add_secret_version", "create_secret", "add_secret_version"]
    assert slow.now <= 13


def test_what_is_asked_after_all_the_time_is_not_begun() -> None:
    slow = SlowClient(commit=[google.DeadlineExceeded] * 2 + [google.FailedPrecondition])
    records = FirestoreRecords("p", lambda: slow, patience=slow.patience())  # type: ignore[arg-type,return-value]
    with pytest.raises(ServiceUnavailable):
        records.replace(READ, {"generation": 2})
    assert slow.calls == ["commit"] * 3
    assert slow.now <= 13


def test_the_calls_of_one_envelope_share_their_time() -> None:
    slow = SlowClient(batch_get_documents=[google.DeadlineExceeded])
    records = FirestoreRecords("p", lambda: slow, patience=slow.patience())  # type: ignore[arg-type,return-value]
    one = records.together()
    for _ in range(2):
        with pytest.raises(ServiceUnavailable):
            one.get("grants", "g")
    assert slow.now <= 13
    before = slow.now
    with pytest.raises(ServiceUnavailable):
        records.together().get("grants", "g")
    assert slow.now - before > 8  # another call has time of its own


class Contended(MemoryRecords):
    """Somebody else is always quicker, and each call takes a second."""

    def __init__(self, sleep: Callable[[float], None]) -> None:
        super().__init__()
        self._sleep = sleep
        self.replaced = 0

    def replace(self, document: Document, data: Any) -> Document:
        self._sleep(1.0)
        self.replaced += 1
        raise Changed


def test_an_envelope_that_others_keep_changing_is_given_up_in_time() -> None:
    slow = SlowClient()
    records = Contended(slow.sleep)
    secrets = SealedEnvelopes(
        lambda: records,
        SEALER,
        sleep=slow.sleep,
        clock=lambda: slow.now,
        jitter=lambda: 0.5,
    )
    secrets.add("a", b"one")
    with pytest.raises(ServiceUnavailable):
        secrets.add("a", b"two")
    assert records.replaced >= 5
    assert slow.now <= 13 / 2 + 1


# The cloud's stores: what is easy to forget in one call of many

CLOUD = ("firestore_records.py", "secret_manager_secrets.py", "google_calls.py")


def _cloud_calls() -> list[tuple[str, ast.Call]]:
    """Each call of one of Google's clients, with its method."""
    found = []
    for name in CLOUD:
        tree = ast.parse((ADAPTERS / name).read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("self._client()."):
                method = ast.unparse(node.func).removeprefix("self._client().")
                if not method.startswith("transport"):
                    found.append((method, node))
    return found


def test_each_call_of_a_cloud_store_takes_its_time_from_us_and_is_repeated_by_us_alone() -> None:
    calls = _cloud_calls()
    assert {"commit", "run_query", "access_secret_version", "add_secret_version"} <= {
        method for method, _ in calls
    }
    for method, call in calls:
        given = {each.arg: ast.unparse(each.value) for each in call.keywords}
        assert (given.get("retry"), given.get("timeout")) == ("None", "timeout"), method


def test_no_cloud_store_is_asked_within_a_transaction_or_for_the_latest_version() -> None:
    for name in CLOUD:
        tree = ast.parse((ADAPTERS / name).read_text())
        named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        named |= {node.arg or "" for node in ast.walk(tree) if isinstance(node, ast.keyword)}
        assert not [each for each in named if "transaction" in each], name
        texts = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        assert not [text for text in texts if text == "latest" or "versions/latest" in text]
