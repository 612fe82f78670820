"""The only reader of the environment.

Two worlds. In `google` everything that could be pointed at an impostor is a constant here; in
`sandbox` every address must be on this machine. A mix refuses to start (docs/decisions.md).
"""

from __future__ import annotations

import os
import pathlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from counterfoil.core.budgets import Caps
from counterfoil.core.errors import SettingsError
from counterfoil.core.mail_server import MailServer, mail_server
from counterfoil.core.people import EVERYBODY, Guests

# https://developers.google.com/identity/openid-connect/openid-connect#discovery
GOOGLE_CERTS_URL = "https://www.googleapis.com/oauth2/v1/certs"
GOOGLE_ISSUERS = ("https://accounts.google.com", "accounts.google.com")

# https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization
INTUIT = {
    "production": (
        "https://developer.api.intuit.com/.well-known/openid_configuration",
        "https://quickbooks.api.intuit.com",
    ),
    "development": (
        "https://developer.api.intuit.com/.well-known/openid_sandbox_configuration",
        "https://sandbox-quickbooks.api.intuit.com",
    ),
}
SANDBOX_ONLY = ("GOOGLE_CERTS_URL", "GOOGLE_ISSUER", "INTUIT_DISCOVERY_URL", "INTUIT_API_URL")
# Of managed refresh there; without it the sandbox offers none.
SHEETS_STAND_IN = "SHEETS_API_URL"
LOOPBACK = {"127.0.0.1", "::1", "localhost"}

# Addresses that would take Firestore and Secret Manager for the real ones.
STAND_INS = ("FIRESTORE_EMULATOR_HOST", "SECRET_MANAGER_HOST")

# https://cloud.google.com/resource-manager/docs/creating-managing-projects and, for a database,
# https://firebase.google.com/docs/firestore/manage-databases
_PROJECT = re.compile(r"([a-z][a-z0-9.-]{1,61}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]", re.ASCII)
_DATABASE = re.compile(r"\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9]", re.ASCII)
_DOMAIN = re.compile(r"([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}", re.ASCII)
_USER = re.compile(r"[^@\s]{1,64}@([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}")
# https://cloud.google.com/iam/docs/service-accounts-create
_ACCOUNT = re.compile(r"[a-z0-9-]{1,63}@[a-z0-9.-]{1,100}\.iam\.gserviceaccount\.com", re.ASCII)
# Also those that Google makes (…@developer.gserviceaccount.com).
_CALLER = re.compile(r"[a-z0-9-]{1,63}@([a-z0-9-]{1,63}\.){1,5}gserviceaccount\.com", re.ASCII)
_VERSIONS = re.compile(r"[1-9]\d{0,8}(,[1-9]\d{0,8})*", re.ASCII)


@dataclass(frozen=True, slots=True)
class EmbeddedStores:
    """SQLite and a sealed file in this folder."""

    data: pathlib.Path


@dataclass(frozen=True, slots=True)
class CloudStores:
    """Firestore and Secret Manager of one project."""

    project: str
    database: str
    envelopes: bool  # refresh tokens sealed in records, rather than a secret for each grant
    key_versions: tuple[str, ...]  # of the master key's secret; the first seals, all open
    firestore_host: str  # a stand-in's address and port; empty for Google's own
    secret_manager_host: str


@dataclass(frozen=True, slots=True)
class ManagedSettings:
    """What managed refresh needs."""

    accounts: tuple[str, ...]  # service accounts that write into spreadsheets
    scheduler: str  # the account that calls each minute; empty on one machine, where a thread does
    url: str  # of the function: what the scheduler's OIDC tokens must be made for
    sheets_url: str  # a stand-in's; empty for Google's own
    max_cells: int  # of one export


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a deployment decides."""

    world: str  # "google" or "sandbox"
    backend_url: str  # where this backend answers, no slash at the end
    stores: EmbeddedStores | CloudStores
    addon_client_ids: tuple[str, ...]  # OAuth client ids of the add-on's script projects
    google_certs_url: str
    google_issuers: tuple[str, ...]
    intuit_discovery_url: str
    intuit_api_url: str
    intuit_client_id: str
    intuit_client_secret: str = field(repr=False)  # empty where another function asks for tokens
    caps: Caps = field(default_factory=Caps)  # of calls in a month
    service_accounts: tuple[str, ...] = ()  # who may call token_refresh
    managed: ManagedSettings | None = None  # None: no managed refresh
    token_service_url: str = ""  # where exports ask for fresh tokens; empty: in process
    max_cells: int = 1_000_000  # of one add-on export (design: caps)
    reconcile_days: int = 7  # so often an update reads everything
    guests: Guests = EVERYBODY  # whom it is for
    requests_per_minute: int = 600  # of one user, in each process
    mail: MailServer | None = None  # of the operator, for letters about schedules
    service: str = ""  # what Cloud Run calls this function; for the log

    @property
    def token_refresh_audience(self) -> str:
        """What the OIDC tokens of our own services must be made for."""
        return self.token_service_url or f"{self.backend_url}/token_refresh"

    @property
    def redirect_uri(self) -> str:
        """The one address registered with Intuit."""
        return f"{self.backend_url}/oauth_callback"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """Raises SettingsError, one sentence for everything that is wrong."""
        wrong: list[str] = []
        world = env.get("COUNTERFOIL_WORLD", "")
        reader = _READERS.get(world)
        if reader is None:
            raise SettingsError(
                "COUNTERFOIL_WORLD must be google or sandbox (docs/deploy.md: Settings)."
            )
        outside = reader(env, wrong)
        stores = _stores(env, world, wrong)
        values = {
            name: _required(env, name, wrong)
            for name in (
                "BACKEND_URL",
                "ADDON_CLIENT_IDS",
                "INTUIT_CLIENT_ID",
            )
        }
        audiences = tuple(a.strip() for a in values["ADDON_CLIENT_IDS"].split(",") if a.strip())
        if values["ADDON_CLIENT_IDS"] and not audiences:
            wrong.append("ADDON_CLIENT_IDS names no client id")
        backend = values["BACKEND_URL"].rstrip("/")
        if backend and not _fits(backend, world):
            wrong.append(f"BACKEND_URL must be {_ADDRESS[world]}")
        max_cells = _whole(env, "COUNTERFOIL_MAX_CELLS", 1_000_000, wrong)
        reconcile = _whole(env, "COUNTERFOIL_RECONCILE_DAYS", 7, wrong)
        usual = Caps()
        caps = Caps(
            deployment=_whole(env, "COUNTERFOIL_MONTHLY_CALLS", usual.deployment, wrong),
            connection=_whole(
                env, "COUNTERFOIL_MONTHLY_CALLS_PER_COMPANY", usual.connection, wrong
            ),
            user=_whole(env, "COUNTERFOIL_MONTHLY_CALLS_PER_USER", usual.user, wrong),
        )
        requests = _whole(env, "COUNTERFOIL_REQUESTS_PER_MINUTE", 600, wrong)
        guests = _guests(env, wrong)
        mail = mail_server(env, world, wrong)
        accounts = tuple(env.get("SERVICE_ACCOUNTS", "").replace(",", " ").split())
        if not all(_CALLER.fullmatch(account) for account in accounts):
            wrong.append("SERVICE_ACCOUNTS takes the addresses of service accounts")
        token_service = _token_service(env, world, stores, backend, wrong)
        if token_service and not accounts:
            wrong.append("SERVICE_ACCOUNTS must name the account that the functions run as")
        client_secret = _client_secret(env, token_service, wrong)
        managed = _managed(env, world, stores, backend, wrong)
        if wrong:
            raise SettingsError(
                "This deployment is not set up: "
                + "; ".join(wrong)
                + " (docs/deploy.md: Settings)."
            )
        return cls(
            world=world,
            backend_url=backend,
            stores=stores,
            addon_client_ids=audiences,
            google_certs_url=outside["GOOGLE_CERTS_URL"],
            google_issuers=tuple(outside["GOOGLE_ISSUER"].split(",")),
            intuit_discovery_url=outside["INTUIT_DISCOVERY_URL"],
            intuit_api_url=outside["INTUIT_API_URL"].rstrip("/"),
            intuit_client_id=values["INTUIT_CLIENT_ID"],
            intuit_client_secret=client_secret,
            caps=caps,
            max_cells=max_cells,
            reconcile_days=reconcile,
            guests=guests,
            requests_per_minute=requests,
            mail=mail,
            service=env.get("K_SERVICE", ""),
            service_accounts=accounts,
            token_service_url=token_service,
            managed=managed,
        )


def _guests(env: Mapping[str, str], wrong: list[str]) -> Guests:
    domains, users = (
        frozenset(env.get(name, "").lower().replace(",", " ").split())
        for name in ("ALLOWED_DOMAINS", "ALLOWED_USERS")
    )
    # Set to what names nobody would be taken for not set, which lets everybody in.
    wrong += [
        f"{name} is set and names nobody"
        for name, named in (("ALLOWED_DOMAINS", domains), ("ALLOWED_USERS", users))
        if env.get(name) and not named
    ]
    if not all(_DOMAIN.fullmatch(domain) for domain in domains):
        wrong.append("ALLOWED_DOMAINS takes domains (example.com), not addresses")
    if not all(_USER.fullmatch(user) for user in users):
        wrong.append("ALLOWED_USERS takes whole e-mail addresses")
    return Guests(domains, users)


_ADDRESS = {
    "google": "an https address without a query",
    "sandbox": "an http address on this machine (127.0.0.1)",
}


def _google(env: Mapping[str, str], wrong: list[str]) -> dict[str, str]:
    wrong += [
        f"{name} belongs to the sandbox and must not be set"
        for name in (*SANDBOX_ONLY, *STAND_INS, SHEETS_STAND_IN)
        if env.get(name)
    ]
    keys = env.get("INTUIT_KEYS", "")
    if keys not in INTUIT:
        wrong.append("INTUIT_KEYS must be production or development")
    discovery, api = INTUIT.get(keys, ("", ""))
    return {
        "GOOGLE_CERTS_URL": GOOGLE_CERTS_URL,
        "GOOGLE_ISSUER": ",".join(GOOGLE_ISSUERS),
        "INTUIT_DISCOVERY_URL": discovery,
        "INTUIT_API_URL": api,
    }


def _sandbox(env: Mapping[str, str], wrong: list[str]) -> dict[str, str]:
    if env.get("K_SERVICE"):
        wrong.append("the sandbox must not run in the cloud, yet K_SERVICE is set")
    if env.get("INTUIT_KEYS"):
        wrong.append("INTUIT_KEYS belongs to the google world and must not be set")
    outside = {name: _required(env, name, wrong) for name in SANDBOX_ONLY}
    wrong += [
        f"{name} must be {_ADDRESS['sandbox']}"
        for name, url in outside.items()
        if url and not _fits(url, "sandbox")
    ]
    return outside


_READERS = {"google": _google, "sandbox": _sandbox}


def _stores(env: Mapping[str, str], world: str, wrong: list[str]) -> EmbeddedStores | CloudStores:
    kind = env.get("COUNTERFOIL_STORES", "") or ("cloud" if world == "google" else "embedded")
    if kind == "cloud":
        return _cloud(env, world, wrong)
    if kind != "embedded":
        wrong.append("COUNTERFOIL_STORES must be embedded or cloud")
    if env.get("K_SERVICE"):
        wrong.append("what the embedded stores keep would be lost here: K_SERVICE is set")
    return EmbeddedStores(pathlib.Path(_required(env, "COUNTERFOIL_DATA", wrong)))


def _cloud(env: Mapping[str, str], world: str, wrong: list[str]) -> CloudStores:
    if env.get("COUNTERFOIL_DATA"):
        wrong.append("COUNTERFOIL_DATA belongs to COUNTERFOIL_STORES=embedded, not to cloud")
    project = _required(env, "COUNTERFOIL_PROJECT", wrong)
    if project and not _PROJECT.fullmatch(project):
        wrong.append("COUNTERFOIL_PROJECT must be the id of a Google Cloud project")
    database = env.get("COUNTERFOIL_DATABASE", "") or "(default)"
    if not _DATABASE.fullmatch(database):
        wrong.append("COUNTERFOIL_DATABASE must be the id of a Firestore database")
    secrets = env.get("COUNTERFOIL_SECRETS", "") or "secret-manager"
    if secrets not in ("secret-manager", "envelopes"):
        wrong.append("COUNTERFOIL_SECRETS must be secret-manager or envelopes")
    versions = _required(env, "COUNTERFOIL_KEY_VERSIONS", wrong).replace(" ", "")
    if versions and not _VERSIONS.fullmatch(versions):
        # Never "latest": which key that is would change under a running instance.
        wrong.append("COUNTERFOIL_KEY_VERSIONS must be version numbers, the newest first")
    hosts = {name: _host(env, name, wrong) for name in STAND_INS} if world == "sandbox" else {}
    return CloudStores(
        project=project,
        database=database,
        envelopes=secrets == "envelopes",
        key_versions=tuple(versions.split(",")),
        firestore_host=hosts.get("FIRESTORE_EMULATOR_HOST", ""),
        secret_manager_host=hosts.get("SECRET_MANAGER_HOST", ""),
    )


def _token_service(
    env: Mapping[str, str],
    world: str,
    stores: EmbeddedStores | CloudStores,
    backend: str,
    wrong: list[str],
) -> str:
    """In the cloud always another function; over stand-ins if one is named; else in process."""
    url = env.get("TOKEN_SERVICE_URL", "").strip().rstrip("/")
    if isinstance(stores, EmbeddedStores):
        if url:
            wrong.append("TOKEN_SERVICE_URL belongs to COUNTERFOIL_STORES=cloud, not to embedded")
        return ""
    if url and not _fits(url, world):
        wrong.append(f"TOKEN_SERVICE_URL must be {_ADDRESS[world]}")
    return url or (f"{backend}/token_refresh" if world == "google" else "")


def _client_secret(env: Mapping[str, str], token_service: str, wrong: list[str]) -> str:
    """Whether it can do without is told, and not guessed: a function that lacks it by mistake must
    not start.
    """
    place = env.get("COUNTERFOIL_TOKENS", "")
    if not place:
        return _required(env, "INTUIT_CLIENT_SECRET", wrong)
    if place != "elsewhere" or not token_service:
        wrong.append("COUNTERFOIL_TOKENS must be elsewhere, beside a token service, or not set")
    if env.get("INTUIT_CLIENT_SECRET"):
        wrong.append("INTUIT_CLIENT_SECRET must not be set where COUNTERFOIL_TOKENS is")
    return ""


def _managed(
    env: Mapping[str, str],
    world: str,
    stores: EmbeddedStores | CloudStores,
    backend: str,
    wrong: list[str],
) -> ManagedSettings | None:
    accounts = tuple(dict.fromkeys(env.get("MANAGED_ACCOUNTS", "").replace(",", " ").split()))
    max_cells = _whole(env, "COUNTERFOIL_MANAGED_MAX_CELLS", 4_000_000, wrong)
    if not accounts:
        return None
    if not all(_ACCOUNT.fullmatch(account) for account in accounts):
        wrong.append("MANAGED_ACCOUNTS takes the addresses of service accounts")
    scheduler = env.get("SCHEDULER_ACCOUNT", "").strip()
    if isinstance(stores, CloudStores) and not scheduler:
        wrong.append("SCHEDULER_ACCOUNT must name the account that calls managed_refresh")
    if scheduler and not _CALLER.fullmatch(scheduler):
        wrong.append("SCHEDULER_ACCOUNT must be the address of a service account")
    url = env.get("MANAGED_SERVICE_URL", "").strip().rstrip("/")
    if url and not _fits(url, world):
        wrong.append(f"MANAGED_SERVICE_URL must be {_ADDRESS[world]}")
    sheets = _required(env, SHEETS_STAND_IN, wrong) if world == "sandbox" else ""
    if sheets and not _fits(sheets, "sandbox"):
        wrong.append(f"{SHEETS_STAND_IN} must be {_ADDRESS['sandbox']}")
    address = url or f"{backend}/managed_refresh"
    return ManagedSettings(accounts, scheduler, address, sheets, max_cells)


def _host(env: Mapping[str, str], name: str, wrong: list[str]) -> str:
    host = _required(env, name, wrong)
    if host and not _fits(f"http://{host}", "sandbox"):
        wrong.append(f"{name} must be an address and port on this machine (127.0.0.1:8085)")
    return host


def _required(env: Mapping[str, str], name: str, wrong: list[str]) -> str:
    value = env.get(name, "").strip()
    if not value:
        wrong.append(f"{name} is missing")
    return value


def _whole(env: Mapping[str, str], name: str, default: int, wrong: list[str]) -> int:
    value = env.get(name, "")
    if not value:
        return default
    if re.fullmatch(r"[1-9]\d{0,8}", value):
        return int(value)
    wrong.append(f"{name} must be a whole number above 0")
    return default


def _fits(url: str, world: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # a bracket without its other half, a port beyond all ports
        return False
    # urlsplit would leave line breaks out, and take a blank for a part of a name.
    if not re.fullmatch(r"[!-~]+", url) or parts.username or parts.query or parts.fragment:
        return False
    if world == "google":
        return parts.scheme == "https" and bool(parts.hostname)
    return parts.scheme == "http" and parts.hostname in LOOPBACK
