"""axe-core finds nothing in any view of the sidebar."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.addon.saved_exports import ENTITY, FILTERS
from tests.addon.sidebar_window import Show, in_view, show, trouble, window
from tests.addon.stub_page import CATALOG, CONNECTION, HOME, LAST, SICK, exporter, step
from tests.addon.test_sidebar_companies import GONE, INVITED, MEMBERS
from tests.addon.test_sidebar_history import RUNS
from tests.addon.test_sidebar_packs import CHOICES, PACK
from tests.addon.test_sidebar_schedule import DAILY
from tests.chromium import browser

__all__ = ["browser", "show", "window"]

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.flatMap(
  ({id, nodes}) => nodes.map(({target, failureSummary}) => `${id} ${target}: ${failureSummary}`))"""
WIDTH = 300
TURNED = """() => {
  document.documentElement.dir = 'rtl';
  const width = document.querySelector('main').scrollWidth;
  document.documentElement.dir = '';
  return width;
}"""

ALL = [
    exporter("Invoices", id="exp_invoices1", connection_ids=["con_acme"], revision=1),
    exporter("Profit", kind="report", layout="tidy", schedule=DAILY, connection_ids=["con_acme"]),
    exporter("Late", schedule=DAILY | {"late": True, "stopped": "errors"}, revision=1),
    exporter("Left", paused="author_gone", connection_ids=["con_acme"], revision=1),
    exporter("Half", kept={"goes_on_at": "2026-11-22T09:50:00Z", "anew": False}),
    exporter("Bens", run={"by": "ben@example.com", "since": "2026-11-22T08:30:00Z", "goes_on_at": "2026-11-22T09:40:00Z"}),
    exporter("Never", last_run=None, tab=None),
]  # fmt: skip
FULL = HOME | {
    "connections": [CONNECTION | {"calls_this_month": 412}, SICK | {"calls_this_month": 9}],
    "exporters": ALL,
    "calls": {"month": "2026-11", "all": 48120, "limit": 500000},
    "invitations": [INVITED],
    "sheet": HOME["sheet"]
    | {"trouble": "Bills did not go on by itself.", "others": {"n": 2, "tabs": ["Bills", "P&L"]}},
}
ANSWERS: dict[str, Any] = {
    "home": FULL,
    "catalog": CATALOG | {
        "packs": [PACK],
        "entities": [CATALOG["entities"][0] | {"filters": FILTERS}, *CATALOG["entities"][1:]],
    },
    "readExporter": ENTITY | {"options": ENTITY["options"] | {"filters": [{"key": "customer", "is": ["Amy"]}]}},
    "preview": {"columns": ["Id", "Total"], "rows": [["1", "5.00"]], "more": True},
    "reportPreview": {
        "columns": ["", "Total"], "rows": [["INCOME", ""], ["Sales", "5.00"]], "more": True, "note": "",
        "looked": 0, "fields": [], "above": ["Acme"], "amounts": [1], "bold": [0], "depths": [0, 1],
    },
    "companyMembers": MEMBERS,
    "previewLeaving": GONE,
    "eraseMe": trouble("confirmation_needed", "This deletes everything."),
    "valueChoices": CHOICES | {"companies": ["Acme", "Birch"]},
    "history": {"lines": [{"at": "2026-11-22 09:37", "title": "Bills", "what": "No room.", "run": ""}]},
    "runsOfExporter": RUNS,
    "exportDocument": {"document": {"counterfoil": 1}},
    "runAgain": step(wait_s=30),
    "startExport": LAST,
}  # fmt: skip
ONE, TWO = "state.home.exporters[0]", "state.home.exporters[1]"
COMPANY = "state.home.connections[0]"
VIEWS = {
    "first": "state.home = {...state.home, connections: [], exporters: [], invitations: []}; showStart()",
    "check": "state.home = {...state.home, connections: [], exporters: []}; showStart(); document.querySelector('#how-to-check, .link').click()",
    "exports": "showExports()",
    "companies": "showCompanies()",
    "form": "showForm(null, \"'Mine'!B4\")",
    "edit": f"showEdit({ONE})",
    "report": "showForm(null).then(() => { choose('reports', 'profit-and-loss'); drawForm(); })",
    "what": "showForm(null).then(() => showWhat())",
    "columns": "showForm(null).then(() => showColumns())",
    "arrange": "showForm(null).then(() => { showColumns(); document.querySelector('[value=order]').click(); })",
    "preview": "showForm(null).then(() => document.getElementById('preview').click())",
    "report-preview": "window.server.preview = window.server.reportPreview; showForm(null).then(() => document.getElementById('preview').click())",
    "progress": f"void runExport({{title: 'Invoices', company: 'Acme', exporterId: 'exp_1', first: () => call('runAgain', {ONE}.id)}})",
    "done": "runExport({title: 'Invoices', company: 'Acme', connectionId: 'con_acme', first: () => call('startExport', {})})",
    "failed": "showFailed({title: 'Invoices', step: null}, {code: 'differs_cell', message: 'Somebody changed B4.', retryable: false, cell: \"'Mine'!B4\", replaceable: true, run_short: '7Q4K-2M', exporter_id: 'exp_1'})",
    "all": "void showAll()",
    "schedule": f"showSchedule({ONE})",
    "history": "showHistory()",
    "runs": f"showRuns({ONE})",
    "scheduled": f"showSchedule({{...{ONE}, title_row: false}})",
    "packs": "showPacks(null)",
    "value": f"showValue({TWO})",
    "printed-value": f"window.server.valueChoices = {{...window.server.valueChoices, columns: ['Jan 2026'], months: true, firsts: [], lasts: []}}; showValue({TWO})",
    "document": f"showDocument({ONE})",
    "add-document": "showAddDocument()",
    "add-document-of-two": "showAddDocument(); document.getElementById('document').value = JSON.stringify({companies: 2}); document.getElementById('document').dispatchEvent(new Event('input'))",
    "delete-exporter": f"showDeleteExporter({ONE})",
    "rename-exporter": f"showRenameExporter({ONE})",
    "menu": "document.querySelector('.dots').click()",
    "people": f"showPeople({COMPANY})",
    "end": f"showEnd({COMPANY})",
    "leave": f"showLeave({COMPANY})",
    "reconnect": f"showReconnect({COMPANY})",
    "erase": "showErase()",
    "help": "showHelp(() => showStart())",
    "trouble": "showTrouble({code: 'backend_unreachable', message: 'No answer.', retryable: true}, () => {})",
}


def test_axe_finds_nothing_in_any_view(show: Show) -> None:
    if not AXE.exists():
        absent = pytest.fail if os.environ.get("CI", "").lower() == "true" else pytest.skip
        absent("axe-core is missing: npm ci in tests/addon installs it")
    page = show(ANSWERS)
    in_view(page, "exports")
    page.add_script_tag(content=AXE.read_text("utf-8"))
    found = {}
    for name, code in VIEWS.items():
        page.evaluate("() => load(null)")
        in_view(page, "exports")
        page.evaluate(f"() => {{ {code}; }}")
        page.wait_for_timeout(100)
        page.wait_for_function("document.querySelector('[data-view=loading]') === null")
        if violations := page.evaluate(RUN):
            found[name] = violations
        if page.evaluate(TURNED) > WIDTH:
            found[f"{name}, right to left"] = ["wider than the sidebar"]
    assert found == {}
