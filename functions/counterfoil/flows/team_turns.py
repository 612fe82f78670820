"""One change of a company's members at a time, each judged by what the one before it left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from counterfoil.core.errors import ConnectionBusy
from counterfoil.core.stores import Changed
from counterfoil.flows.companies import team_lease
from counterfoil.flows.leases import LeaseLost, Leases

# Two owners who take each other's role at the same moment would leave nobody. A change takes
# a few store calls.
LASTS = timedelta(seconds=30)


@contextmanager
def team_turn(leases: Leases, connection_id: str) -> Iterator[Callable[[], bool]]:
    """Gives what tells whether it is still our turn: who stalls for longer than a lease lasts may
    have been overtaken. Raises ConnectionBusy while it is somebody else's, and where a record
    changed all the same.
    """
    lease = leases.take(team_lease(connection_id), LASTS)
    if lease is None:
        raise members_busy()

    def still() -> bool:
        nonlocal lease
        assert lease is not None  # noqa: S101 - or we would not be here
        try:
            lease = leases.renew(lease, LASTS)
        except LeaseLost:
            return False
        return True

    try:
        yield still
    except Changed:
        raise members_busy() from None
    finally:
        leases.release(lease)


def members_busy() -> ConnectionBusy:
    return ConnectionBusy("Somebody is changing this company's members. Please try again.")
