"""Exports that are kept, and the form in which they are saved and opened again."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.addon.sidebar_window import FULL, Show, calls, form, in_view, press
from tests.addon.stub_page import CATALOG, LAST, exporter
from tests.addon.test_sidebar_companies import does

OPEN = exporter("Open invoices", id="exp_open", connection_ids=["con_acme"], revision=3)
MINE = FULL | {"exporters": [OPEN]}
ENTITY = {
    "id": "exp_open",
    "name": "Open invoices",
    "title": "Open invoices",
    "kind": "entity",
    "dataset": "invoices",
    "connection_ids": ["con_acme"],
    "options": {
        "columns": ["c0", "c4"],
        "from": None,
        "to": None,
        "include_inactive": False,
        "dates": "last_month",
    },
    "block": "CF_open",
    "tab": "Invoices",
    "revision": 3,
    "paused": None,
}
REPORT = ENTITY | {
    "kind": "report",
    "dataset": "profit-and-loss",
    "options": {
        "parameters": {
            "start_date": "2026-01-01",
            "end_date": "2026-06-30",
            "accounting_method": "Cash",
            "columns": "tx_date,memo",
        },
        "layout": "tidy",
    },
}
FILTERS = [
    {"key": "status", "title": "Status", "kind": "state", "states": [{"key": "open", "title": "Open"}, {"key": "paid", "title": "Paid"}]},
    {"key": "customer", "title": "Customer", "kind": "names"},
    {"key": "memo", "title": "Memo", "kind": "text"},
    {"key": "total", "title": "Total", "kind": "amount"},
    {"key": "due", "title": "Due date", "kind": "days"},
]  # fmt: skip
FILTERED = CATALOG | {
    "entities": [CATALOG["entities"][0] | {"filters": FILTERS}, *CATALOG["entities"][1:]]
}


def saved(show: Show, answers: dict[str, Any] | None = None) -> Page:
    page = form(show, {"saveExporter": ENTITY, "runAgain": LAST} | (answers or {}))
    page.get_by_label("Name", exact=True).fill("Open invoices")
    return page


def edited(show: Show, held: dict[str, Any], **answers: Any) -> Page:
    page = show(
        {"home": MINE, "readExporter": held, "changeExporter": held, "runAgain": LAST} | answers
    )
    does(page, "Edit…", "Open invoices")
    in_view(page, "form")
    return page


def sent(page: Page) -> Any:
    press(page, "Save")
    in_view(page, "exports")
    return calls(page, "changeExporter")[0]
