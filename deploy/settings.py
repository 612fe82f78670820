"""The functions' settings as a file for `gcloud functions deploy --env-vars-file`, on stdout.

Reads what cloudbuild.yaml hands over in the environment; docs/deploy.md says what each is.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping

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
    writers = [account(f"sheets-{n + 1}") for n in range(int(env.get("MANAGED") or 0))]
    return {
        **{name: env[name] for name in MAIL if env.get(name)},
        "COUNTERFOIL_WORLD": "google",
        "COUNTERFOIL_PROJECT": project,
        "BACKEND_URL": env.get("BACKEND_URL") or functions,
        # Never by way of a domain of one's own: Cloud Run checks who calls, at its own address.
        "TOKEN_SERVICE_URL": f"{functions}/token_refresh",
        "SERVICE_ACCOUNTS": ",".join(callers),
        "MANAGED_ACCOUNTS": ",".join(writers),
        "MANAGED_SERVICE_URL": f"{functions}/managed_refresh",
        "SCHEDULER_ACCOUNT": account("scheduler"),
        **{name: env.get(name, "") for name in GIVEN},
        **{name: env[name] for name in OPTIONAL if env.get(name)},
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(settings(os.environ), indent=1) + "\n")
