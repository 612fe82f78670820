"""tap-quickbooks of Singer, unmodified, in an interpreter of its own: its invoices, 1,000 a batch,
whose messages are counted and let go.
"""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import time
import warnings
from typing import Any

from bench import machine


class Counted:
    """Where the messages of a tap go."""

    def __init__(self) -> None:
        self.records = 0

    def write(self, text: str) -> int:
        self.records += text.startswith('{"type": "RECORD"')
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""


def main() -> None:
    what = machine.given()
    machine.pin(what["core"])
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # the simulator speaks http
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    machine.tell(measured(what))


def measured(what: dict[str, Any]) -> dict[str, Any]:
    from singer import metadata
    from tap_quickbooks import client, discover, sync

    client.PROD_ENDPOINT_BASE = what["api_url"]
    config = {
        "client_id": what["client_id"],
        "client_secret": what["client_secret"],
        "refresh_token": what["refresh_token"],
        "access_token": what["access_token"],
        "realm_id": what["realm_id"],
        "user_agent": "bench",
        "start_date": "2000-01-01T00:00:00Z",
        "max_results": "1000",
    }
    catalog = discover.do_discover()
    for stream in catalog.streams:
        marks = metadata.to_map(stream.metadata)
        chosen = metadata.write(marks, (), "selected", stream.tap_stream_id == "invoices")
        stream.metadata = metadata.to_list(chosen)
    messages = Counted()
    began, used = time.perf_counter(), machine.cpu_s()
    with tempfile.TemporaryDirectory() as folder:
        # With its own token as it is: to refresh one is not what is measured.
        made = client.QuickbooksClient(os.path.join(folder, "config.json"), config, dev_mode=True)
        with contextlib.redirect_stdout(messages):  # type: ignore[type-var]  # it only writes
            sync.do_sync(made, config, {}, catalog)
    return {
        "rows": messages.records,
        "seconds": round(time.perf_counter() - began, 3),
        "cpu_s": round(machine.cpu_s() - used, 2),
        "peak_rss_mb": machine.peak_rss_mb(),
    }


if __name__ == "__main__":
    main()
