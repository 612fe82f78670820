"""QuickBooks said that whoever consented has lost their rights: another consent may take over."""

from __future__ import annotations

from collections.abc import Callable

from counterfoil.core.grants import denied
from counterfoil.core.stores import Changed
from counterfoil.flows.active_grants import ActiveGrants
from counterfoil.flows.grants import Grants
from counterfoil.flows.ports import Clock


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
