"""The only maker of real things: settings in, services out, made on an instance's first request."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from counterfoil.core.errors import ReconnectRequired, SettingsError
from counterfoil.flows.waiting import PATIENCE, SERVICE_PATIENCE
from counterfoil.later import Later, later
from counterfoil.logs import write_json_logs
from counterfoil.settings import CloudStores, EmbeddedStores, Settings
from counterfoil.stores import made_stores as made_stores
from counterfoil.stores import stores_later
from counterfoil.web.services import Services
from counterfoil.web.ticking import refresh_by_itself, tick_by_itself
from counterfoil.web.visitors import Visitors
from counterfoil.wiring_managed import managed_services

if TYPE_CHECKING:
    from requests import Session

    from counterfoil.adapters.counted_stores import CountedRecords, CountedSecrets
    from counterfoil.adapters.google_identity import GoogleIdentity, ServiceCallers
    from counterfoil.adapters.intuit_oauth import IntuitOAuth
    from counterfoil.adapters.quickbooks_api import Company, QuickBooksApi
    from counterfoil.adapters.token_service import MetadataIdToken, TokenService
    from counterfoil.flows.asked_tokens import AskedTokens
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
    from counterfoil.flows.grants import Grants
    from counterfoil.flows.hints import HintCheck, Hints
    from counterfoil.flows.invitations import Invitations
    from counterfoil.flows.keep_alive import KeepAlive
    from counterfoil.flows.leaving import Leaving
    from counterfoil.flows.ports import AccessTokens, Clock, CompanyRead, Records, Secrets
    from counterfoil.flows.reminders import Post, Reminders
    from counterfoil.flows.run_leases import RunLeases
    from counterfoil.flows.run_log import RunLog
    from counterfoil.flows.runs import Runs
    from counterfoil.flows.saved import SavedExports
    from counterfoil.flows.schedules import Schedules
    from counterfoil.flows.team import Team
    from counterfoil.flows.upkeep import Upkeep
else:
    # What one function's request does not use, a cold start of it need not load
    # (make bench ARGS=imports).
    Session = later("requests", "Session")
    CountedRecords = later("counterfoil.adapters.counted_stores", "CountedRecords")
    CountedSecrets = later("counterfoil.adapters.counted_stores", "CountedSecrets")
    ServiceCallers = later("counterfoil.adapters.google_identity", "ServiceCallers")
    GoogleIdentity = later("counterfoil.adapters.google_identity", "GoogleIdentity")
    IntuitOAuth = later("counterfoil.adapters.intuit_oauth", "IntuitOAuth")
    QuickBooksApi = later("counterfoil.adapters.quickbooks_api", "QuickBooksApi")
    MetadataIdToken = later("counterfoil.adapters.token_service", "MetadataIdToken")
    TokenService = later("counterfoil.adapters.token_service", "TokenService")
    AskedTokens = later("counterfoil.flows.asked_tokens", "AskedTokens")
    Budgets = later("counterfoil.flows.budgets", "Budgets")
    Connect = later("counterfoil.flows.connect", "Connect")
    Connections = later("counterfoil.flows.connections", "Connections")
    Disconnect = later("counterfoil.flows.disconnect", "Disconnect")
    Erasing = later("counterfoil.flows.erasing", "Erasing")
    Exporters = later("counterfoil.flows.exporters", "Exporters")
    Forecasts = later("counterfoil.flows.forecasts", "Forecasts")
    Freezing = later("counterfoil.flows.freezing", "Freezing")
    FreshTokens = later("counterfoil.flows.fresh_tokens", "FreshTokens")
    Grants = later("counterfoil.flows.grants", "Grants")
    HintCheck = later("counterfoil.flows.hints", "HintCheck")
    Hints = later("counterfoil.flows.hints", "Hints")
    Invitations = later("counterfoil.flows.invitations", "Invitations")
    KeepAlive = later("counterfoil.flows.keep_alive", "KeepAlive")
    Leaving = later("counterfoil.flows.leaving", "Leaving")
    Reminders = later("counterfoil.flows.reminders", "Reminders")
    RunLeases = later("counterfoil.flows.run_leases", "RunLeases")
    RunLog = later("counterfoil.flows.run_log", "RunLog")
    Runs = later("counterfoil.flows.runs", "Runs")
    SavedExports = later("counterfoil.flows.saved", "SavedExports")
    Schedules = later("counterfoil.flows.schedules", "Schedules")
    Team = later("counterfoil.flows.team", "Team")
    Upkeep = later("counterfoil.flows.upkeep", "Upkeep")


def log_from_now() -> None:
    """Lines of JSON before anything is said, whatever is wrong with the deployment."""
    write_json_logs()
    with contextlib.suppress(SettingsError):
        write_json_logs(Settings.from_env())


@functools.cache
def services() -> Services:
    """The services of this process. Raises SettingsError when the deployment is wrong."""
    write_json_logs()  # what is wrong with the settings is a line of JSON as well
    settings = Settings.from_env()
    write_json_logs(settings)
    services = made(settings)
    if isinstance(settings.stores, EmbeddedStores):
        tick_by_itself(services.upkeep)
        if settings.managed:
            refresh_by_itself(services.managed_refresh)
    return services


def made(settings: Settings, now: Callable[[], datetime] | None = None) -> Services:
    """Services over the stores that the settings name. What is wrong with these is said when
    they are first used: `Services.check_stores` looks.
    """
    clock = now or wall_clock
    stores = stores_later(settings.stores)
    lines = isinstance(settings.stores, CloudStores)  # those are outside calls
    records = CountedRecords(stores.records, lines=lines)
    secrets = CountedSecrets(stores.secrets, lines=lines)
    grants_sealer, exports_sealer = stores.sealer("access tokens"), stores.sealer("exports")
    intuit = IntuitOAuth(
        discovery_url=settings.intuit_discovery_url,
        client_id=settings.intuit_client_id,
        client_secret=settings.intuit_client_secret,
        redirect_uri=settings.redirect_uri,
        now=clock,
    )
    quickbooks = QuickBooksApi(settings.intuit_api_url, clock=clock)
    connections = Connections(records, clock)
    budgets = Budgets(records, clock, caps=settings.caps)
    tokens = FreshTokens(
        records=records,
        secrets=secrets,
        sealer=grants_sealer,
        intuit=intuit,
        now=clock,
        # Whoever waits in `token_refresh` is a service: while it waits, its instance has a
        # processor, and the refresh goes on.
        patience=SERVICE_PATIENCE if settings.token_service_url else PATIENCE,
    )
    grants = Grants(records, secrets, grants_sealer)
    access = _access_tokens(settings, records, grants, tokens, clock)
    leaving = Leaving(
        records=records, secrets=secrets, sealer=grants_sealer, intuit=intuit, now=clock
    )
    exporters = Exporters(records, exports_sealer, clock)
    saved = SavedExports(records, exports_sealer, clock, connections)

    def exports_made() -> Exports:
        from counterfoil.adapters.typed_pages import page_reader
        from counterfoil.flows.export import Exports
        from counterfoil.flows.limits import Limits

        return Exports(
            records=records,
            sealer=exports_sealer,
            connections=connections,
            tokens=access,
            quickbooks=quickbooks,
            page_reader=page_reader,
            clock=clock,
            budgets=budgets,
            limits=Limits(
                max_cells=settings.max_cells, reconcile=timedelta(days=settings.reconcile_days)
            ),
        )

    exports = cast("Exports", Later(exports_made))
    schedules = Schedules(exporters, connections)
    managed = managed_services(settings, records, exporters, schedules, exports_made, clock)
    return Services(
        tokens=tokens,
        erasing=Erasing(
            records=records, secrets=secrets, grants=grants, leaving=leaving, now=clock
        ),
        hints=Hints(records, clock),
        upkeep=Upkeep(
            records=records,
            keep_alive=KeepAlive(records, grants, tokens, leaving, clock),
            leaving=leaving,
            hints=HintCheck(records, tokens, clock),
            reminders=Reminders(records, _post(settings), clock),
            orphans=lambda: _orphans(records, secrets, clock),
            purge=lambda: stores.purge(clock()),
            clock=clock,
        ),
        service_callers=ServiceCallers(
            GoogleIdentity(
                audiences=(settings.token_refresh_audience,),
                issuers=settings.google_issuers,
                certs_url=settings.google_certs_url,
                session=Session(),
                now=clock,
            ),
            settings.service_accounts,
        ),
        identity=Visitors(
            GoogleIdentity(
                audiences=settings.addon_client_ids,
                issuers=settings.google_issuers,
                certs_url=settings.google_certs_url,
                session=Session(),
                now=clock,
                guests=settings.guests,
            ),
            settings.requests_per_minute,
            clock,
        ),
        connections=connections,
        connect=Connect(
            records=records,
            secrets=secrets,
            sealer=grants_sealer,
            intuit=intuit,
            company_info=_one_read(quickbooks, lambda company: company.company_info()),
            preferences=_one_read(quickbooks, lambda company: company.preferences()),
            now=clock,
            guests=settings.guests,
        ),
        disconnect=Disconnect(
            records=records,
            connections=connections,
            leaving=leaving,
        ),
        team=Team(records=records, connections=connections, leaving=leaving, now=clock),
        invitations=Invitations(records=records, connections=connections, now=clock),
        saved=saved,
        freezing=Freezing(records, exports_sealer, clock, connections),
        schedules=schedules,
        managed=managed.enabling,
        managed_refresh=managed.refresh,
        managed_health=managed.health,
        managed_accounts=managed.accounts,
        scheduler=managed.scheduler,
        exporters=exporters,
        run_leases=RunLeases(records, clock),
        forecasts=Forecasts(saved, exports, Runs(records, clock)),
        run_log=RunLog(records, saved, clock),
        exports=exports,
        budgets=budgets,
        check_stores=lambda: stores.keys,
        backend_url=settings.backend_url,
        world=settings.world,
    )


def _post(settings: Settings) -> Post | None:
    if settings.mail is None:
        return None
    from counterfoil.adapters.smtp_mail import SmtpMail

    return SmtpMail(settings.mail)


def _orphans(records: Records, secrets: Secrets, clock: Clock) -> int:
    from counterfoil.flows.storing import Storing

    return Storing(records, clock).sweep(secrets)


def _access_tokens(
    settings: Settings, records: Records, grants: Grants, tokens: FreshTokens, clock: Clock
) -> AccessTokens:
    """Where exports get theirs: from `token_refresh` in the cloud, in process on one machine."""
    url = settings.token_service_url
    if not url:
        return tokens
    service = TokenService(url, id_token=MetadataIdToken(url), session=Session())
    return AskedTokens(records=records, grants=grants, service=service, now=clock)


def wall_clock() -> datetime:
    return datetime.now(UTC)


def _one_read(quickbooks: QuickBooksApi, read: Callable[[Company], dict[str, Any]]) -> CompanyRead:
    def once(realm_id: str, access_token: str) -> Mapping[str, Any]:
        # The token of this very exchange answers or nothing does: there is no other to try.
        return read(quickbooks.company(realm_id, lambda: access_token, _refused))

    return once


def _refused(token: str) -> str:
    raise ReconnectRequired("QuickBooks did not accept our access. Please connect again.")
