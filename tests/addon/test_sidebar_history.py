"""What has run, and a support bundle that says nothing about anybody."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import expect

from tests.addon.stub_page import CONNECTION, exporter
from tests.addon.test_sidebar import FULL, HOSTILE, Show, press, show, trouble, window
from tests.addon.test_sidebar_schedule import DAILY
from tests.chromium import browser

__all__ = ["browser", "show", "window"]

RUN = exporter("Invoices")["last_run"] | {"run_short": "7Q4K-2M"}
FAILED = RUN | {"state": "failed", "code": "differs_cell", "at": "2026-11-22T08:00:00Z"}
HOME: dict[str, Any] = FULL | {
    "exporters": [
        exporter("Invoices", last_run=RUN, schedule=DAILY | {"by": "ben@example.com"}),
        exporter("Bills", last_run=FAILED, tab=HOSTILE),
        exporter("Vendors", last_run=None),
    ]
}
LINES = {
    "lines": [
        {"at": "2026-11-22 09:37", "title": HOSTILE, "what": "1,284 rows, complete", "run": "run 7Q4K-2M"},
    ]
}  # fmt: skip


def test_history_begins_with_the_newest_run_and_says_its_id_and_code(show: Show) -> None:
    page = show({"home": HOME, "history": LINES})
    press(page, "History")
    expect(page.get_by_role("button", name="History")).to_have_attribute("aria-current", "page")
    lines = page.locator("#runs li")
    expect(lines).to_have_count(2)
    expect(lines.nth(0)).to_contain_text("Bills")
    expect(lines.nth(0)).to_contain_text("run 7Q4K-2M · differs_cell")
    expect(lines.nth(1)).to_contain_text("✓ 1,284 rows")
    expect(page.locator("#log")).to_contain_text(HOSTILE)
    expect(page.locator("#log")).to_contain_text("2026-11-22 09:37 · run 7Q4K-2M")


def test_where_nothing_ran_it_says_so_and_what_failed_is_said(show: Show) -> None:
    page = show({"home": FULL | {"exporters": []}, "history": {"lines": []}})
    press(page, "History")
    expect(page.get_by_text("Nothing has run here yet.")).to_be_visible()
    expect(page.get_by_text("Nothing has run in the background here.")).to_be_visible()
    page.evaluate(f"window.server.history = {json.dumps(trouble('no_answer', 'No answer.'))}")
    press(page, "History")
    expect(page.get_by_role("alert")).to_have_text("No answer.")


def test_the_support_bundle_holds_what_is_on_its_list_and_nobodys_name(show: Show) -> None:
    page = show({"home": HOME, "history": LINES})
    press(page, "History")
    press(page, "Copy a support bundle")
    expect(page.locator("#bundle-copied")).not_to_be_empty()
    text = page.get_by_label("The support bundle").input_value()
    bundle = json.loads(text)
    for secret in ("Acme", "ana@", "ben@", "Invoices", "img", CONNECTION["id"], "exp_", "CF_"):
        assert secret not in text
    assert bundle["companies"][0] == {
        "state": "connected",
        "role": "owner",
        "country": "US",
        "currency": "USD",
        "fiscal_month": 1,
        "expires_in_days": 97,
    }
    assert bundle["exports"][1]["last_run"] == {
        "run_short": "7Q4K-2M",
        "state": "failed",
        "at": "2026-11-22T08:00:00Z",
        "rows": 1284,
        "verdict": "PASS",
        "code": "differs_cell",
    }
    assert bundle["exports"][0]["schedule"]["often"] == "daily"
    assert bundle["exports"][2]["last_run"] is None
