"""The people who can sign in on the sandbox's consent page, and the app that asks them."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CLIENT_ID = "ABsandboxClientIdOfCounterfoil000000000000000000001"
CLIENT_SECRET = "sandbox0client0secret0of0counterfoil0001"
# Where a client that is pointed at the sandbox by hand may receive its code.
REDIRECT_URIS = (
    "http://localhost:8000/callback",
    "http://127.0.0.1:8000/callback",
    "http://localhost:8080/oauth_callback",
    "http://127.0.0.1:8080/oauth_callback",
)


@dataclass(frozen=True, slots=True)
class Person:
    """An Intuit account. `id` is what the sign-in form sends; `sub` is Intuit's own key."""

    id: str
    sub: str
    given_name: str
    family_name: str
    email: str
    admin: bool = True

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


PEOPLE = (
    Person(
        id="dana",
        sub="9f2c6a3e-0b1d-4c6f-8a57-1d2e3f405161",
        given_name="Dana",
        family_name="Whitfield",
        email="dana@acme.example",
    ),
    Person(
        id="erin",
        sub="5b7d1c90-64ea-4f0e-93c1-a2b4c6d8e0f2",
        given_name="Erin",
        family_name="Okafor",
        email="erin@acme.example",
    ),
    Person(
        id="sam",
        sub="c41e88d2-7f36-4a9b-b05d-6e7f80912a3b",
        given_name="Sam",
        family_name="Reyes",
        email="sam@acme.example",
        admin=False,
    ),
)


class Directory:
    """Who exists and who is an admin now; rights can be taken away and given back."""

    def __init__(self, people: Iterable[Person] = PEOPLE) -> None:
        self._people = {person.id: person for person in people}
        self._admins = {person.id: person.admin for person in self._people.values()}

    def all(self) -> list[Person]:
        return list(self._people.values())

    def find(self, key: str) -> Person | None:
        """By the form's id or by Intuit's sub."""
        if key in self._people:
            return self._people[key]
        return next((person for person in self._people.values() if person.sub == key), None)

    def is_admin(self, person: Person) -> bool:
        return self._admins.get(person.id, False)

    def set_admin(self, person: Person, admin: bool) -> None:
        self._admins[person.id] = admin

    def reset(self) -> None:
        self._admins = {person.id: person.admin for person in self._people.values()}


@dataclass(slots=True)
class App:
    """What a developer registers with Intuit: one app with its keys and addresses."""

    client_id: str = CLIENT_ID
    client_secret: str = field(default=CLIENT_SECRET, repr=False)
    name: str = "Counterfoil"
    redirect_uris: tuple[str, ...] = REDIRECT_URIS
    disconnect_url: str | None = None
    """Where the browser lands after a disconnect inside QuickBooks, with ?realmId=."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        for uri in self.redirect_uris:
            _check_redirect(uri)

    def allow(self, redirect_uri: str) -> None:
        """Registers one more address. Raises ValueError for one that Intuit would not take."""
        _check_redirect(redirect_uri)
        with self._lock:
            if redirect_uri not in self.redirect_uris:
                self.redirect_uris = (*self.redirect_uris, redirect_uri)


def _check_redirect(uri: str) -> None:
    """https, or http on this machine. Intuit itself takes only `localhost` there, no address."""
    parts = urlsplit(uri)
    local = parts.hostname in ("localhost", "127.0.0.1")
    if not parts.hostname or parts.scheme not in ("https", "http"):
        raise ValueError(f"not an address to redirect to: {uri!r}")
    if parts.scheme == "http" and not local:
        raise ValueError(f"a redirect address must be https unless it is this machine: {uri!r}")
    if parts.query or parts.fragment:
        raise ValueError(f"a redirect address has no query and no fragment: {uri!r}")
