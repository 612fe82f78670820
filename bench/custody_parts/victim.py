"""A victim: a process forked from a warm one, which does one thing and may die at any moment.

The hook is at the ports: a moment comes before and after each call to something outside. Nothing
in the code under test knows of it.
"""

from __future__ import annotations

import hashlib
import os
import signal
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from bench.custody_parts.desk import DANA, ERIN, REALM, SharedClock
from bench.custody_parts.watched import Watched
from counterfoil.adapters.sealer import AesSealer
from counterfoil.core.errors import (
    AppError,
    QuickBooksBusy,
    QuickBooksRejected,
    ServiceUnavailable,
)
from counterfoil.core.grants import Grant, GrantState, newer_versions, secret_name
from counterfoil.core.people import ConnectionState, Sheet, User
from counterfoil.core.stores import Document, SealBroken, SecretGone
from counterfoil.core.tokens import GrantRefused
from counterfoil.flows.connect import Connect
from counterfoil.flows.connections import Connections
from counterfoil.flows.disconnect import Disconnect
from counterfoil.flows.erasing import Erasing
from counterfoil.flows.fresh_tokens import PROBED, FreshTokens
from counterfoil.flows.grants import Grants
from counterfoil.flows.keep_alive import KeepAlive
from counterfoil.flows.leaving import Leaving, What
from counterfoil.flows.ports import Records, Secrets
from counterfoil.flows.team import Team

KEY = hashlib.sha256(b"of the fault test").digest()
# Who brought whose consent.
ANA, BEN = User("1001", "ana@example.com"), User("1002", "ben@example.com")
USERS = {DANA: ANA, ERIN: BEN}
SHEET = Sheet("sheet-1", hashlib.sha256(b"key").hexdigest(), "UTC", "en_US")

# A refusal must be a minute old, and a dead holder's lease run out.
TRIES, BETWEEN_S = 6, 160.0

# Versions before the one that is pointed at which may still hold what Intuit honours.
LOOKED_BACK = 3

# What has to come of an action in the end.
ENDS = {
    "connect": "connected", "pause": "left", "delete": "left", "erase": "erased", "leave": "gone",
}  # fmt: skip

T = TypeVar("T")
Stores = Callable[[], tuple[Records, Secrets]]


@dataclass(frozen=True)
class Task:
    action: str  # use, connect, pause, delete, erase, leave, settle
    sub: str = DANA
    dies_at: int = -1  # the moment
    after: str = ""  # for settle: the action that has to be finished


def run(wire: Connection, clock: SharedClock, stores: Stores, task: Task) -> None:
    """The life of a victim; the last thing it says is what came of it."""
    try:
        victim = Victim(wire, clock, stores, task)
        outcome = getattr(victim, task.action)()
        wire.send(("done", outcome, victim.moments))
    except BaseException:
        wire.send(("broken", traceback.format_exc()))


class Victim:
    def __init__(self, wire: Connection, clock: SharedClock, stores: Stores, task: Task) -> None:
        self._wire = wire
        self._task = task
        self.moments = 0
        self._in_window = False
        self._value = ""  # the refresh token that Intuit gave last
        self._records, self._secrets = stores()
        sealer = AesSealer(KEY, purpose="access tokens")
        self._grants = Grants(self._records, self._secrets, sealer)
        ports: dict[str, Any] = {
            "records": Watched("records", self._records, self._around),
            "secrets": Watched("secrets", self._secrets, self._around),
            "intuit": Watched("intuit", FarIntuit(self._ask), self._around),
        }
        shared = {**ports, "sealer": sealer, "now": clock.ours}
        company = Watched("company", FarCompany(self._ask), self._around)
        self._tokens = FreshTokens(
            **shared, sleep=self._sleep, monotonic=clock.monotonic, spawn=lambda work: work()
        )
        self._connect = Connect(
            **shared,
            company_info=company.info,
            preferences=company.preferences,
            sleep=self._sleep,
        )
        people: dict[str, Any] = {
            "records": ports["records"],
            "connections": Connections(ports["records"], clock.ours),
            "leaving": Leaving(**shared, sleep=self._sleep),
        }
        self._keep_alive = KeepAlive(
            ports["records"],
            Grants(ports["records"], ports["secrets"], sealer),
            self._tokens,
            people["leaving"],
            clock.ours,
            clock.monotonic,
        )
        self._disconnect = Disconnect(**people)
        self._team = Team(**people, now=clock.ours)
        self._erasing = Erasing(
            records=ports["records"],
            secrets=ports["secrets"],
            grants=Grants(ports["records"], ports["secrets"], sealer),
            leaving=people["leaving"],
            now=clock.ours,
        )

    # What victims do

    def use(self) -> str:
        """An export's way to a token that QuickBooks takes."""
        connection = _patiently(self._connection_id)
        if connection is None:
            return "not connected"
        try:
            token = self._tokens.for_connection(connection)
            for _ in range(4):
                said = self._ask("api", token)
                if said == "refused":
                    token = self._tokens.after_refusal(connection, token)
                elif said == "denied" and self._tokens.after_denial(connection, token):
                    token = self._tokens.for_connection(connection)
                else:
                    if said == "fine":
                        self._tokens.after_read(connection, token)
                    return str(said)
            return "given up"
        except AppError as error:
            return error.code

    def connect(self) -> str:
        return self._consent(self._task.sub)

    def pause(self) -> str:
        return self._leave(What.PAUSE)

    def delete(self) -> str:
        return self._leave(What.DELETE)

    def erase(self) -> str:
        """Everything about the person: their consent, their membership, a company of their own."""
        try:
            left = self._erasing.erase(USERS[self._task.sub])["left"]
            return "erased" if left == 0 else f"{left} left"
        except AppError as error:
            return error.code

    def leave(self) -> str:
        """The person goes; the consent that they gave goes on for the others."""
        connection = _patiently(self._connection_id)
        assert connection is not None
        try:
            self._team.leave(USERS[self._task.sub], connection)
            return "gone"
        except AppError as error:
            return "gone" if error.code == "not_found" else error.code

    def settle(self) -> str:
        """What people and schedules do after the trouble: again, until it works or cannot."""
        end = ENDS.get(self._task.after)
        outcome = self._again(getattr(self, self._task.after), end) if end else ""
        if end is None or (outcome == end and self._task.after in ("erase", "leave")):
            outcome = self._again(self.use, "fine", "reconnect_required", "not connected")
        self._tick()
        for sub in self._ask("audit", outcome, _patiently(self._audit)):
            said = self._again(lambda sub=sub: self._consent(sub), "connected")  # type: ignore[misc]
            assert said == "connected", said
        self._wire.send(("base", _patiently(self._audit)))
        return outcome

    def _tick(self) -> None:
        """The hourly one's part in it: whoever was left in doubt is asked about."""
        try:
            self._keep_alive.sweep()
        except AppError:
            self._sleep(BETWEEN_S)
            self._keep_alive.sweep()

    def _again(self, act: Callable[[], str], *ends: str) -> str:
        for _ in range(TRIES):
            outcome = act()
            if outcome in ends:
                break
            self._sleep(BETWEEN_S)
        return outcome

    def _consent(self, sub: str) -> str:
        user = USERS[sub]
        try:
            url, browser = self._connect.consume(self._connect.ticket(user, SHEET).url_token)
            return self._connect.finish(
                state=url.rpartition("=")[2],
                browser_secret=browser,
                code=self._ask("code", sub),
                realm_id=REALM,
                error="",
            ).value
        except AppError as error:
            return error.code

    def _leave(self, what: What) -> str:
        connection = _patiently(self._connection_id)
        if connection is None:
            return "left"
        try:
            confirm = self._disconnect.preview(ANA, connection, what).confirm
            self._disconnect.leave(ANA, connection, what, confirm=confirm)
            return "left"
        except AppError as error:
            gone = error.code == "not_found" and _patiently(self._connection_id) is None
            return "left" if gone else error.code

    # What it sees, past the hook

    def _connection_id(self) -> str | None:
        claim = self._records.get("realms", REALM)
        return str(claim.data["connection_id"]) if claim else None

    def _audit(self) -> dict[str, Any]:
        id = self._connection_id()
        connection = self._records.get("connections", id) if id else None
        if id is None or connection is None:
            return {"state": None, "active": None, "grants": {}, "secrets": self._secrets_of(id)}
        return {
            "secrets": self._secrets_of(id),
            "state": ConnectionState(connection.data["state"]),
            "active": str(connection.data["active_grant"]).partition(":")[2],
            "grants": {
                held.grant.sub: {
                    "refused": held.grant.state is GrantState.REFUSED,
                    "denied": bool(held.grant.denials),
                    "pointed": self._secret_value(held.grant.secret, held.grant.refresh_version),
                    "values": self._values(held.grant),
                }
                for held in self._grants.of_connection(id)
            },
        }

    def _secrets_of(self, id: str | None) -> set[str]:
        """The persons of whom something is kept among the secrets."""
        return {sub for sub in USERS if id and self._secrets.exists(secret_name(id, sub))}

    def _values(self, grant: Grant) -> set[str]:
        """What somebody who asks for that grant can find."""
        newest = int(grant.refresh_version)
        numbers = {str(number) for number in range(max(1, newest - LOOKED_BACK), newest + 1)}
        numbers |= {*newer_versions(grant.refresh_version, PROBED), grant.previous_version or "1"}
        values = (self._secret_value(grant.secret, number) for number in numbers)
        return {value for value in values if value is not None}

    def _secret_value(self, secret: str, version: str) -> str | None:
        try:
            return self._secrets.read(secret, version).decode()
        except (SecretGone, SealBroken):
            return None

    # The hook

    def _around(self, label: str, call: Callable[..., Any], *args: Any, **named: Any) -> Any:
        if self._in_window and label != "secrets.add":
            self._wire.send(("widened", label))
        place = _place(label, args)
        self._reach(f"before {place}")
        answer = call(*args, **named)
        self._note(label, args, answer)
        self._reach(f"after {place}")
        return answer

    def _reach(self, label: str) -> None:
        if self.moments == self._task.dies_at:
            self._wire.send(("dies", self._task.action, label))
            os.kill(os.getpid(), signal.SIGKILL)
        self.moments += 1

    def _note(self, label: str, args: tuple[Any, ...], answer: Any) -> None:
        if label in ("intuit.refresh", "intuit.exchange"):
            self._value = answer["refresh_token"]
        if label == "intuit.refresh":
            self._in_window = answer.get("refresh_token") != args[0]
        elif label == "secrets.add":
            self._in_window = False
            self._wire.send(("acknowledged", args[1].decode()))
        elif label in ("records.replace", "records.create") and answer.collection == "grants":
            data = answer.data
            if data["refresh_started"] is None and not data["refusals"]:
                self._wire.send(("stored", self._value, data["access_expires"]))

    def _ask(self, *what: Any) -> Any:
        self._wire.send(what)
        return self._wire.recv()

    def _sleep(self, seconds: float) -> None:
        self._ask("sleep", seconds)


def _patiently(look: Callable[[], T]) -> T:
    """What the test itself wants to know of a store that may be slow on a busy machine."""
    for _ in range(20):
        try:
            return look()
        except ServiceUnavailable:
            time.sleep(1)
    return look()


def _place(label: str, args: tuple[Any, ...]) -> str:
    """What the call is about: "records.replace grants", "secrets.add"."""
    if not label.startswith("records"):
        return label
    return f"{label} {args[0].collection if isinstance(args[0], Document) else args[0]}"


class FarIntuit:
    """`ports.IntuitOAuth` over the wire to the desk."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask

    def ready(self) -> None:
        """It always is."""

    def authorization_url(self, state: str) -> str:
        return f"https://appcenter.intuit.example/connect/oauth2?state={state}"

    def exchange(self, code: str) -> Mapping[str, Any]:
        return self._answer("exchange", code)

    def refresh(self, refresh_token: str) -> Mapping[str, Any]:
        return self._answer("refresh", refresh_token)

    def revoke(self, token: str) -> None:
        self._answer("revoke", token)

    def subject(self, answer: Mapping[str, Any]) -> str:
        return str(answer["id_token"])

    def _answer(self, call: str, value: str) -> Any:
        said, answer = self._ask("intuit", call, value)
        if said == "refused":
            raise GrantRefused
        if said == "busy":
            raise QuickBooksBusy("Intuit did not answer.")
        return answer


class FarCompany:
    """CompanyInfo and Preferences, for a token that the desk knows."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask

    def info(self, realm_id: str, access_token: str) -> Mapping[str, Any]:
        if self._ask("api", access_token) != "fine":
            raise QuickBooksRejected("not yours", intuit_code="3100")
        return {"CompanyName": "Acme", "Country": "US", "FiscalYearStartMonth": "January"}

    def preferences(self, realm_id: str, access_token: str) -> Mapping[str, Any]:
        return {"CurrencyPrefs": {"HomeCurrency": {"value": "USD"}}}
