"""The part of wiring that makes managed refresh. Google's client is loaded when it is first needed:
one function has it, and the others do without.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from counterfoil.core.errors import Unauthorized
from counterfoil.later import Later, later

if TYPE_CHECKING:
    from requests import Session

    from counterfoil.adapters.google_identity import GoogleIdentity, ServiceCallers
    from counterfoil.flows.export import Exports
    from counterfoil.flows.exporters import Exporters
    from counterfoil.flows.managed_enabling import ManagedEnabling
    from counterfoil.flows.managed_health import ManagedHealth
    from counterfoil.flows.managed_ports import Desks
    from counterfoil.flows.managed_refresh import ManagedRefresh
    from counterfoil.flows.ports import Clock, Records
    from counterfoil.flows.schedules import Schedules
    from counterfoil.settings import ManagedSettings, Settings
    from counterfoil.web.services import ServiceCallers as Callers
else:
    Session = later("requests", "Session")
    GoogleIdentity = later("counterfoil.adapters.google_identity", "GoogleIdentity")
    ServiceCallers = later("counterfoil.adapters.google_identity", "ServiceCallers")
    ManagedEnabling = later("counterfoil.flows.managed_enabling", "ManagedEnabling")
    ManagedHealth = later("counterfoil.flows.managed_health", "ManagedHealth")


@dataclass(frozen=True, slots=True)
class ManagedServices:
    enabling: ManagedEnabling
    refresh: ManagedRefresh
    health: ManagedHealth
    accounts: tuple[str, ...]
    scheduler: Callers


def managed_services(
    settings: Settings,
    records: Records,
    exporters: Exporters,
    schedules: Schedules,
    exports: Callable[[], Exports],
    clock: Clock,
) -> ManagedServices:
    """`exports` makes those of the add-on; managed ones have a cap of their own."""
    managed = settings.managed
    desks = cast("Desks", Later(lambda: _desks(managed, records, clock)))

    def made() -> ManagedRefresh:
        from counterfoil.flows.managed_refresh import ManagedRefresh

        ours = exports()
        cells = managed.max_cells if managed else ours.limits.max_cells
        ours = dataclasses.replace(ours, limits=dataclasses.replace(ours.limits, max_cells=cells))
        return ManagedRefresh(exporters, schedules.connections, ours, desks, guests=settings.guests)

    accounts = managed.accounts if managed else ()
    return ManagedServices(
        ManagedEnabling(schedules, desks, accounts),
        cast("ManagedRefresh", Later(made)),
        ManagedHealth(records, clock, accounts),
        accounts,
        _scheduler(settings, managed, clock),
    )


def _desks(managed: ManagedSettings | None, records: Records, clock: Clock) -> Desks:
    from counterfoil.adapters.sheets_client import SheetDesks
    from counterfoil.flows.sheet_pace import SheetPace

    accounts = managed.accounts if managed else ()
    url = managed.sheets_url if managed else ""
    return SheetDesks(accounts, SheetPace(records, clock), url=url)


def _scheduler(settings: Settings, managed: ManagedSettings | None, clock: Clock) -> Callers:
    """Who may say that a minute has passed: one account, by a token for exactly this function."""
    if managed is None or not managed.scheduler:
        return _Nobody()
    identity = GoogleIdentity(
        audiences=(managed.url,),
        issuers=settings.google_issuers,
        certs_url=settings.google_certs_url,
        session=Session(),
        now=clock,
    )
    return ServiceCallers(identity, (managed.scheduler,))


class _Nobody:
    def check(self, authorization: str | None) -> None:
        raise Unauthorized("Nobody calls this here: a thread does what is due.")
