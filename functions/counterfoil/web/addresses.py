"""Every address of the API, by the function that answers there (functions/main.py)."""

from __future__ import annotations

from counterfoil.web import account, handlers, managed, oauth, saved, service_calls
from counterfoil.web.endpoint import Route

ADDRESSES: dict[str, tuple[Route, ...]] = {
    "home": handlers.HOME,
    "catalog": handlers.CATALOG,
    "connections": handlers.CONNECTIONS,
    "oauth_start": oauth.OAUTH_START,
    "oauth_callback": oauth.OAUTH_CALLBACK,
    "pages": oauth.PAGES,
    "export": handlers.EXPORT,
    "exporters": saved.EXPORTERS,
    "account": account.ACCOUNT,
    "token_refresh": service_calls.TOKEN_REFRESH,
    "managed_refresh": managed.MANAGED_REFRESH,
    "runs": handlers.RUNS,
    "health": handlers.HEALTH,
}
