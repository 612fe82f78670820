"""The log: one line of JSON per event on stdout."""

from __future__ import annotations

import logging
import sys

from counterfoil.core.journal import journal_line
from counterfoil.settings import CloudStores, Settings

# At DEBUG these print tokens, codes and the client secret.
TALKATIVE = ("requests_oauthlib", "oauthlib", "urllib3", "google", "google.auth")


def write_json_logs(settings: Settings | None = None) -> None:
    """One line of JSON per event on stdout, from the allow-list of core/journal.py."""
    handler = logging.StreamHandler(sys.stdout)
    stores = settings.stores if settings else None
    handler.setFormatter(
        JournalFormatter(
            project=stores.project if isinstance(stores, CloudStores) else "",
            service=settings.service if settings else "",
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.INFO)


class JournalFormatter(logging.Formatter):
    """Ours: the event and its allowed fields. A library's: only who spoke, since its text can
    quote an address or a payload."""

    def __init__(self, *, project: str = "", service: str = "") -> None:
        super().__init__()
        self._project = project
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        ours = record.name.split(".")[0] == "counterfoil"
        file = record.pathname.rpartition("/counterfoil/")[2].rpartition("/site-packages/")[2]
        return journal_line(
            str(record.msg) if ours else f"{record.name} spoke",
            record.levelname,
            getattr(record, "fields", {}) if ours else {},
            project=self._project,
            service=self._service,
            place=getattr(record, "place", None) or (file, record.lineno, record.funcName),
        )
