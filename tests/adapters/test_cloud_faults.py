"""The cloud's stores when calls fail: bounded, repeated without harm, and in our words."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
from google.api_core import exceptions as google
from google.auth.exceptions import RefreshError

from counterfoil.adapters.crc32c import crc32c
from counterfoil.adapters.firestore_records import FirestoreRecords, client
from counterfoil.adapters.google_calls import Patience, Refusal
from counterfoil.adapters.secret_manager_secrets import SecretManagerSecrets
from counterfoil.core.errors import ServiceUnavailable
from counterfoil.core.stores import AlreadyThere, Changed, SecretGone, Write
from tests.firestore_emulator import FirestoreEmulator, new_project
from tests.secret_manager import SecretManager, State

ROOT = pathlib.Path(__file__).resolve().parents[2]
CANARY = b"canary-refresh-token"


class Time:
    """A clock that only sleep and slow calls move."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def patience(self) -> Patience:
        return Patience(sleep=self.sleep, clock=lambda: self.now, jitter=lambda: 0.5)


@pytest.fixture
def secrets(secret_manager: SecretManager) -> Iterator[SecretManagerSecrets]:
    kept = secret_manager.secrets(patience=Time().patience())
    yield kept
    kept.close()


# Patience


def test_a_store_that_stays_away_is_given_up_within_thirteen_seconds() -> None:
    time, tries = Time(), []

    def call(timeout: float) -> None:
        tries.append(timeout)
        time.now += timeout
        raise google.DeadlineExceeded("slow")

    with pytest.raises(ServiceUnavailable):
        time.patience().ask(call)
    assert tries == [4.0, 4.0, 4.0]
    assert time.now <= 13


@pytest.mark.parametrize(
    "error",
    [google.PermissionDenied("who?"), google.Unauthenticated("who?"), RefreshError("no key")],
    ids=["no role", "no token", "no credentials"],
)
def test_whom_the_store_does_not_let_in_is_not_asked_to_wait(error: Exception) -> None:
    time, tries = Time(), []

    def call(timeout: float) -> None:
        tries.append(timeout)
        raise error

    with pytest.raises(ServiceUnavailable):
        time.patience().ask(call)
    assert (len(tries), time.now) == (1, 0)


def test_a_refusal_tells_whether_the_call_was_repeated() -> None:
    answers: list[Exception] = [google.ServiceUnavailable("away"), google.AlreadyExists("there")]

    def call(timeout: float) -> None:
        raise answers.pop(0)

    with pytest.raises(Refusal) as refused:
        Time().patience().ask(call)
    assert (refused.value.kind, refused.value.repeated) == (google.AlreadyExists, True)


# Firestore


class Deaf:
    """Google's client, whose first answer to a commit is lost after it was done."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self.lost = 0

    def commit(self, *args: Any, **other: Any) -> Any:
        answer = self._real.commit(*args, **other)
        if self.lost:
            self.lost -= 1
            raise google.ServiceUnavailable("connection reset")
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@pytest.fixture
def deaf(firestore_emulator: FirestoreEmulator) -> Deaf:
    return Deaf(client(firestore_emulator.host))


@pytest.fixture
def records(deaf: Deaf) -> Iterator[FirestoreRecords]:
    kept = FirestoreRecords(new_project(), lambda: deaf, patience=Time().patience())  # type: ignore[arg-type,return-value]
    yield kept
    kept.close()


def test_a_create_whose_answer_was_lost_is_known_again(
    records: FirestoreRecords, deaf: Deaf
) -> None:
    deaf.lost = 1
    made = records.create("leases", "x", {"owner": "me"})
    assert records.get("leases", "x") == made
    with pytest.raises(AlreadyThere):
        records.create("leases", "x", {"owner": "me"})


def test_a_replace_whose_answer_was_lost_is_known_again(
    records: FirestoreRecords, deaf: Deaf
) -> None:
    made = records.create("grants", "g", {"generation": 1})
    deaf.lost = 1
    second = records.replace(made, {"generation": 2})
    assert records.get("grants", "g") == second
    with pytest.raises(Changed):
        records.replace(made, {"generation": 3})


def test_several_writes_whose_answer_was_lost_are_known_again(
    records: FirestoreRecords, deaf: Deaf
) -> None:
    run = records.create("runs", "r", {"n": 1})
    deaf.lost = 1
    made = records.write_all([Write.over(run, {"n": 2}), Write("leases", "l", {"owner": "me"})])
    assert records.get_all([("runs", "r"), ("leases", "l")]) == made
    deaf.lost = 1
    with pytest.raises(Changed):
        records.write_all([Write.over(run, {"n": 3}), Write("leases", "m", {"owner": "me"})])
    assert records.get_all([("runs", "r"), ("leases", "m")]) == [made[0], None]


def test_a_claim_whose_answer_was_lost_is_nobodys(records: FirestoreRecords, deaf: Deaf) -> None:
    made = records.create("states", "s", {})
    deaf.lost = 1
    with pytest.raises(Changed):
        records.delete("states", "s", version=made.version)
    assert records.get("states", "s") is None


def test_an_emulator_that_is_not_there_is_said_to_be_away() -> None:
    records = FirestoreRecords(
        new_project(), lambda: client("127.0.0.1:9"), patience=Time().patience()
    )
    with pytest.raises(ServiceUnavailable):
        records.get("grants", "g")
    records.close()


# Secret Manager


def test_the_first_version_makes_the_secret_and_later_ones_do_not(
    secret_manager: SecretManager, secrets: SecretManagerSecrets
) -> None:
    secrets.add("a", b"one")
    secrets.add("a", b"two")
    assert [method for method, _ in secret_manager.calls] == [
        "AddSecretVersion", "CreateSecret", "AddSecretVersion", "AddSecretVersion",
    ]  # fmt: skip
    assert set(secret_manager.kept) == {"counterfoil-a"}


@pytest.mark.parametrize(
    "method",
    ["AccessSecretVersion", "AddSecretVersion", "DestroySecretVersion", "ListSecretVersions"],
)
def test_a_call_that_fails_in_passing_is_repeated(
    secret_manager: SecretManager, secrets: SecretManagerSecrets, method: str
) -> None:
    version = secrets.add("a", CANARY)
    secret_manager.trouble[method] = [
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
    ]
    work: dict[str, Callable[[], Any]] = {
        "AccessSecretVersion": lambda: secrets.read("a", version),
        "AddSecretVersion": lambda: secrets.add("a", b"two"),
        "DestroySecretVersion": lambda: secrets.destroy("a", version),
        "ListSecretVersions": lambda: secrets.exists("a"),
    }
    work[method]()
    assert secret_manager.trouble[method] == []


def test_an_added_version_whose_answer_was_lost_is_added_again(
    secret_manager: SecretManager, secrets: SecretManagerSecrets
) -> None:
    secrets.add("a", b"one")
    secret_manager.trouble["AddSecretVersion"] = [(grpc.StatusCode.UNAVAILABLE, "done")]
    assert secrets.add("a", b"two") == "3"
    assert secrets.read("a", "3") == b"two"


def test_a_store_that_does_not_say_is_no_proof_that_nothing_is_there(
    secret_manager: SecretManager, secrets: SecretManagerSecrets
) -> None:
    secret_manager.trouble["ListSecretVersions"] = [grpc.StatusCode.PERMISSION_DENIED]
    with pytest.raises(ServiceUnavailable):
        secrets.exists("a")


def test_destroying_survives_a_lost_answer(
    secret_manager: SecretManager, secrets: SecretManagerSecrets
) -> None:
    secrets.add("a", CANARY)
    secret_manager.trouble["DestroySecretVersion"] = [(grpc.StatusCode.UNAVAILABLE, "done")]
    secrets.destroy("a", "1")
    assert secret_manager.values() == set()


def test_a_version_that_a_person_disabled_is_not_gone_for_good(
    secret_manager: SecretManager, secrets: SecretManagerSecrets
) -> None:
    secrets.add("a", CANARY)
    secret_manager.set_state("counterfoil-a", "1", State.DISABLED)
    with pytest.raises(ServiceUnavailable):
        secrets.read("a", "1")
    secret_manager.set_state("counterfoil-a", "1", State.ENABLED)
    assert secrets.read("a", "1") == CANARY
    secrets.destroy("a", "1")
    with pytest.raises(SecretGone):
        secrets.read("a", "1")


def test_no_error_holds_the_secret(
    secret_manager: SecretManager, secrets: SecretManagerSecrets, caplog: pytest.LogCaptureFixture
) -> None:
    secret_manager.trouble["AddSecretVersion"] = [grpc.StatusCode.PERMISSION_DENIED]
    with pytest.raises(ServiceUnavailable) as away:
        secrets.add("a", CANARY)
    assert CANARY.decode() not in f"{away.value!r} {away.value.__cause__!r} {caplog.text}"


def test_the_checksum_is_castagnolis() -> None:
    # https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(bytes(range(32))) == 0x46DD794E
    assert crc32c(b"") == 0


# Fork: gunicorn loads main.py, and then forks

FORKING = """
import os, sys
from counterfoil.adapters import firestore_records, secret_manager_secrets
emulator, stand_in, project = sys.argv[1:]
records = firestore_records.FirestoreRecords(project, lambda: firestore_records.client(emulator))
secrets = secret_manager_secrets.SecretManagerSecrets(
    project, lambda: secret_manager_secrets.client(stand_in)
)
made = records.create("leases", "x", {"n": 0}) if "warm" in project else None
child = os.fork()
if child == 0:
    held = records.get("leases", "x") or records.create("leases", "x", {"n": 0})
    records.replace(held, {"n": 1})
    secrets.add("a", b"of the child")
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
held = records.get("leases", "x")
records.replace(held, {"n": held.data["n"] + 1})
assert secrets.read("a", "1") == b"of the child"
"""


@pytest.mark.parametrize("parent", ["cold", "warm"])
def test_a_forked_child_opens_its_own_channel(
    firestore_emulator: FirestoreEmulator, secret_manager: SecretManager, parent: str
) -> None:
    project = f"{new_project()}-{parent}"
    # In a process of its own: this one has threads, which do not survive a fork.
    subprocess.run(
        [sys.executable, "-c", FORKING, firestore_emulator.host, secret_manager.host, project],
        env={**os.environ, "PYTHONPATH": str(ROOT / "functions")},
        check=True,
        timeout=60,
    )
    held = firestore_emulator.records(project).get("leases", "x")
    assert held is not None
    assert held.data == {"n": 2}
