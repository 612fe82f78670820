"""The functions' settings as a file for `gcloud functions deploy --env-vars-file`, on stdout.

Reads what cloudbuild.yaml hands over in the environment; docs/deploy.md says what each is. Stops
where a function would not start with them: it would take the place of one that does.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping

from counterfoil.core.errors import SettingsError
from counterfoil.settings import Settings

# What is only set when it is given: the backend has its own default.
OPTIONAL = (
    "ALLOWED_DOMAINS", "ALLOWED_USERS", "COUNTERFOIL_DATABASE", "COUNTERFOIL_MAX_CELLS",
    "COUNTERFOIL_MONTHLY_CALLS", "COUNTERFOIL_MONTHLY_CALLS_PER_COMPANY",
    "COUNTERFOIL_MONTHLY_CALLS_PER_USER", "COUNTERFOIL_RECONCILE_DAYS",
    "COUNTERFOIL_MANAGED_MAX_CELLS", "COUNTERFOIL_REQUESTS_PER_MINUTE",
)  # fmt: skip
# Of the mail server, whose password only token_refresh gets: it alone sends (deploy/functions.sh).
MAIL = ("SMTP_FROM", "SMTP_HOST", "SMTP_PORT", "SMTP_SECURITY", "SMTP_USER")
GIVEN = (
    "ADDON_CLIENT_IDS", "COUNTERFOIL_KEY_VERSIONS", "COUNTERFOIL_SECRETS", "INTUIT_CLIENT_ID",
    "INTUIT_KEYS",
)  # fmt: skip


def settings(env: Mapping[str, str]) -> dict[str, str]:
    """The client secret is not among them: it comes from Secret Manager, by version number."""
    project, region = env["PROJECT_ID"], env["REGION"]
    functions = f"https://{region}-{project}.cloudfunctions.net"

    def account(name: str) -> str:
        return f"counterfoil-{name}@{project}.iam.gserviceaccount.com"

    callers = [account(name) for name in ("web", "tokens", "managed", "scheduler")]
    managed = env.get("MANAGED", "")
    writers = [account(f"sheets-{n + 1}") for n in range(int(managed) if _counts(managed) else 0)]
    return {
        **{name: env[name] for name in MAIL if env.get(name)},
        "COUNTERFOIL_WORLD": "google",
        "COUNTERFOIL_PROJECT": project,
        "BACKEND_URL": env.get("BACKEND_URL") or functions,
        # Never by way of a domain of one's own: Cloud Run checks who calls, at its own address.
        "TOKEN_SERVICE_URL": f"{functions}/token_refresh",
        "SERVICE_ACCOUNTS": ",".join(callers),
        "MANAGED_ACCOUNTS": env.get("MANAGED_ACCOUNTS") or ",".join(writers),
        "MANAGED_SERVICE_URL": f"{functions}/managed_refresh",
        "SCHEDULER_ACCOUNT": account("scheduler"),
        **{name: env.get(name, "") for name in GIVEN},
        **{name: env[name] for name in OPTIONAL if env.get(name)},
    }


def wrong(made: Mapping[str, str], env: Mapping[str, str]) -> list[str]:
    """A sentence for each kind of fault in them; none where every function starts."""
    found = []
    if not _counts(env.get("MANAGED", "")):
        found.append("_MANAGED must be a whole number, 0 for no managed refresh.")
    if env.get("MANAGED_ACCOUNTS") and env.get("MANAGED") == "0":
        found.append("_MANAGED_ACCOUNTS names accounts for managed refresh, and _MANAGED=0 none.")
    for name in ("INTUIT_SECRET_VERSION", "SMTP_PASSWORD_VERSION"):
        version = env.get(name, "")
        if not _counts(version) and (version or name == "INTUIT_SECRET_VERSION"):
            found.append(f"_{name} must be the number of a version.")
    try:
        for given in _as_deployed(made, bool(env.get("SMTP_PASSWORD_VERSION"))):
            Settings.from_env(given)
    except SettingsError as error:
        found.append(str(error))
    return found


def _as_deployed(made: Mapping[str, str], password: bool) -> tuple[dict[str, str], dict[str, str]]:
    """What token_refresh and home get (deploy/functions.sh), with stand-ins for the secrets."""
    secrets = {"INTUIT_CLIENT_SECRET": "there"} | ({"SMTP_PASSWORD": "there"} if password else {})
    rest = {name: value for name, value in made.items() if name not in MAIL}
    return (
        {**made, **secrets, "K_SERVICE": "token-refresh"},
        {**rest, "COUNTERFOIL_TOKENS": "elsewhere", "K_SERVICE": "home"},
    )


def _counts(value: str) -> bool:
    return re.fullmatch(r"\d{1,9}", value, re.ASCII) is not None


def main() -> int:
    made = settings(os.environ)
    if found := wrong(made, os.environ):
        sys.stderr.write("Nothing was deployed. " + " ".join(found) + "\n")
        sys.stderr.write("Substitutions have the names of settings, and a _ before them.\n")
        return 1
    sys.stdout.write(json.dumps(made, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
