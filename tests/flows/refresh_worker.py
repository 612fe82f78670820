"""One process of many that all want the same company's token.

python -m tests.flows.refresh_worker, with a JSON object on the first line of stdin; it says
"ready", waits for a second line, and prints what its threads got.
"""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from counterfoil import wiring
from counterfoil.adapters.intuit_oauth import IntuitOAuth
from counterfoil.adapters.sealer import AesSealer
from counterfoil.core.errors import AppError
from counterfoil.flows.fresh_tokens import FreshTokens
from counterfoil.settings import CloudStores, EmbeddedStores


def tokens(job: dict[str, Any]) -> FreshTokens:
    """The real thing over the stores that the job names and the sandbox's Intuit."""
    stores = wiring.made_stores(
        CloudStores(**{**job["cloud"], "key_versions": tuple(job["cloud"]["key_versions"])})
        if "cloud" in job
        else EmbeddedStores(pathlib.Path(job["folder"]))
    )
    ahead = timedelta(seconds=job["ahead_s"])

    def now() -> datetime:
        return datetime.now(UTC) + ahead

    def step(label: str) -> None:
        if label == job.get("dies_after"):
            os.kill(os.getpid(), signal.SIGKILL)

    return FreshTokens(
        records=stores.records,
        secrets=stores.secrets,
        sealer=AesSealer(*stores.keys, purpose="access tokens"),
        intuit=IntuitOAuth(**job["intuit"], now=now),
        now=now,
        step=step,
    )


def main() -> None:
    job = json.loads(sys.stdin.readline())
    fresh = tokens(job)
    got: list[str] = []

    def export() -> None:
        try:
            token = fresh.for_connection(job["connection"])
            got.append(hashlib.sha256(token.encode()).hexdigest())
        except AppError as error:
            got.append(error.code)

    threads = [threading.Thread(target=export) for _ in range(job["threads"])]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(got) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
