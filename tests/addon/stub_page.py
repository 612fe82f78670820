"""The sidebar alone in Chromium: its real files, and a server that a test writes in JavaScript.

What is shown and pressed can be tried here state by state; the whole add-on over the real
backend is driven in tests/browser.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ADDON = Path(__file__).resolve().parents[2] / "addon"
# As google.script.run is: asynchronous, JSON only, a new runner per handler.
# https://developers.google.com/apps-script/guides/html/reference/run
RUN = """
window.served = [];
window.google = {script: {host: {editor: {focus() { window.editorFocused = true; }}}, run: runner({})}};
function runner(handlers) {
  return new Proxy({}, {get(_, name) {
    if (name === 'withSuccessHandler') return (act) => runner({...handlers, success: act});
    if (name === 'withFailureHandler') return (act) => runner({...handlers, failure: act});
    return (...given) => {
      for (const each of given) {
        if (typeof each === 'function' || each instanceof Date) throw new TypeError('illegal value');
      }
      const sent = JSON.parse(JSON.stringify(given));
      window.served.push([name, ...sent]);
      setTimeout(() => {
        let answer = window.server[name];
        try {
          answer = typeof answer === 'function' ? answer(...sent) : answer;
        } catch (error) {
          return handlers.failure && handlers.failure(error);
        }
        if (answer === undefined) return;  // never answers
        handlers.success && handlers.success(JSON.parse(JSON.stringify(answer)));
      }, 5);
    };
  }});
}
"""


def sidebar_html() -> str:
    """`Sidebar.html` as HtmlService would serve it."""
    rooms = "\n".join(path.read_text() for path in sorted(ADDON.glob("Words*.js")))
    words = f"(() => {{ {rooms}\nreturn JSON.parse(JSON.stringify(WORDS)); }})()"

    def filled(match: re.Match[str]) -> str:
        code = match[1].strip()
        if code == "wordsJson_()":
            return words
        name = re.fullmatch(r"include_\('(\w+)'\)", code)
        assert name is not None, code
        return (ADDON / f"{name[1]}.html").read_text()

    return re.sub(r"<\?!=(.*?)\?>", filled, (ADDON / "Sidebar.html").read_text())


def server(answers: Mapping[str, Any], functions: Mapping[str, str] | None = None) -> str:
    """Script that makes `window.server`: plain answers, and others as JavaScript functions."""
    lines = [f"window.server = {json.dumps(answers)};"]
    lines += [f"window.server.{name} = {code};" for name, code in (functions or {}).items()]
    return "\n".join(lines)


CONNECTION = {
    "id": "con_acme",
    "name": "Acme Landscaping",
    "country": "US",
    "currency": "USD",
    "fiscal_month": 1,
    "state": "connected",
    "health": "good for 97 days",
    "role": "owner",
    "connected_by": "ana@example.com",
    "expires_in_days": 97,
}
SICK = CONNECTION | {
    "id": "con_birch",
    "name": "Birch Studio",
    "country": "FR",
    "currency": "EUR",
    "fiscal_month": 4,
    "state": "needs_reconnection",
    "health": "needs reconnection",
    "role": "editor",
    "connected_by": "ben@example.com",
    "expires_in_days": 0,
}


def exporter(title: str, **changes: Any) -> dict[str, Any]:
    key = title.lower().replace(" ", "-")
    run = {
        "run_id": "run_1",
        "state": "applied",
        "at": "2026-11-20T08:04:00Z",
        "rows": 1284,
        "verdict": "PASS",
        "code": None,
    }
    return {
        "id": f"exp_{key}",
        "title": title,
        "kind": "entity",
        "dataset": key,
        "connection_id": "con_acme",
        "connection_name": "Acme Landscaping",
        "block": f"CF_{key}",
        "last_run": run,
        "tab": title,
    } | changes


HOME = {
    "user": {"email": "ana@example.com"},
    "connections": [],
    "exporters": [],
    "catalog_version": "v1",
    "sheet": {"zone": "Europe/Berlin", "today": "2026-11-22"},
}
COLUMNS = (
    "Id|Number|Date|Due date|Customer|Customer Id|Total|Balance|Currency|Exchange rate|E-mail|"
    "Bill-to address|Ship-to address|Terms|Class|Location|Memo|Private note|Created|Changed"
)
CATALOG = {
    "version": "v1",
    "entities": [
        {
            "key": "invoices",
            "title": "Invoices",
            "entity": "Invoice",
            "dates": True,
            "inactive": False,
            "columns": [
                {"key": f"c{i}", "title": title, "type": "text", "default": i < 12}
                for i, title in enumerate(COLUMNS.split("|"))
            ],
        },
        {
            "key": "customers",
            "title": "Customers",
            "entity": "Customer",
            "dates": False,
            "inactive": True,
            "columns": [
                {"key": "Id", "title": "Id", "type": "text", "default": True},
                {"key": "DisplayName", "title": "Name", "type": "text", "default": True},
            ],
        },
        {
            "key": "payments",
            "title": "Payments",
            "entity": "Payment",
            "dates": False,
            "inactive": False,
            "columns": [
                {"key": "id", "title": "Id", "type": "text", "default": True},
                {"key": "memo", "title": "Memo", "type": "text", "default": True},
                {
                    "key": "card",
                    "title": "Card number",
                    "type": "text",
                    "default": False,
                    "sensitive": True,
                },
            ],
            "beside": ["id"],
            "bundles": True,
            "lines": [
                {"key": "line_item", "title": "Product", "type": "text", "default": True},
                {"key": "line_rate", "title": "Rate", "type": "money", "default": False},
            ],
        },
    ],
    "reports": [
        {
            "key": "profit-and-loss",
            "title": "Profit and Loss",
            "report": "ProfitAndLoss",
            "all_dates": True,
            "parameters": [
                {
                    "key": "start_date",
                    "title": "From",
                    "type": "date",
                    "choices": [],
                    "required": True,
                },
                {"key": "end_date", "title": "To", "type": "date", "choices": [], "required": True},
                {
                    "key": "accounting_method",
                    "title": "Basis",
                    "type": "choice",
                    "choices": ["Accrual", "Cash"],
                    "titles": ["Accrual", "Cash"],
                    "most": 0,
                    "required": False,
                },
                {
                    "key": "summarize_column_by",
                    "title": "Columns by",
                    "type": "choice",
                    "choices": ["Total", "Month", "Days", "Customers"],
                    "titles": ["Total", "Month", "Day", "Customer"],
                    "required": False,
                    "most": 0,
                },
                {
                    "key": "num_periods",
                    "title": "Periods",
                    "type": "number",
                    "choices": [],
                    "titles": [],
                    "required": False,
                    "most": 100,
                },
                {
                    "key": "start_duedate",
                    "title": "Due from",
                    "type": "day",
                    "choices": [],
                    "titles": [],
                    "required": False,
                    "most": 0,
                },
                {
                    "key": "columns",
                    "title": "Columns",
                    "type": "choices",
                    "choices": ["tx_date", "memo", "subt_nat_amount"],
                    "titles": ["Date", "Memo", "Amount"],
                    "required": False,
                    "most": 0,
                },
            ],
            "only_in": [],
            "not_in": [],
        },
        {
            "key": "fec",
            "title": "Fichier des écritures comptables",
            "report": "FECReport",
            "parameters": [],
            "only_in": ["FR"],
            "not_in": [],
        },
    ],
}
TICKET = {
    "url": "http://127.0.0.1:9/oauth_start?ticket=" + "t" * 43,
    "attempt": "att_1",
    "expires_in_s": 600,
}


def step(**changes: Any) -> dict[str, Any]:
    return {
        "run_id": "run_7q4k",
        "run_short": "7Q4K-2M",
        "exporter_id": "exp_invoices",
        "block": "CF_invoices",
        "title": "Invoices",
        "cursor": "sealed.cursor",
        "wait_s": 0,
        "progress": {
            "rows": 7240,
            "of": 12480,
            "calls": 8,
            "elapsed_s": 4.1,
            "message": "Reading from Acme Landscaping.",
        },
        "proof": None,
        "seen": None,
    } | changes


LAST = step(
    cursor=None,
    progress={"rows": 12480, "of": 12480, "calls": 14, "elapsed_s": 6.2, "message": ""},
    proof={
        "verdict": "PASS",
        "why": "",
        "sent": 12480,
        "counted": 12480,
        "distinct": 12480,
        "rows": 12480,
        "totals": [
            {"title": "Total", "currency": "USD", "amount": "1234567.89"},
            {"title": "Balance", "currency": "USD", "amount": "20100.00"},
        ],
    },
    seen={
        "rows": 12480,
        "digest": True,
        "totals": [
            {"title": "Tax", "scale": 2, "sum": "0"},
            {"title": "Total", "scale": 2, "sum": "123456789"},
            {"title": "Balance", "scale": 2, "sum": "2010000"},
        ],
    },
)
