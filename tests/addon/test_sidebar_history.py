"""What has run, and a support bundle that says nothing about anybody."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from counterfoil.core.errors import AppError
from counterfoil.core.plans import needs_person
from counterfoil.flows import runs, schedules
from tests.addon.sidebar_window import FULL, HOSTILE, Show, press, show, trouble, window
from tests.addon.stub_page import ADDON, CONNECTION, exporter
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
        {"at": "2026-11-22 09:37", "title": HOSTILE, "what": "1,284 rows, in one page. · Nothing changed.", "run": "run 7Q4K-2M"},
    ]
}  # fmt: skip


def test_history_begins_with_the_newest_run_and_says_its_id_and_why(show: Show) -> None:
    page = show({"home": HOME, "history": LINES})
    press(page, "History")
    expect(page.get_by_role("button", name="History")).to_have_attribute("aria-current", "page")
    lines = page.locator("#runs li")
    expect(lines).to_have_count(2)
    expect(lines.nth(0)).to_contain_text("Bills")
    expect(lines.nth(0)).to_contain_text("run 7Q4K-2M · a cell was changed")
    expect(lines.nth(1)).to_contain_text("✓ 1,284 rows")
    expect(page.locator("#log")).to_contain_text(HOSTILE)
    expect(page.locator("#log")).to_contain_text("1,284 rows, in one page. Nothing changed.")
    expect(page.locator("#log")).to_contain_text("2026-11-22 09:37 · run 7Q4K-2M")


# What a last look finds, named after what it compared.
SEEN = {"differs_distinct", "differs_sum", "differs_digest"}
# What is answered before a run begins, or to what is no run.
NO_RUN = {
    *("unauthorized", "request_too_large", "too_many_requests", "confirmation_needed"),
    *("last_owner", "schedule_stopped", "proof_missing", "managed_full"),
}


def codes_of(error: type[AppError]) -> set[str]:
    return {error.code}.union(*(codes_of(each) for each in error.__subclasses__()))


def test_each_code_that_a_run_stops_with_has_its_words_and_no_other() -> None:
    stops = re.compile(
        r"""(?:stopAt_|stopOld_|stop_|Stopped|Found|Lost)\(\s*['"]([a-z_]*[a-z])['"]"""
    )
    codes = {
        code
        for room in (ADDON, ADDON.parent / "functions" / "counterfoil" / "adapters")
        for path in (*room.glob("*.js"), *room.glob("sheet_*.py"))
        for code in stops.findall(path.read_text())
    }
    assert {"differs_cell", "no_room", "superseded", "unreachable"} <= codes
    ends = {runs.TAKEN_OVER, schedules.TOO_LONG, runs.safe_code(None), "cancelled", "sheet_busy"}
    known = codes | SEEN | ends | codes_of(AppError) - NO_RUN
    worded = {*re.findall(r"^ {4}(\w+): '", (ADDON / "WordsWhy.js").read_text(), re.M)}
    assert known - worded == set()
    assert worded - known == set()


def test_what_passes_by_itself_is_to_be_run_again_unless_somebody_ended_it() -> None:
    said = (ADDON / "SidebarScriptHome.html").read_text()
    listed = re.search(r"const RUN_AGAIN = \[(.*?)\];", said, re.S)
    assert listed
    again = {*re.findall(r"'(\w+)'", listed[1])}
    worded = {*re.findall(r"^ {4}(\w+): '", (ADDON / "WordsWhy.js").read_text(), re.M)}
    passing = {code for code in worded if not needs_person(code)}
    assert passing - again == {"budget_spent", "cancelled", "taken_over"}
    assert again.isdisjoint({"forbidden", "plan_lacks", "exporter_frozen", "too_long"})


@pytest.mark.parametrize(
    ("code", "pill", "look", "why"),
    [
        ("cancelled", "Cancelled", "pill ", None),
        ("taken_over", "Taken over", "pill ", None),
        ("budget_spent", "Not written", "pill bad", "The month’s calls were used up."),
        ("differs_cell", "Not written", "pill bad",
         "A cell was changed. Run it again: if it stops once more, it says what to do."),
    ],
)  # fmt: skip
def test_the_card_says_who_ended_a_run_and_what_helps(
    show: Show, code: str, pill: str, look: str, why: str | None
) -> None:
    page = show(
        {"home": FULL | {"exporters": [exporter("Bills", last_run=FAILED | {"code": code})]}}
    )
    card = page.locator("#exports li")
    expect(card.locator(".pill")).to_have_text(pill)
    expect(card.locator(".pill")).to_have_class(look)
    if why:
        expect(card.get_by_text(why, exact=True)).to_be_visible()
    else:
        expect(card).not_to_contain_text("Run it again")


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


RUNS = {
    "runs": [
        {"run_short": "7Q4K-2M", "at": "2026-11-22T08:00:00Z", "took_s": 75, "by": "ana@example.com",
         "scheduled": True, "state": "failed", "verdict": None, "code": "quickbooks_busy",
         "rows": None, "calls": 3},
        {"run_short": "9ABC-DE", "at": "2026-11-21T08:00:00Z", "took_s": 2, "by": "",
         "scheduled": False, "state": "applied", "verdict": "PASS", "code": None, "rows": 1284,
         "calls": 1},
    ],
    "more": False,
}  # fmt: skip


def test_an_export_opens_its_runs_of_90_days(show: Show) -> None:
    page = show({"home": HOME, "history": LINES, "runsOfExporter": RUNS})
    press(page, "History")
    press(page, "All runs of Invoices")
    expect(page.get_by_text("Its runs of the last 90 days")).to_be_visible()
    first, second = page.locator("#runs-of li").all()
    expect(first).to_contain_text("Not written")
    expect(first).to_contain_text(
        "by schedule, as ana@example.com · 3 calls · 1 min 15 s · run 7Q4K-2M · QuickBooks was busy or away"
    )
    expect(second).to_contain_text("✓ 1,284 rows")
    expect(second).to_contain_text("by somebody who has left · 1 call · 2 s · run 9ABC-DE")
    press(page, "Back")
    expect(page.locator("#runs li")).to_have_count(2)


def test_of_many_runs_it_says_that_these_are_the_newest(show: Show) -> None:
    page = show({"home": HOME, "history": LINES, "runsOfExporter": RUNS | {"more": True}})
    press(page, "History")
    press(page, "All runs of Bills")
    expect(page.get_by_text("The newest 2 of the last 90 days")).to_be_visible()
