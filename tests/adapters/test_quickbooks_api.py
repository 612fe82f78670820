from __future__ import annotations

import logging
from datetime import datetime

import pytest

from counterfoil.core.errors import (
    QuickBooksBusy,
    QuickBooksRejected,
)
from tests.adapters.http_fakes import AskingTransport, answer, in_turn
from tests.adapters.quickbooks_fakes import (
    EMPTY,
    REALM,
    STATEMENT,
    URL,
    Intuit,
)
from tests.samples import sample_bytes


def test_a_query_goes_by_post_so_that_no_url_holds_data() -> None:
    transport = in_turn(answer(body=EMPTY))
    Intuit(transport).company().query(STATEMENT)
    (request,) = transport.requests
    assert request.method == "POST"
    assert request.url == f"{URL}/v3/company/{REALM}/query?minorversion=75"
    assert request.body == STATEMENT.encode()
    assert dict(request.headers) == {
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
        "Authorization": "Bearer token-1",
        "Content-Length": str(len(STATEMENT.encode())),
        "Content-Type": "application/text",
        "User-Agent": "counterfoil",
    }
    assert transport.options[0]["timeout"] == (5.0, 60.0)
    assert transport.options[0]["verify"] is True


NO_ROWS = {
    "Header": {},
    "Columns": {"Column": [{"ColTitle": "", "ColType": "Account"}]},
    "Rows": {},
}


def test_a_report_is_a_get_with_its_parameters() -> None:
    transport = in_turn(answer(body=NO_ROWS))
    company = Intuit(transport).company()
    company.report("ProfitAndLoss", {"start_date": "2026-01-01", "accounting_method": "Cash"})
    (request,) = transport.requests
    assert (request.method, request.body) == ("GET", None)
    assert request.path_url == (
        f"/v3/company/{REALM}/reports/ProfitAndLoss"
        "?start_date=2026-01-01&accounting_method=Cash&minorversion=75"
    )
    assert transport.options[0]["timeout"] == (5.0, 110.0)


def test_columns_that_a_report_does_not_name_are_those_that_were_asked_for() -> None:
    days = [
        {"Name": "StartDate", "Value": "2026-03-01"},
        {"Name": "EndDate", "Value": "2026-03-27"},
    ]
    column = {"ColTitle": "Mar 1 - Mar 27, 2026", "ColType": "Money", "MetaData": days}
    columns = {"Column": [{"ColTitle": "", "ColType": "Account"}, column]}
    transport = in_turn(answer(body=NO_ROWS | {"Columns": columns}))
    asked = {"end_date": "2026-03-27", "summarize_column_by": "Month"}
    table = Intuit(transport).company().report("TrialBalance", asked)
    assert table.columns[1].key == "Month 2026-03-01"


@pytest.mark.parametrize(
    ("offset", "sent"), [("-08:00", "-08%3A00"), ("+00:00", "%2B00%3A00"), ("+05:30", "%2B05%3A30")]
)
def test_changes_are_a_get_since_a_moment(offset: str, sent: str) -> None:
    transport = in_turn(answer(body={"CDCResponse": []}))
    since = datetime.fromisoformat(f"2026-11-22T15:00:00{offset}")
    Intuit(transport).company().cdc(("Invoice", "Customer"), since)
    (request,) = transport.requests
    assert (request.method, request.body) == ("GET", None)
    assert request.path_url == (
        f"/v3/company/{REALM}/cdc?entities=Invoice%2CCustomer"
        f"&changedSince=2026-11-22T15%3A00%3A00{sent}&minorversion=75"
    )
    assert transport.options[0]["timeout"] == (5.0, 60.0)


def test_the_two_singletons_are_read() -> None:
    transport = in_turn(
        answer(body=sample_bytes("intuit-docs/companyinfo.json")),
        answer(body=sample_bytes("intuit-docs/preferences.json")),
    )
    company = Intuit(transport).company()
    assert "CompanyName" in company.company_info()
    assert "AccountingInfoPrefs" in company.preferences()
    assert [request.path_url for request in transport.requests] == [
        f"/v3/company/{REALM}/companyinfo/{REALM}?minorversion=75",
        f"/v3/company/{REALM}/preferences?minorversion=75",
    ]


def test_an_api_below_a_path_of_its_own_works_too() -> None:
    transport = in_turn(answer(body=EMPTY))
    Intuit(transport, "http://127.0.0.1:8080/intuit/").company().query(STATEMENT)
    assert transport.requests[0].path_url == f"/intuit/v3/company/{REALM}/query?minorversion=75"


def test_a_fault_inside_a_200_is_a_fault() -> None:
    body = {"QueryResponse": {"Fault": {"Error": [{"code": "4001"}], "type": "ValidationFault"}}}
    with pytest.raises(QuickBooksRejected) as raised:
        Intuit(in_turn(answer(body=body, headers={"intuit_tid": "1-5f7"}))).company().query(
            STATEMENT
        )
    assert raised.value.details["intuit_code"] == "4001"
    assert raised.value.details["intuit_tid"] == "1-5f7"


def test_every_call_leaves_a_line_with_its_trace_and_nothing_of_the_company(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "counterfoil.quickbooks")
    transport = in_turn(
        answer(500, b"secret", {"intuit_tid": "1-aa"}),
        answer(body=EMPTY, headers={"intuit_tid": "evil\r\ninjected"}),
    )
    Intuit(transport).company().query(STATEMENT)
    first, second = (record.fields for record in caplog.records)  # type: ignore[attr-defined]
    assert (first["route"], first["status"], first["attempt"]) == ("query", 500, 1)
    assert (first["intuit_tid"], first["fault"]) == ("1-aa", "quickbooks_busy")
    assert (second["status"], second["attempt"], second["intuit_tid"]) == (200, 2, "")


def test_singletons_that_are_no_objects_are_not_believed() -> None:
    for body in ({"CompanyInfo": []}, {"x": 1}, [1], {"CompanyInfo": None}):
        with pytest.raises(QuickBooksBusy):
            Intuit(in_turn(answer(body=body))).company().company_info()


def test_the_transport_of_the_tests_is_really_used() -> None:
    transport = AskingTransport(lambda request: answer(body=EMPTY))
    Intuit(transport).company().query(STATEMENT)
    assert len(transport.requests) == 1
