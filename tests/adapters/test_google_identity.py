"""Who is let in: ID tokens signed by the sandbox's Google, good and forged."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from counterfoil.adapters.google_identity import GoogleIdentity
from counterfoil.core.errors import ServiceUnavailable, Unauthorized
from counterfoil.core.people import User
from sandbox.google.identity import CLIENT_ID, ISSUER, IdentityProvider
from tests.adapters.http_fakes import AskingTransport, answer

CERTS = "https://certs.example/oauth2/v1/certs"


@pytest.fixture(scope="module")
def google() -> IdentityProvider:
    return IdentityProvider()


class Door:
    """A GoogleIdentity whose certs come from `google`, and what it asked for."""

    def __init__(self, google: IdentityProvider, max_age: str = "public, max-age=3600") -> None:
        self.now = datetime.now(UTC)
        self.reply: Callable[[], requests.Response] = lambda: answer(
            body=dict(google.certs()), headers={"Cache-Control": max_age}
        )
        self.transport = AskingTransport(lambda request: self.reply())
        session = requests.Session()
        session.mount("https://", self.transport)
        self.identity = GoogleIdentity(
            audiences=[CLIENT_ID, "second.apps.googleusercontent.com"],
            issuers=[ISSUER, "accounts.google.com"],
            certs_url=CERTS,
            session=session,
            now=lambda: self.now,
        )

    def user(self, token: str) -> User:
        return self.identity.user(f"Bearer {token}")

    @property
    def fetches(self) -> int:
        return len(self.transport.requests)


@pytest.fixture
def door(google: IdentityProvider) -> Door:
    return Door(google)


def seconds(**by: float) -> int:
    return int((datetime.now(UTC) + timedelta(**by)).timestamp())


def test_a_signed_token_is_a_user(google: IdentityProvider, door: Door) -> None:
    assert door.user(google.mint("ana@example.com")) == User(
        "110000000000000000001", "ana@example.com"
    )


SECOND = "second.apps.googleusercontent.com"
GOOD = [
    pytest.param({"aud": SECOND, "azp": SECOND}, id="another of our client ids"),
    pytest.param({"aud": SECOND}, id="one of our clients for another"),
    pytest.param({"iss": "accounts.google.com"}, id="Google's other name"),
    pytest.param({"iat": seconds(seconds=5)}, id="a clock that is five seconds ahead"),
    pytest.param({"hd": None}, id="no Workspace"),
    pytest.param({"azp": None}, id="not said who asked for it"),
]


@pytest.mark.parametrize("claims", GOOD)
def test_what_google_may_well_send_is_let_in(
    google: IdentityProvider, door: Door, claims: dict[str, Any]
) -> None:
    assert door.user(google.mint(**claims)).email == "ana@example.com"


FORGED = [
    pytest.param({"aud": "someone-elses.apps.googleusercontent.com"}, id="made for another app"),
    pytest.param({"aud": " "}, id="made for nobody"),
    pytest.param({"aud": [CLIENT_ID]}, id="audiences in a list"),
    pytest.param({"iss": "https://accounts.example.com"}, id="another issuer"),
    pytest.param({"iss": None}, id="no issuer"),
    pytest.param({"iss": [ISSUER]}, id="issuers in a list"),
    pytest.param({"iat": seconds(hours=-2), "exp": seconds(hours=-1)}, id="expired"),
    pytest.param({"iat": seconds(), "exp": seconds(minutes=66)}, id="lives 66 minutes"),
    pytest.param({"exp": seconds(days=10)}, id="lives 10 days"),
    pytest.param(
        {"iat": seconds(minutes=-6), "exp": seconds(minutes=60)}, id="66 minutes, six of them over"
    ),
    pytest.param({"iat": seconds(minutes=50), "exp": seconds(minutes=100)}, id="from the future"),
    pytest.param({"exp": None}, id="never expires"),
    pytest.param({"iat": None}, id="never issued"),
    pytest.param({"exp": "soon"}, id="expires in words"),
    pytest.param({"exp": True}, id="expires true"),
    pytest.param({"exp": 1e300}, id="expires beyond time"),
    pytest.param({"iat": [1]}, id="issued in a list"),
    pytest.param({"email_verified": False}, id="e-mail not verified"),
    pytest.param({"email_verified": "true"}, id="e-mail verified in words"),
    pytest.param({"email_verified": None}, id="e-mail verification left out"),
    pytest.param({"email": None}, id="no e-mail"),
    pytest.param({"email": ["ana@example.com"]}, id="e-mails in a list"),
    pytest.param({"email": "ana@example.com\nX-Admin: 1"}, id="e-mail with a line break"),
    pytest.param({"sub": None}, id="nobody"),
    pytest.param({"sub": ""}, id="an empty sub"),
    pytest.param({"sub": 7}, id="a sub that is a number"),
    pytest.param({"sub": "../members"}, id="a sub that is a path"),
    pytest.param({"sub": "9" * 256}, id="a sub that is too long"),
    pytest.param({"azp": "104567890123456789012"}, id="asked for by a service account"),
    pytest.param({"azp": "someone-elses.apps.googleusercontent.com"}, id="by another app"),
    pytest.param({"azp": ""}, id="by nobody"),
    pytest.param({"azp": [CLIENT_ID]}, id="by clients in a list"),
    pytest.param({"email": "x@any.iam.gserviceaccount.com"}, id="a service account"),
    pytest.param({"email": "any@appspot.gserviceaccount.com"}, id="one that Google made"),
    pytest.param({"email": "X@ANY.IAM.GServiceAccount.com"}, id="a service account in capitals"),
    pytest.param({"email": "x@gserviceaccount.com"}, id="the bare domain"),
]


@pytest.mark.parametrize("claims", FORGED)
def test_a_token_that_is_not_right_is_refused_in_the_same_words(
    google: IdentityProvider, door: Door, claims: dict[str, Any]
) -> None:
    with pytest.raises(Unauthorized) as refused:
        door.user(google.mint(**claims))
    assert refused.value.message == (
        "Google did not confirm who you are. Please reload the spreadsheet."
    )
    assert refused.value.details == {}
    assert refused.value.__cause__ is None


def b64(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned(google: IdentityProvider, alg: object, signature: bytes = b"") -> str:
    header, claims, _ = google.mint().split(".")
    kid = json.loads(base64.urlsafe_b64decode(header + "=="))["kid"]
    return f"{b64({'alg': alg, 'typ': 'JWT', 'kid': kid})}.{claims}.{b64(signature)}"


def symmetric(google: IdentityProvider) -> str:
    """Signed with the public certificate as if it were a shared secret."""
    head, claims, _ = unsigned(google, "HS256").split(".")
    [cert, *_] = google.certs().values()
    signature = hmac.new(cert.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
    return f"{head}.{claims}.{b64(signature)}"


UNSIGNED: list[Any] = [
    pytest.param(lambda google: unsigned(google, "none"), id="alg none"),
    pytest.param(lambda google: unsigned(google, "None"), id="alg None"),
    pytest.param(lambda google: unsigned(google, None), id="no alg"),
    pytest.param(lambda google: unsigned(google, ["RS256"]), id="algs in a list"),
    pytest.param(lambda google: unsigned(google, "ES256", b"x" * 64), id="ES256"),
    pytest.param(lambda google: unsigned(google, "RS256", b"x" * 256), id="a made-up signature"),
    pytest.param(lambda google: unsigned(google, "RS256"), id="an empty signature"),
    pytest.param(symmetric, id="HS256 over the certificate"),
    pytest.param(lambda google: google.mint().rpartition(".")[0] + ".", id="signature cut off"),
    pytest.param(lambda google: google.mint()[:-8] + "AAAAAAAA", id="signature changed"),
    pytest.param(lambda google: "a.b.c", id="no base64"),
    pytest.param(lambda google: "....", id="dots"),
    pytest.param(lambda google: f"{b64([])}.{b64({})}.x", id="a header that is a list"),
    pytest.param(lambda google: f"{b64(b'[' * 3000)}.{b64({})}.x", id="a header that is deep"),
    pytest.param(lambda google: f"{b64({'alg': 'RS256'})}.{b64({})}.x", id="no key id"),
    pytest.param(lambda google: f"{b64({'alg': 'RS256', 'kid': 7})}.{b64({})}.x", id="key id 7"),
    pytest.param(lambda google: google.mint() + "x" * 9000, id="longer than any"),
    pytest.param(lambda google: "é" + google.mint(), id="not ASCII"),
]


@pytest.mark.parametrize("forge", UNSIGNED)
def test_a_token_that_google_did_not_sign_is_refused(
    google: IdentityProvider, door: Door, forge: Callable[[IdentityProvider], str]
) -> None:
    with pytest.raises(Unauthorized):
        door.user(forge(google))


def test_another_providers_signature_is_refused(google: IdentityProvider, door: Door) -> None:
    thief = IdentityProvider()  # the same key id, another key
    with pytest.raises(Unauthorized):
        door.user(thief.mint())


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "token"])
def test_without_a_bearer_token_nobody_comes_in_and_nothing_is_fetched(
    door: Door, header: str | None
) -> None:
    with pytest.raises(Unauthorized):
        door.identity.user(header)
    assert door.fetches == 0


def test_the_scheme_may_be_written_in_any_case(google: IdentityProvider, door: Door) -> None:
    assert door.identity.user(f"bearer  {google.mint()}").email == "ana@example.com"


@pytest.mark.parametrize("none", [[], [""], ["ok", ""], ()])
def test_without_audiences_or_issuers_there_is_no_identity(none: list[str]) -> None:
    given: dict[str, Any] = {
        "audiences": ["a"],
        "issuers": ["b"],
        "certs_url": CERTS,
        "session": requests.Session(),
        "now": lambda: datetime.now(UTC),
    }
    for name in ("audiences", "issuers"):
        with pytest.raises(ValueError, match="needs"):
            GoogleIdentity(**{**given, name: none})


# Certificates


def test_certificates_are_fetched_once_and_kept_as_long_as_they_may_be(
    google: IdentityProvider, door: Door
) -> None:
    for _ in range(20):
        door.user(google.mint())
    assert door.fetches == 1
    door.now += timedelta(seconds=3599)
    door.user(google.mint())
    assert door.fetches == 1
    door.now += timedelta(seconds=1)
    door.user(google.mint())
    assert door.fetches == 2
    assert door.transport.options[0]["timeout"] == (5.0, 5.0)


@pytest.mark.parametrize(
    ("header", "kept_s"),
    [
        ("public, max-age=120", 120),
        ("max-age=0", 60),
        ("no-cache", 300),
        ("", 300),
        ("s-maxage=9, max-age=999999999", 86_400),
    ],
)
def test_the_answer_says_how_long_within_reason(
    google: IdentityProvider, header: str, kept_s: int
) -> None:
    door = Door(google, max_age=header)
    door.user(google.mint())
    door.now += timedelta(seconds=kept_s - 1)
    door.user(google.mint())
    assert door.fetches == 1
    door.now += timedelta(seconds=1)
    door.user(google.mint())
    assert door.fetches == 2


def test_forged_key_ids_cost_one_fetch_a_minute(google: IdentityProvider, door: Door) -> None:
    door.user(google.mint())
    door.now += timedelta(minutes=2)
    for number in range(50):
        forged = f"{b64({'alg': 'RS256', 'kid': f'forged-{number}'})}.{b64({})}.xxxx"
        with pytest.raises(Unauthorized):
            door.user(forged)
    assert door.fetches == 2
    door.user(google.mint())
    assert door.fetches == 2


def test_a_new_key_of_googles_is_let_in(door: Door) -> None:
    google = IdentityProvider()
    door = Door(google)
    door.user(google.mint())
    door.now += timedelta(minutes=2)
    google.rotate()
    assert door.user(google.mint()).email == "ana@example.com"
    assert door.fetches == 2


def test_a_withdrawn_key_opens_nothing_once_the_certificates_are_old() -> None:
    google = IdentityProvider()
    door = Door(google)
    token = google.mint()
    door.user(token)
    google.rotate(forget=True)
    door.now += timedelta(hours=2)
    with pytest.raises(Unauthorized):
        door.user(token)


def broken(_: object = None) -> requests.Response:
    raise requests.ConnectionError("certs are down")


OUT_OF_ORDER: list[Any] = [
    pytest.param(broken, id="unreachable"),
    pytest.param(lambda: answer(503, b""), id="503"),
    pytest.param(lambda: answer(200, b"<html>"), id="a proxy's page"),
    pytest.param(lambda: answer(200, b"{}"), id="no certificates"),
    pytest.param(lambda: answer(200, b"[]"), id="a list"),
    pytest.param(lambda: answer(200, {"keys": []}), id="a JWK set"),
    pytest.param(lambda: answer(302, b"", {"Location": "https://thief.example"}), id="redirect"),
]


@pytest.mark.parametrize("reply", OUT_OF_ORDER)
def test_without_certificates_nobody_is_refused_but_asked_to_wait(
    google: IdentityProvider, door: Door, reply: Callable[[], requests.Response]
) -> None:
    honest, door.reply = door.reply, reply
    for _ in range(5):
        with pytest.raises(ServiceUnavailable):
            door.user(google.mint())
    assert door.fetches == 1  # the next caller does not wait for another time-out at once
    door.reply = honest
    door.now += timedelta(seconds=5)
    assert door.user(google.mint())


def test_a_time_out_that_outlasts_the_spacing_is_still_waited_for_only_once(
    google: IdentityProvider, door: Door
) -> None:
    def slow() -> requests.Response:
        door.now += timedelta(seconds=30)
        return broken()

    door.reply = slow
    for _ in range(5):
        with pytest.raises(ServiceUnavailable):
            door.user(google.mint())
    assert door.fetches == 1


def test_an_outage_does_not_touch_those_whose_certificates_are_kept(
    google: IdentityProvider, door: Door
) -> None:
    door.user(google.mint())
    door.reply = broken
    door.now += timedelta(minutes=30)
    unknown = f"{b64({'alg': 'RS256', 'kid': 'of-a-new-key'})}.{b64({})}.xxxx"
    with pytest.raises(ServiceUnavailable):
        door.user(unknown)  # Google is asked, and does not answer
    assert door.fetches == 2
    assert door.user(google.mint())


def test_no_token_and_no_audience_is_logged(
    google: IdentityProvider, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    token = google.mint(aud="someone-else")
    with pytest.raises(Unauthorized):
        door.user(token)
    good = google.mint()
    door.user(good)
    logged = "\n".join(repr(record.__dict__) for record in caplog.records)
    assert "google certs" in logged
    for secret in (token, good, good.split(".")[2], CLIENT_ID, "ana@example.com"):
        assert secret not in logged
