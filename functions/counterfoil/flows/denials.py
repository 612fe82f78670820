"""QuickBooks said that whoever consented has lost their rights, or lets them read again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from counterfoil.core.grants import denied
from counterfoil.core.stores import Changed
from counterfoil.flows.active_grants import ActiveGrants
from counterfoil.flows.grants import Grants
from counterfoil.flows.leftovers import left_over
from counterfoil.flows.ports import Clock

log = logging.getLogger("counterfoil.tokens")


def after_denial(
    active: ActiveGrants,
    grants: Grants,
    now: Clock,
    connection_id: str,
    token: str,
    step: Callable[[str], None] = lambda label: None,
) -> bool:
    """As `ports.AccessTokens.after_denial`. It asks Intuit nothing, so any process may do it."""
    held = active.grant(connection_id)
    if grants.access(held.grant) != token:
        return True  # somebody else has dealt with it, or refreshed
    try:
        after = grants.replace(held, denied(held.grant, now())).grant
    except Changed:
        return True
    step("denial_stored")
    return active.without_rights(connection_id, after)


def after_read(active: ActiveGrants, grants: Grants, connection_id: str, token: str) -> None:
    """As `ports.AccessTokens.after_read`: what was denied before is over."""
    with suppress(Changed), left_over(log, connection=connection_id):
        held = active.grant(connection_id)
        if held.grant.denials and grants.access(held.grant) == token:
            active.note(grants.replace(held, replace(held.grant, denials=())).grant)
