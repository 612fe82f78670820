from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from counterfoil.adapters import typed_reports
from counterfoil.adapters.typed_reports import report_table
from counterfoil.core.canonical import canonical
from counterfoil.core.errors import AppError, IncompleteRead, QuickBooksBusy, ReportTooLarge
from counterfoil.core.printed import printed
from counterfoil.core.reports import plain_report
from tests.core.test_reports import SAMPLES
from tests.samples import sample

COLUMNS = {
    "Column": [
        {"ColTitle": "Date", "ColType": "Date"},
        {"ColTitle": "Name", "ColType": "String"},
        {"ColTitle": "Amount", "ColType": "Money"},
    ]
}
DAY = {"value": "2026-03-31"}
LINE = [DAY, {"value": "Ann", "id": "7", "href": "/app/7"}, {"value": "1.50"}]
SECTION = {
    "Header": {"ColData": [{"value": "Rent", "id": "48"}, {"value": ""}, {"value": " "}]},
    "Rows": {"Row": [{"ColData": LINE, "type": "Data"}, {"ColData": [DAY]}]},
    "Summary": {"ColData": [{"value": "Total"}, {"value": ""}, {"value": ""}, {"value": ".50"}]},
    "type": "Section",
}

# What no documented report has, but an answer may.
ODD: dict[str, list[dict[str, Any]]] = {
    "a number for a text": [{"ColData": [DAY, {"value": 7}, {"value": 1.5}]}],
    "null for a text": [{"ColData": [DAY, {"value": None}, {"value": "1"}]}],
    "no value": [{"ColData": [DAY, {"id": "7"}, {}]}],
    "a number for an id": [{"ColData": [DAY, {"value": "Ann", "id": 7}, {"value": "1"}]}],
    "null for a group": [{"ColData": LINE, "group": None}],
    "half of a character": [{"ColData": [DAY, {"value": "\ud83d"}, {"value": "1"}]}],
}


def body(*rows: dict[str, Any], **more: Any) -> bytes:
    report = {"Header": {"ReportName": "X"}, "Columns": COLUMNS, "Rows": {"Row": rows}, **more}
    return json.dumps(report).encode()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_real_report_gives_the_table_of_the_plain_way(name: str) -> None:
    answer = json.dumps(sample(f"reports/{name}.json"), default=float).encode()
    assert report_table(answer) == plain_report(answer)


def test_a_documented_report_is_decoded_by_types(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = body({"ColData": LINE}, SECTION)
    plain = plain_report(answer)
    monkeypatch.delattr(typed_reports, "plain_report")
    found = report_table(answer)
    assert found == plain
    line, head, *_, total = found.lines
    assert (line.ids, line.links) == ((None, "7", None), (None, "/app/7", None))
    assert (head.key, head.ids, head.values) == ("48", ("48", None, None), ("Rent", None, None))
    assert (total.extra, total.values) == (("Total",), (None, None, Decimal("0.50")))


@pytest.mark.parametrize("rows", ODD.values(), ids=ODD.keys())
def test_whatever_an_answer_holds_is_read_as_the_plain_way_reads_it(
    rows: list[dict[str, Any]],
) -> None:
    answer = body(*rows, SECTION)
    assert report_table(answer) == plain_report(answer)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"{", QuickBooksBusy),
        (b"[1]", QuickBooksBusy),
        (b"[" * 100_000, QuickBooksBusy),
        (b'{"Fault": {}}', IncompleteRead),
        (body({"ColData": 7}), IncompleteRead),
        (body({"ColData": [{"value": "Unable to display more data. Narrow it."}]}), ReportTooLarge),
        (body(Header="Unable to display more data"), ReportTooLarge),
        (body(Columns={}, Rows={"Row": []}), IncompleteRead),
    ],
)
def test_what_is_no_report_says_so(answer: bytes, error: type[AppError]) -> None:
    with pytest.raises(error):
        report_table(answer)


def test_its_rows_are_encoded_as_javascript_would() -> None:
    table = report_table(body({"ColData": [DAY, {"value": '"é"'}, {"value": ".00000001"}]}))
    rows = printed(table, title="Report", company="Acme").rows
    assert table.encode(rows) == canonical(rows) == '[[46112,"\\"é\\"",1e-8]]'
