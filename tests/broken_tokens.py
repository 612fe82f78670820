"""Token life, broken in one place, under the same fire as the fault test: it must be found out.

python -m tests.broken_tokens NAME, in a process of its own, because its victims are forked.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bench.custody_parts import crew, ordeal
from counterfoil.core import tokens
from counterfoil.core.grants import Grant
from counterfoil.flows import fresh_tokens
from counterfoil.flows.active_grants import ActiveGrants
from counterfoil.flows.grants import Grants
from counterfoil.flows.leases import Leases
from counterfoil.flows.leaving import Leaving


def no_lease() -> None:
    """Whoever comes asks."""
    fresh_tokens.LEASE_LASTS = timedelta(0)
    Leases.renew = lambda self, held, lasts: held  # type: ignore[method-assign]
    ordeal.ACTIONS, ordeal.TROUBLES, ordeal.BESIDE = {"use": 1}, {"none": 1}, 1.0
    ordeal.BESIDE_DIES = 0.0
    crew.THINKS_S = (0.5, 0.6)


def forgets_too_much() -> None:
    """The version that is in use is destroyed as well."""
    forget = Grants.forget_versions

    def forgetful(self: Grants, before: Grant, after: Grant) -> None:
        forget(self, before, after)
        self._secrets.destroy(after.secret, after.refresh_version)

    Grants.forget_versions = forgetful  # type: ignore[method-assign]


def dawdles_in_the_window() -> None:
    """Something else happens between Intuit's answer and the store."""
    add = Grants.new_version

    def dawdling(self: Grants, grant: Grant, refresh_token: str) -> str:
        self.get(grant.id)
        return add(self, grant, refresh_token)

    Grants.new_version = dawdling  # type: ignore[method-assign]


def gives_up_at_once() -> None:
    """One refusal ends a grant."""
    tokens.REFUSALS_TO_GIVE_UP = 1
    ordeal.ACTIONS, ordeal.TROUBLES = {"use": 1}, {"refuse": 1}


def never_moves_to_a_spare() -> None:
    """A refused grant ends the company although somebody else has consented."""
    move = ActiveGrants.move_to_spare

    def alone(self: ActiveGrants, connection_id: str, refused: Grant) -> None:
        self._others = lambda connection_id, grant: []  # type: ignore[method-assign]
        move(self, connection_id, refused)

    ActiveGrants.move_to_spare = alone  # type: ignore[method-assign]
    ordeal.ACTIONS = {"take over": 1}


def erases_here_alone() -> None:
    """What is erased here lives on at Intuit."""
    Leaving._revoke = lambda self, grant, still_alone: None  # type: ignore[method-assign]
    ordeal.ACTIONS = {"erase": 1}


def erases_others_as_well() -> None:
    """The other person's consent for the company ends with the first one's."""
    of_connection = Leaving.end_grant

    def ending(self: Leaving, grant: Grant, *, only_of: str | None = None) -> None:
        of_connection(self, grant, only_of=only_of)
        for held in self._grants.of_connection(grant.connection_id):
            of_connection(self, held.grant)

    Leaving.end_grant = ending  # type: ignore[method-assign]
    ordeal.ACTIONS = {"erase": 1}


def revokes_others_at_intuit() -> None:
    """The other person's tokens are ended at Intuit, and nothing here tells."""
    end_grant = Leaving.end_grant

    def ending(self: Leaving, grant: Grant, *, only_of: str | None = None) -> None:
        end_grant(self, grant, only_of=only_of)
        for held in self._grants.of_connection(grant.connection_id):
            for token in self._tokens(held.grant):
                self._intuit.revoke(token)

    Leaving.end_grant = ending  # type: ignore[method-assign]
    ordeal.ACTIONS, ordeal.TROUBLES, ordeal.BESIDE = {"erase": 1}, {"none": 1}, 0.0


BROKEN: dict[str, Callable[[], None]] = {
    each.__name__: each
    for each in (
        no_lease, forgets_too_much, dawdles_in_the_window, gives_up_at_once,
        never_moves_to_a_spare, erases_here_alone, erases_others_as_well,
        revokes_others_at_intuit,
    )
}  # fmt: skip


def main() -> None:
    logging.disable()
    BROKEN[sys.argv[1]]()
    what: dict[str, Any] = {"seed": 11, "grace": False, "stores": "embedded"}
    found = ordeal.endured({**what, "kills": 0, "episodes": int(sys.argv[2])})
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
