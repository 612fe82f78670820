"""The model of many workers that find one company's token expired, with our real code in it.

python -m bench.custody_parts.model WHAT: plays so many rotations and prints the counts. Time is
virtual. Four workers, each a process of its own as far as our code can tell, come within two
seconds; Intuit takes log-normal time with a slow tail; it keeps the old value for a day or not
at all; answers are lost and workers killed as often as told.
"""

from __future__ import annotations

import gc
import logging
import random
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bench import machine
from bench.custody_parts.baton import Baton, stage
from bench.custody_parts.quick_stores import QuickRecords, QuickSecrets
from bench.custody_parts.watched import Watched
from counterfoil.adapters.sealer import AesSealer
from counterfoil.core.connecting import CompanyFacts
from counterfoil.core.errors import AppError, QuickBooksBusy, ReconnectRequired
from counterfoil.core.grants import Grant, grant_id
from counterfoil.core.people import ConnectionState, User
from counterfoil.core.tokens import GrantRefused, token_answer
from counterfoil.flows.fresh_tokens import FreshTokens
from counterfoil.flows.grants import Grants
from counterfoil.flows.joining import Consent, Joining
from sandbox.intuit import tokens as intuit_tokens
from sandbox.intuit.tokens import InvalidGrant, Issued, Tokens

WORKERS = 4
WITHIN_S = 2.0  # they come this close together
MEDIAN_S, SPREAD = 0.6, 0.5  # of Intuit's time, log-normal
TAIL, TAIL_S = 0.02, (5.0, 30.0)  # this share takes this long
RECORDS_S, SECRETS_S = (0.003, 0.02), (0.02, 0.12)  # a call of the stores

BETWEEN = timedelta(hours=25)  # so that each refresh is a rotation
TRY_AGAIN_S = 170.0  # a lease whose holder died has run out, and a refusal is a minute ago
ROUNDS = 4  # of trying again, after which whatever is not well is counted
LIFE = 200  # rotations of one company; then the next, so that memory stays small
MOST_CALLS = 60  # a worker that is to be killed dies at one of its first so many outside calls

CLIENT, REALM, SUB = "app", "9130347596842110", "intuit-dana"
ANA = User("1001", "ana@example.com")
FACTS = CompanyFacts("Acme", "US", "USD", 1)


# By the first letter of a call's name; Intuit takes its own time.
_TAKES_S = {"r": RECORDS_S, "s": SECRETS_S, "i": (0.0, 0.0)}


class Killed(BaseException):
    """The worker's process is gone: nothing that it would still do happens."""


class Worker:
    """One process: FreshTokens over the shared stores, with time and death around each call."""

    def __init__(self, baton: Baton, chance: random.Random, ports: Mapping[str, Any]) -> None:
        self._baton = baton
        self._chance = chance
        self._left = -1
        watched = {name: Watched(name, port, self._around) for name, port in ports.items()}
        self.tokens = FreshTokens(
            records=watched["records"],
            secrets=watched["secrets"],
            sealer=AesSealer(b"k" * 32, purpose="access tokens"),
            intuit=watched["intuit"],
            now=baton.now,
            sleep=baton.sleep,
            monotonic=lambda: baton.seconds,
            jitter=chance.random,
            spawn=lambda work: work(),
        )

    def revive(self, dies_at: int = -1) -> None:
        """A new process; it dies at that moment before or after an outside call, if at any."""
        self._left = dies_at

    def _around(self, label: str, call: Callable[..., Any], *args: Any, **named: Any) -> Any:
        if self._left >= 0:
            self._live()
        least, most = _TAKES_S[label[0]]
        if most:
            self._baton.sleep(least + (most - least) * self._chance.random())
        answer = call(*args, **named)
        if self._left >= 0:
            self._live()
        return answer

    def _live(self) -> None:
        if self._left == 0:
            raise Killed
        self._left -= 1


class SlowIntuit:
    """The sandbox's tokens, which take their time, and whose answers get lost."""

    def __init__(self, baton: Baton, chance: random.Random, tokens: Tokens, lost: float) -> None:
        self._baton = baton
        self._chance = chance
        self._tokens = tokens
        self._lost = lost
        self.asked = 0
        self.refused = 0
        self.unheard = 0

    def ready(self) -> None:
        """It always is."""

    def refresh(self, value: str) -> Mapping[str, Any]:
        self.asked += 1
        seconds = self._seconds()
        until_done = seconds * self._chance.random()
        try:
            issued = self._tokens.refresh(CLIENT, value, lambda: self._baton.sleep(until_done))
        except InvalidGrant:
            self.refused += 1
            raise GrantRefused from None
        self._baton.sleep(seconds - until_done)
        if self._lost and self._chance.random() < self._lost:
            self.unheard += 1
            raise QuickBooksBusy("The answer was lost on its way.")
        return answer(issued)

    def _seconds(self) -> float:
        if self._chance.random() < TAIL:
            return self._chance.uniform(*TAIL_S)
        return MEDIAN_S * self._chance.lognormvariate(0, SPREAD)


def answer(issued: Issued) -> dict[str, Any]:
    return {
        "token_type": "bearer",
        "access_token": issued.access,
        "refresh_token": issued.refresh,
        "expires_in": issued.access_expires_in,
        "x_refresh_token_expires_in": issued.refresh_expires_in,
        "x_refresh_token_hard_expires_in": issued.hard_expires_in,
    }


class Model:
    def __init__(self, baton: Baton, what: Mapping[str, Any]) -> None:
        self._baton = baton
        self._chance = random.Random(what["seed"])
        self._killed = float(what.get("killed", 0))
        self._lost = float(what.get("lost", 0))
        self._grace = bool(what.get("grace", False))
        self.counts: Counter[str] = Counter()
        self._connect()

    def rotation(self) -> None:
        """One expiry that all workers find; then what became of it is looked at."""
        if self._line.refreshes >= LIFE:
            self._retire()
        before = self._line.refresh
        self._baton.seconds += BETWEEN.total_seconds()
        self._round(self._killed)
        for _ in range(ROUNDS):
            if self._fresh():
                break
            self._baton.seconds += TRY_AGAIN_S
            self._round(0)
        self.counts["rotations"] += self._line.refresh != before
        self._judge()

    def _round(self, killed: float) -> None:
        for worker in self._workers:
            dies = killed and self._chance.random() < killed
            worker.revive(self._chance.randrange(MOST_CALLS) if dies else -1)
        self._baton.play(
            [(self._chance.random() * WITHIN_S, self._export(worker)) for worker in self._workers]
        )

    def _export(self, worker: Worker) -> Callable[[], None]:
        def export() -> None:
            try:
                worker.tokens.for_connection(self._id)
                self.counts["served"] += 1
            except ReconnectRequired:
                self.counts["told_to_reconnect"] += 1
            except AppError as error:
                self.counts[error.code] += 1
            except Killed:
                self.counts["kills"] += 1

        return export

    def _grant(self) -> Grant:
        held = self._records.get("grants", grant_id(self._id, SUB))
        assert held is not None
        return Grant.of(held.data)

    def _fresh(self) -> bool:
        return self._grant().access_expires > self._baton.now()

    def _judge(self) -> None:
        """Lost: Intuit's value is nowhere in the store, and the last resort is none.

        Falsely broken: the store has what Intuit takes, yet the person is asked to reconnect.
        """
        connection = self._records.get("connections", self._id)
        assert connection is not None
        state = ConnectionState(connection.data["state"])
        if not self._secrets.holds(self._line.refresh.encode()):
            self.counts["lost"] += 1
            self._retire()
        elif state is not ConnectionState.CONNECTED or not self._fresh():
            self.counts["falsely_broken"] += 1
            self._retire()

    def _retire(self) -> None:
        for name in ("asked", "refused", "unheard"):
            self.counts[name] += getattr(self._intuit, name)
        self._intuit.asked = self._intuit.refused = self._intuit.unheard = 0
        self._connect()

    def _connect(self) -> None:
        now = self._baton.now
        self._records, self._secrets = QuickRecords(), QuickSecrets()
        tokens = Tokens(now, grace=self._grace)
        self._intuit = SlowIntuit(self._baton, self._chance, tokens, self._lost)
        ports = {"records": self._records, "secrets": self._secrets, "intuit": self._intuit}
        self._workers = [Worker(self._baton, self._chance, ports) for _ in range(WORKERS)]
        sealer = AesSealer(b"k" * 32, purpose="access tokens")
        joining = Joining(
            self._records, Grants(self._records, self._secrets, sealer), now, lambda label: None
        )
        issued = tokens.grant(intuit_tokens.Consent(CLIENT, SUB, REALM, ("openid", "accounting")))
        first = token_answer(answer(issued), now())
        self._id = joining.join(Consent(ANA, REALM, SUB, first, FACTS, now()))
        (self._line,) = tokens.lines()

    def totals(self) -> dict[str, int]:
        self._retire()
        return dict(self.counts)


def played(what: Mapping[str, Any]) -> dict[str, Any]:
    """`rotations`, `seed`, and perhaps `killed` and `lost` (shares) and `grace`."""
    with stage(WORKERS) as baton:
        model = Model(baton, what)
        while model.counts["rotations"] < what["rotations"]:
            model.rotation()
        return {**model.totals(), "workers": WORKERS, "cpu_s": machine.cpu_s()}


def main() -> None:
    what = machine.given()
    machine.pin(what["core"])
    logging.disable()  # each loss is counted, not told
    # A million small records that die at once, beside thousands of modules that stay.
    gc.freeze()
    gc.set_threshold(200_000, 50, 1000)
    machine.tell(played(what))


if __name__ == "__main__":
    main()
