"""Only our own services reach `token_refresh`: exact audience, exact service account."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

import pytest
import requests

from counterfoil.adapters.google_identity import GoogleIdentity, ServiceCallers
from counterfoil.core.errors import Unauthorized
from sandbox.google.identity import IdentityProvider
from tests.web.token_service import CertsSession

AUDIENCE = "https://backend.example/token_refresh"
SCHEDULER = "scheduler@project.iam.gserviceaccount.com"


@pytest.fixture(scope="module")
def provider() -> IdentityProvider:
    return IdentityProvider()


def callers(provider: IdentityProvider, *accounts: str) -> ServiceCallers:
    identity = GoogleIdentity(
        audiences=(AUDIENCE,),
        issuers=(provider.issuer,),
        certs_url="https://certs.example",
        session=cast("requests.Session", CertsSession(provider)),
        now=lambda: datetime.now(UTC),
    )
    return ServiceCallers(identity, accounts)


def test_the_scheduler_gets_in(provider: IdentityProvider) -> None:
    # As Google makes it: who asked for it (`azp`) is the account's number.
    token = provider.mint(SCHEDULER, aud=AUDIENCE, azp="104567890123456789012", hd=None)
    callers(provider, SCHEDULER).check(f"Bearer {token}")


@pytest.mark.parametrize(
    ("who", "audience", "accounts"),
    [
        pytest.param(SCHEDULER, AUDIENCE + "/", (SCHEDULER,), id="another audience"),
        pytest.param(SCHEDULER, None, (SCHEDULER,), id="the add-on's audience"),
        pytest.param("ana@example.com", AUDIENCE, (SCHEDULER,), id="a person"),
        pytest.param("ana@example.com", AUDIENCE, ("ana@example.com",), id="a person who is named"),
        pytest.param("other@project.iam.gserviceaccount.com", AUDIENCE, (SCHEDULER,), id="another"),
        pytest.param(SCHEDULER, AUDIENCE, (), id="no account is named"),
    ],
)
def test_nobody_else_does(
    provider: IdentityProvider, who: str, audience: str | None, accounts: tuple[str, ...]
) -> None:
    token = provider.mint(who, aud=audience)
    with pytest.raises(Unauthorized):
        callers(provider, *accounts).check(f"Bearer {token}")


def test_without_a_token_nobody_does(provider: IdentityProvider) -> None:
    with pytest.raises(Unauthorized):
        callers(provider, SCHEDULER).check(None)
