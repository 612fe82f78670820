"""Secrets in Secret Manager: the store of a deployment on Google Cloud (`ports.Secrets`).

Versions are read by their number: that is right at once, while `latest` is only right in the end
(https://cloud.google.com/secret-manager/docs/overview#consistency).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import grpc
from google.api_core import exceptions as google
from google.cloud.secretmanager_v1 import SecretManagerServiceClient, types
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
    SecretManagerServiceGrpcTransport,
)

from counterfoil.adapters.crc32c import crc32c
from counterfoil.adapters.google_calls import Patience, PerProcess, Refusal, Sitting
from counterfoil.adapters.secret_names import checked_name, checked_payload
from counterfoil.core.errors import ServiceUnavailable
from counterfoil.core.stores import SecretGone

# So that a role can be given for our secrets alone, by a condition on the name's beginning
# (https://cloud.google.com/secret-manager/docs/access-control#conditions).
PREFIX = "counterfoil-"

_VERSION = re.compile(r"[1-9]\d{0,17}", re.ASCII)

_State = types.SecretVersion.State


class SecretManagerSecrets:
    """`client` makes the client on first use, once in each process."""

    def __init__(
        self,
        project: str,
        client: Callable[[], SecretManagerServiceClient],
        *,
        patience: Patience | None = None,
    ) -> None:
        self._project = f"projects/{project}"
        self._client = PerProcess(client)
        self._patience = patience or Patience()

    def add(self, name: str, payload: bytes) -> str:
        """The new version's number. When an answer was lost on the way, a version in between may
        hold the same value; `Grants.forget_versions` destroys those.
        """
        checked_name(name)
        checked_payload(payload)
        sitting = self._patience.sitting()
        try:
            return self._added(name, payload, sitting)
        except Refusal as refusal:
            if refusal.kind is not google.NotFound:
                raise _unusable() from refusal
        self._make(name, sitting)
        try:
            return self._added(name, payload, sitting)
        except Refusal as refusal:
            raise _unusable() from refusal

    def read(self, name: str, version: str) -> bytes:
        """Raises SecretGone; ServiceUnavailable for a version that somebody has disabled."""
        place, sitting = self._version(name, version), self._patience.sitting()
        try:
            payload = sitting.ask(
                lambda timeout: self._client().access_secret_version(
                    name=place, retry=None, timeout=timeout
                )
            ).payload
        except Refusal as refusal:
            if refusal.kind is google.NotFound or self._destroyed(place, sitting):
                raise SecretGone("that version of the secret is not there") from None
            raise _unusable() from refusal
        if payload.data_crc32c != crc32c(payload.data):
            raise _unusable()
        return payload.data

    def destroy(self, name: str, version: str) -> None:
        try:
            place = self._version(name, version)
        except SecretGone:
            return
        sitting = self._patience.sitting()
        try:
            sitting.ask(
                lambda timeout: self._client().destroy_secret_version(
                    name=place, retry=None, timeout=timeout
                )
            )
        except Refusal as refusal:
            if refusal.kind is not google.NotFound and not self._destroyed(place, sitting):
                raise _unusable() from refusal

    def delete(self, name: str) -> None:
        checked_name(name)
        try:
            self._patience.ask(
                lambda timeout: self._client().delete_secret(
                    name=self._secret(name), retry=None, timeout=timeout
                )
            )
        except Refusal as refusal:
            if refusal.kind is not google.NotFound:
                raise _unusable() from refusal

    def exists(self, name: str) -> bool:
        """By listing its versions, which takes no permission beside those that destroying needs."""
        checked_name(name)
        request = types.ListSecretVersionsRequest(parent=self._secret(name), page_size=1)
        try:
            self._patience.ask(
                lambda timeout: self._client().list_secret_versions(
                    request=request, retry=None, timeout=timeout
                )
            )
        except Refusal as refusal:
            if refusal.kind is google.NotFound:
                return False
            raise _unusable() from refusal
        return True

    def close(self) -> None:
        """Closes this process's channel."""
        self._client().transport.close()

    def _added(self, name: str, payload: bytes, sitting: Sitting) -> str:
        held = types.SecretPayload(data=payload, data_crc32c=crc32c(payload))
        made = sitting.ask(
            lambda timeout: self._client().add_secret_version(
                parent=self._secret(name), payload=held, retry=None, timeout=timeout
            )
        )
        # The answer names the project by its number; only the version's number is of use.
        return str(made.name.rpartition("/")[2])

    def _make(self, name: str, sitting: Sitting) -> None:
        try:
            sitting.ask(
                lambda timeout: self._client().create_secret(
                    parent=self._project,
                    secret_id=PREFIX + name,
                    secret=types.Secret(replication={"automatic": {}}),
                    retry=None,
                    timeout=timeout,
                )
            )
        except Refusal as refusal:
            if refusal.kind is not google.AlreadyExists:
                raise _unusable() from refusal

    def _destroyed(self, place: str, sitting: Sitting) -> bool:
        """Refused for its state: destroyed for good, rather than disabled by a person."""
        try:
            held = sitting.ask(
                lambda timeout: self._client().get_secret_version(
                    name=place, retry=None, timeout=timeout
                )
            )
        except Refusal as refusal:
            return refusal.kind is google.NotFound
        return held.state == _State.DESTROYED

    def _secret(self, name: str) -> str:
        return f"{self._project}/secrets/{PREFIX}{name}"

    def _version(self, name: str, version: str) -> str:
        checked_name(name)
        if not _VERSION.fullmatch(version):
            raise SecretGone("there is no such version")
        return f"{self._secret(name)}/versions/{version}"


def client(stand_in: str = "") -> SecretManagerServiceClient:
    """Google's own, with the credentials of the machine that it runs on; or a stand-in at that
    address and port, which takes none.
    """
    if not stand_in:
        return SecretManagerServiceClient()
    channel = grpc.insecure_channel(stand_in)
    return SecretManagerServiceClient(transport=SecretManagerServiceGrpcTransport(channel=channel))


def _unusable() -> ServiceUnavailable:
    return ServiceUnavailable(
        "Counterfoil's store of secrets did not accept a request. Please try again in a minute; "
        "if it stays, tell whoever runs Counterfoil."
    )
