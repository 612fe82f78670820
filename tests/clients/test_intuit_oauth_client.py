"""Intuit's own OAuth client, unmodified, against the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError

from sandbox.intuit.server import IntuitSandbox
from tests.sandbox.consent_form import agree, fetch
from tests.sandbox.small_books import ACME, OTHER, SmallBooks

BACK = "http://localhost:8000/callback"

# The client reads the time with utcnow(), which Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")


@pytest.fixture
def intuit() -> Iterator[IntuitSandbox]:
    with IntuitSandbox(books=SmallBooks()) as running:
        yield running


@pytest.fixture
def client(intuit: IntuitSandbox) -> Iterator[AuthClient]:
    with AuthClient(
        intuit.client_id, intuit.client_secret, BACK, environment=intuit.discovery_url
    ) as made:
        yield made


def connect(client: AuthClient, realm_id: str) -> None:
    url = client.get_authorization_url([Scopes.ACCOUNTING, Scopes.OPENID, Scopes.EMAIL])
    carried = agree(url, realm_id)
    assert carried["state"] == client.state_token
    client.get_bearer_token(carried["code"], realm_id=carried["realmId"])


def test_it_connects_a_company_and_validates_the_id_token(
    client: AuthClient, intuit: IntuitSandbox
) -> None:
    connect(client, OTHER)
    assert client.realm_id == OTHER
    assert client.expires_in == 3600
    assert client.x_refresh_token_expires_in == 8_726_400
    # The client keeps only an id_token whose issuer, audience, time and signature it verified.
    assert client.id_token is not None
    answer = fetch(
        f"{intuit.url}/v3/company/{OTHER}/query",
        headers={"Authorization": f"Bearer {client.access_token}"},
    )
    assert answer.status_code == 200


def test_it_reads_who_the_person_is(client: AuthClient) -> None:
    connect(client, ACME)
    told = client.get_user_info().json()
    assert told["email"] == "dana@acme.example"
    assert told["emailVerified"] is True


def test_it_refreshes_and_meets_the_rotation(client: AuthClient, intuit: IntuitSandbox) -> None:
    connect(client, ACME)
    first_access, first_value = client.access_token, client.refresh_token
    client.refresh()
    assert client.access_token != first_access
    assert client.refresh_token == first_value
    intuit.clock.advance(timedelta(hours=24))
    client.refresh()
    assert client.refresh_token != first_value
    with pytest.raises(AuthClientError) as refused:
        client.refresh(first_value)
    assert refused.value.status_code == 400
    assert refused.value.content == b'{"error":"invalid_grant"}'
    assert refused.value.intuit_tid is not None


def test_it_revokes_and_is_refused_afterwards(client: AuthClient) -> None:
    connect(client, ACME)
    assert client.revoke() is True
    for attempt in (client.refresh, client.get_user_info, client.revoke):
        with pytest.raises(AuthClientError):
            attempt()


def test_a_wrong_secret_is_refused(intuit: IntuitSandbox) -> None:
    with (
        AuthClient(intuit.client_id, "wrong", BACK, environment=intuit.discovery_url) as client,
        pytest.raises(AuthClientError) as refused,
    ):
        connect(client, ACME)
    assert refused.value.status_code == 401
