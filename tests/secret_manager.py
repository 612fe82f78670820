"""A stand-in for Secret Manager that Google's own client talks to over gRPC.

In this process, or as one of its own (`python -m tests.secret_manager` prints its address). It
counts, numbers, refuses and forgets as the service's documentation says:
https://cloud.google.com/secret-manager/docs/reference/rpc/google.cloud.secretmanager.v1
"""

from __future__ import annotations

import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from typing import Any

import grpc
from google.cloud.secretmanager_v1 import types
from google.protobuf import empty_pb2

from counterfoil.adapters.crc32c import crc32c
from counterfoil.adapters.secret_manager_secrets import SecretManagerSecrets, client

ROOT = pathlib.Path(__file__).resolve().parents[1]
SERVICE = "google.cloud.secretmanager.v1.SecretManagerService"
PROJECT_NUMBER = "123456789012"  # answers name the project by its number, whatever was asked
MAX_BYTES = 65_536

State = types.SecretVersion.State
Code = grpc.StatusCode

_SECRET_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")


class Refused(Exception):
    def __init__(self, code: grpc.StatusCode, message: str = "refused") -> None:
        super().__init__(message)
        self.code = code


class Kept:
    """One secret: its versions by number, each with its state and, until destroyed, its value."""

    def __init__(self) -> None:
        self.states: dict[str, int] = {}
        self.values: dict[str, bytes] = {}


class SecretManager:
    """Holds the secrets of one project. `trouble` names what happens to the next calls of a
    method: a status to answer with, or `(status, "done")`: it is done, the answer is lost.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.kept: dict[str, Kept] = {}
        self.trouble: dict[str, list[Any]] = {}
        self.calls: list[tuple[str, str]] = []  # method, resource as the caller named it
        self._server = grpc.server(futures.ThreadPoolExecutor(16))
        handlers = {name: self._handler(name, *kind) for name, kind in METHODS.items()}
        self._server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler(SERVICE, handlers),)
        )
        self.host = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def stop(self) -> None:
        self._server.stop(None).wait()

    def secrets(self, project: str = "t-project", **other: Any) -> SecretManagerSecrets:
        return SecretManagerSecrets(project, lambda: client(self.host), **other)

    def values(self) -> set[bytes]:
        """Every value that can still be read."""
        with self._lock:
            return {value for kept in self.kept.values() for value in kept.values.values()}

    def set_state(self, name: str, version: str, state: int) -> None:
        """As a person does in the console."""
        self.kept[name].states[version] = state

    # The calls

    def create_secret(self, request: types.CreateSecretRequest) -> types.Secret:
        if not _SECRET_ID.fullmatch(request.secret_id):
            raise Refused(Code.INVALID_ARGUMENT)
        # A message that is set but empty is false to Python.
        if not types.Secret.pb(request.secret).replication.WhichOneof("replication"):
            raise Refused(Code.INVALID_ARGUMENT)
        if request.secret_id in self.kept:
            raise Refused(Code.ALREADY_EXISTS)
        self.kept[request.secret_id] = Kept()
        return types.Secret(name=_name(request.secret_id), replication=request.secret.replication)

    def delete_secret(self, request: types.DeleteSecretRequest) -> empty_pb2.Empty:
        self._secret(request.name)
        del self.kept[_id(request.name)]
        return empty_pb2.Empty()

    def add_secret_version(self, request: types.AddSecretVersionRequest) -> types.SecretVersion:
        kept, payload = self._secret(request.parent), request.payload
        if not payload.data or len(payload.data) > MAX_BYTES:
            raise Refused(Code.INVALID_ARGUMENT)
        if "data_crc32c" in payload and payload.data_crc32c != crc32c(payload.data):
            raise Refused(Code.INVALID_ARGUMENT)
        number = str(len(kept.states) + 1)
        kept.states[number], kept.values[number] = State.ENABLED, payload.data
        return _version(_id(request.parent), number, State.ENABLED)

    def access_secret_version(
        self, request: types.AccessSecretVersionRequest
    ) -> types.AccessSecretVersionResponse:
        id, number, kept = self._held(request.name)
        if kept.states[number] != State.ENABLED:
            raise Refused(Code.FAILED_PRECONDITION)
        data = kept.values[number]
        return types.AccessSecretVersionResponse(
            name=_version(id, number, State.ENABLED).name,
            payload=types.SecretPayload(data=data, data_crc32c=crc32c(data)),
        )

    def get_secret_version(self, request: types.GetSecretVersionRequest) -> types.SecretVersion:
        id, number, kept = self._held(request.name)
        return _version(id, number, kept.states[number])

    def list_secret_versions(
        self, request: types.ListSecretVersionsRequest
    ) -> types.ListSecretVersionsResponse:
        kept, id = self._secret(request.parent), _id(request.parent)
        newest_first = [_version(id, number, kept.states[number]) for number in kept.states][::-1]
        return types.ListSecretVersionsResponse(
            versions=newest_first[: request.page_size or None], total_size=len(newest_first)
        )

    def destroy_secret_version(
        self, request: types.DestroySecretVersionRequest
    ) -> types.SecretVersion:
        id, number, kept = self._held(request.name)
        if kept.states[number] == State.DESTROYED:
            raise Refused(Code.FAILED_PRECONDITION)
        kept.states[number] = State.DESTROYED
        del kept.values[number]
        return _version(id, number, State.DESTROYED)

    def _secret(self, name: str) -> Kept:
        kept = self.kept.get(_id(name))
        if kept is None:
            raise Refused(Code.NOT_FOUND)
        return kept

    def _held(self, name: str) -> tuple[str, str, Kept]:
        kept, number = self._secret(name), name.rpartition("/")[2]
        if number not in kept.states:
            raise Refused(Code.NOT_FOUND)
        return _id(name), number, kept

    # The wire

    def _handler(self, method: str, request: Any, answer: Any) -> grpc.RpcMethodHandler:
        work: Callable[[Any], Any] = getattr(self, _snake(method))

        def handle(asked: Any, context: grpc.ServicerContext) -> Any:
            with self._lock:
                self.calls.append((method, _resource(asked)))
                trouble = self.trouble.get(method)
                code, done = _trouble(trouble.pop(0)) if trouble else (None, True)
            try:
                if done:
                    with self._lock:
                        made = work(asked)
                if code is not None:
                    raise Refused(code, "injected")
                return made
            except Refused as refused:
                context.abort(refused.code, str(refused))

        return grpc.unary_unary_rpc_method_handler(
            handle, request_deserializer=request.deserialize, response_serializer=answer
        )


def _resource(asked: Any) -> str:
    return str(getattr(asked, "parent", None) or asked.name)


def _trouble(what: Any) -> tuple[grpc.StatusCode, bool]:
    return (what[0], True) if isinstance(what, tuple) else (what, False)


METHODS: dict[str, tuple[Any, Any]] = {
    "CreateSecret": (types.CreateSecretRequest, types.Secret.serialize),
    "DeleteSecret": (types.DeleteSecretRequest, empty_pb2.Empty.SerializeToString),
    "AddSecretVersion": (types.AddSecretVersionRequest, types.SecretVersion.serialize),
    "AccessSecretVersion": (
        types.AccessSecretVersionRequest,
        types.AccessSecretVersionResponse.serialize,
    ),
    "GetSecretVersion": (types.GetSecretVersionRequest, types.SecretVersion.serialize),
    "ListSecretVersions": (
        types.ListSecretVersionsRequest,
        types.ListSecretVersionsResponse.serialize,
    ),
    "DestroySecretVersion": (types.DestroySecretVersionRequest, types.SecretVersion.serialize),
}


def _snake(method: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", method).lower()


def _id(name: str) -> str:
    return name.split("/")[3]


def _name(id: str) -> str:
    return f"projects/{PROJECT_NUMBER}/secrets/{id}"


def _version(id: str, number: str, state: int) -> types.SecretVersion:
    return types.SecretVersion(name=f"{_name(id)}/versions/{number}", state=state)


@contextmanager
def in_its_own_process() -> Iterator[str]:
    """The address of a stand-in that is nobody's thread, so that a test may fork."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.secret_manager"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'functions'}:{ROOT}"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def main() -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    stand_in = SecretManager()
    sys.stdout.write(f"{stand_in.host}\n")
    sys.stdout.flush()
    stop.wait()
    stand_in.stop()


if __name__ == "__main__":
    main()
