"""What the handlers may call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from counterfoil.core.people import User

if TYPE_CHECKING:
    from counterfoil.flows.budgets import Budgets
    from counterfoil.flows.connect import Connect
    from counterfoil.flows.connections import Connections
    from counterfoil.flows.disconnect import Disconnect
    from counterfoil.flows.erasing import Erasing
    from counterfoil.flows.export import Exports
    from counterfoil.flows.exporters import Exporters
    from counterfoil.flows.forecasts import Forecasts
    from counterfoil.flows.freezing import Freezing
    from counterfoil.flows.fresh_tokens import FreshTokens
    from counterfoil.flows.hints import Hints
    from counterfoil.flows.invitations import Invitations
    from counterfoil.flows.managed_enabling import ManagedEnabling
    from counterfoil.flows.managed_health import ManagedHealth
    from counterfoil.flows.managed_refresh import ManagedRefresh
    from counterfoil.flows.run_leases import RunLeases
    from counterfoil.flows.run_log import RunLog
    from counterfoil.flows.saved import SavedExports
    from counterfoil.flows.schedules import Schedules
    from counterfoil.flows.team import Team
    from counterfoil.flows.upkeep import Upkeep


class Identity(Protocol):
    def user(self, authorization: str | None) -> User:
        """Who the bearer token says is calling. Raises Unauthorized, ServiceUnavailable."""
        ...


class ServiceCallers(Protocol):
    def check(self, authorization: str | None) -> None:
        """Raises Unauthorized unless it is one of our own services."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    identity: Identity
    connections: Connections
    connect: Connect
    disconnect: Disconnect
    team: Team
    invitations: Invitations
    saved: SavedExports
    schedules: Schedules
    forecasts: Forecasts
    run_log: RunLog
    freezing: Freezing
    exporters: Exporters
    run_leases: RunLeases
    exports: Exports
    tokens: FreshTokens
    upkeep: Upkeep
    erasing: Erasing
    hints: Hints
    service_callers: ServiceCallers
    managed: ManagedEnabling
    managed_refresh: ManagedRefresh
    managed_health: ManagedHealth
    managed_accounts: tuple[str, ...]  # that write; with none it is not offered
    scheduler: ServiceCallers
    budgets: Budgets
    check_stores: Callable[[], object]  # raises SettingsError when their key is not there
    backend_url: str
    world: str
