"""Calls of Google's gRPC clients: one per process, each bounded, each failure in our words."""

from __future__ import annotations

import logging
import os
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from google.api_core import exceptions as google
from google.auth.exceptions import GoogleAuthError

from counterfoil.core.errors import ServiceUnavailable
from counterfoil.core.refresh_times import STORE_CALL_S

log = logging.getLogger("counterfoil.stores")

# The clients' own defaults try for up to five minutes; a person waits for seconds. An answer takes
# milliseconds, and the first of a new instance about a second.
ATTEMPT_S = 4.0
IN_ALL_S = STORE_CALL_S - ATTEMPT_S  # after that no attempt begins
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 1.0

# Worth asking again. ABORTED and RESOURCE_EXHAUSTED are refusals before anything was done; after
# the others the write may have been done all the same.
# https://firebase.google.com/docs/firestore/understand-error-codes
PASSING = (
    google.Aborted,
    google.DeadlineExceeded,
    google.GatewayTimeout,
    google.InternalServerError,
    google.ServiceUnavailable,
    google.TooManyRequests,
    google.Unknown,
)

# What a store says about a record or a secret, rather than about itself.
TELLING = (
    google.AlreadyExists,
    google.FailedPrecondition,
    google.InvalidArgument,
    google.NotFound,
)

T = TypeVar("T")


class Refusal(Exception):
    """The store's no. `repeated`: an earlier attempt of the same call may have been done."""

    def __init__(self, kind: type[Exception], *, repeated: bool) -> None:
        super().__init__(kind.__name__)
        self.kind = kind
        self.repeated = repeated


class Patience:
    """Asks a few times, with pauses that grow, jittered, for STORE_CALL_S at most."""

    def __init__(
        self,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._sleep = sleep
        self._clock = clock
        self._jitter = jitter

    def ask(self, call: Callable[[float], T]) -> T:
        """What `call(timeout in seconds)` gives; it must not repeat anything itself.

        Raises Refusal, or ServiceUnavailable when the store cannot be reached or lets nobody in.
        """
        return self.sitting().ask(call)

    def sitting(self) -> Sitting:
        """For several calls that are one to whoever asked for it: together STORE_CALL_S."""
        return Sitting(self._clock() + IN_ALL_S, self._sleep, self._clock, self._jitter)


@dataclass(frozen=True, slots=True)
class Sitting:
    """The patience of one call of a port."""

    end: float
    sleep: Callable[[float], None]
    clock: Callable[[], float]
    jitter: Callable[[], float]

    def ask(self, call: Callable[[float], T]) -> T:
        """As `Patience.ask`."""
        pause, repeated = FIRST_PAUSE_S, False
        if self.clock() >= self.end:
            raise away(google.DeadlineExceeded("the call before took all the time"))
        while True:
            try:
                return call(ATTEMPT_S)
            except TELLING as error:
                raise Refusal(_kind(error), repeated=repeated) from error
            except PASSING as error:
                wait = pause * (0.5 + self.jitter())
                if self.clock() + wait >= self.end:
                    raise away(error) from error
                log.warning("store repeated", extra={"fields": {"error": type(error).__name__}})
            except (google.GoogleAPICallError, GoogleAuthError) as error:
                raise away(error) from error
            self.sleep(wait)
            pause, repeated = min(2 * pause, LONGEST_PAUSE_S), True

    def sitting(self) -> Sitting:
        return self


class PerProcess(Generic[T]):
    """A client made on first use, and anew after a fork.

    gunicorn loads main.py and then forks; a channel of the parent is no good in the child
    (https://grpc.github.io/grpc/core/md_doc_fork_support.html).
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: tuple[int, T] | None = None
        self._lock = threading.Lock()
        self._inherited: list[tuple[int, T]] = []  # never used, and never closed, by a child

    def __call__(self) -> T:
        made = self._made
        if made is None or made[0] != os.getpid():
            made = self._mine()
        return made[1]

    def _mine(self) -> tuple[int, T]:
        with self._lock:
            if self._made is not None and self._made[0] != os.getpid():
                self._inherited.append(self._made)
                self._made = None
            if self._made is None:
                self._made = (os.getpid(), self._make())
            return self._made


def away(error: Exception) -> ServiceUnavailable:
    """What the person is told; the log learns the kind of failure."""
    kind = error.kind if isinstance(error, Refusal) else type(error)
    log.error("store away", extra={"fields": {"error": kind.__name__}})
    return ServiceUnavailable(
        "Counterfoil's store could not be reached. Please try again in a minute."
    )


def _kind(error: Exception) -> type[Exception]:
    return next(kind for kind in TELLING if isinstance(error, kind))
