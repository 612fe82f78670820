from __future__ import annotations

import json

import pytest

from counterfoil.core import errors
from counterfoil.core.faults import Fault, error, fault_around, fault_in, is_throttle, unreachable
from tests.samples import sample_bytes

# Every real fault: its file, what is read from it, and what it means to the person.
SAMPLES = {
    "200_attachable_fault_inside": ("6000", "ValidationFault", errors.QuickBooksRejected),
    "400_company_status_6190": ("6190", "ValidationFault", errors.PlanLacks),
    "400_duplicate_name": ("6240", "ValidationFault", errors.QuickBooksRejected),
    "400_feature_not_supported_5030": ("5030", "ValidationFault", errors.PlanLacks),
    "400_invalid_id": ("2030", "ValidationFault", errors.QuickBooksRejected),
    "400_invalid_query_entity": ("4001", "ValidationFault", errors.QuickBooksRejected),
    "400_object_not_found_610": ("610", "ValidationFault", errors.QuickBooksRejected),
    "400_permission_denied_5020": ("5020", "ValidationFault", errors.PlanLacks),
    "400_property_not_queryable": ("4001", "ValidationFault", errors.QuickBooksRejected),
    "400_query_parser_error": ("4000", "ValidationFault", errors.QuickBooksRejected),
    "400_query_processing_error": ("4002", "ValidationFault", errors.QuickBooksRejected),
    "400_required_param_missing": ("2020", "ValidationFault", errors.QuickBooksRejected),
    "400_stale_object_5010": ("5010", "ValidationFault", errors.QuickBooksRejected),
    "400_startposition_zero": ("4001", "ValidationFault", errors.QuickBooksRejected),
    "400_unsupported_operation_path": ("500", "ValidationFault", errors.QuickBooksRejected),
    "400_unsupported_property": ("2010", "ValidationFault", errors.QuickBooksRejected),
    "401_authorization_failure_120": ("120", "AuthenticationFault", errors.ReconnectRequired),
    "401_general_authentication_xml": ("100", "AuthenticationFault", errors.ConnectionSuspect),
    "401_malformed_bearer_3200": ("3200", "AUTHENTICATION", errors.ReconnectRequired),
    "401_token_expired": ("3200", "AUTHENTICATION", errors.ReconnectRequired),
    "401_wrong_cluster_xml": ("130", "AuthenticationFault", errors.ConnectionSuspect),
    "403_authorization_failed_3100": ("3100", "SERVICE", errors.QuickBooksRejected),
    "429_throttle_exceeded_xml": ("3001", "SERVICE", errors.QuickBooksBusy),
    "500_system_failure_10000": ("10000", "SystemFault", errors.QuickBooksBusy),
}


def real_fault(name: str) -> bytes:
    body = sample_bytes(f"faults/{name}.json")
    # Those that arrive as XML lie there inside a JSON note.
    return str(json.loads(body)["xml"]).encode() if name.endswith("_xml") else body


@pytest.mark.parametrize("name", SAMPLES)
def test_a_real_fault_is_read_and_says_what_to_do(name: str) -> None:
    code, type, kind = SAMPLES[name]
    body = real_fault(name)
    found = fault_in(body)
    assert found == Fault(code, type)
    raised = error(int(name[:3]), found, tid="1-abc")
    assert isinstance(raised, kind)
    assert raised.message.endswith(".")
    assert raised.details["intuit_code"] == code
    assert raised.details["intuit_tid"] == "1-abc"


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_of_a_faults_own_text_is_repeated(name: str) -> None:
    body = real_fault(name)
    raised = error(int(name[:3]), fault_in(body))
    for secret in (b"John Doe", b"AB01", b"Custmoer", b"PrimaryEmailAddr", b"Supplied value"):
        if secret in body:
            assert secret.decode() not in f"{raised.message} {raised.details}"


@pytest.mark.parametrize(
    "body",
    [
        b'{"QueryResponse":{"Fault":{"Error":[{"code":"4001"}],"type":"ValidationFault"}}}',
        b'{"QueryResponse":[{"Fault":{"Error":[{"code":"4001"}],"type":"ValidationFault"}}]}',
        b'{"Fault":{"type":"ValidationFault","Error":[{"code":4001}]}}',
        b'{"fault":{"type":"ValidationFault","error":[{"code":"004001"}]}}',
        b'<Fault type="ValidationFault"><Error code="4001"/></Fault>',
        b'\n<IntuitResponse xmlns="http://schema.intuit.com/finance/v3">'
        b'<Fault type="ValidationFault"><Error code="4001"/></Fault></IntuitResponse>',
    ],
)
def test_a_fault_is_found_wherever_it_stands(body: bytes) -> None:
    assert fault_in(body) == Fault("4001", "ValidationFault")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"QueryResponse":{"Invoice":[{"Id":"1","PrivateNote":"a \\"Fault\\" of ours"}]}}',
        b'{"QueryResponse":{"Customer":[{"Id":"1","DisplayName":"Fault"}]}}',
        b'{"QueryResponse":{"Customer":[{"Id":"1","Fault":{"Error":[]}}]}}',
        b'{"Fault":',
        b"<html><body>Bad gateway</body></html>",
        b"<Fault",
        b'{"Fault":"x"}',
        b"[" * 100_000 + b'"Fault"',
    ],
)
def test_what_is_no_fault_is_none(body: bytes) -> None:
    assert fault_in(body) is None


def test_a_page_is_looked_at_only_around_its_records() -> None:
    fault = b'"Fault":{"Error":[{"code":"4001"}],"type":"ValidationFault"}'
    note = b'"Invoice":[{"PrivateNote":"' + b"x" * 200_000 + b'"}]'
    for body in (
        b'{"QueryResponse":{' + fault + b"}}",
        b'{"QueryResponse":{' + fault + b"," + note + b"}}",
        b'{"QueryResponse":{' + note + b"," + fault + b"}}",
        b'{"QueryResponse":{' + note + b"}," + fault + b"}",
    ):
        assert fault_around(body) == Fault("4001", "ValidationFault")
    assert fault_around(b'{"QueryResponse":{' + note + b"}}") is None


def test_xml_that_defines_entities_is_not_read() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
        b'<!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>'
        b'<Fault type="&lol2;"><Error code="3200"/></Fault>'
    )
    outside = b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><Fault><Error code="3200"/></Fault>'
    assert fault_in(bomb) is None
    assert fault_in(outside) is None
    assert fault_in(b'<Fault a="' + b"x" * 300_000 + b'"><Error code="1"/></Fault>') is None


@pytest.mark.parametrize(
    ("status", "kind", "wait"),
    [
        (400, errors.QuickBooksRejected, None),
        (401, errors.ReconnectRequired, None),
        (403, errors.QuickBooksRejected, None),
        (404, errors.QuickBooksRejected, None),
        (302, errors.QuickBooksRejected, None),
        (429, errors.QuickBooksBusy, 60),
        (500, errors.QuickBooksBusy, 10),
        (502, errors.QuickBooksBusy, 10),
        (503, errors.QuickBooksBusy, 10),
        (504, errors.QuickBooksBusy, 10),
    ],
)
def test_a_status_without_a_fault_still_means_something(
    status: int, kind: type[errors.AppError], wait: int | None
) -> None:
    raised = error(status, None)
    assert type(raised) is kind
    assert raised.details.get("wait_s") == wait


def test_retry_after_is_believed() -> None:
    assert error(429, None, retry_after_s=7).details["wait_s"] == 7
    assert error(503, None, retry_after_s=30).details["wait_s"] == 30
    assert error(500, Fault("150", ""), retry_after_s=90).details["wait_s"] == 90


def test_a_damaged_record_and_a_large_answer_ask_for_a_smaller_page() -> None:
    assert error(400, Fault("4002", "")).details["smaller_page"] is True
    assert error(400, Fault("10100", "")).details["smaller_page"] is True
    assert unreachable(timed_out=True).details["smaller_page"] is True
    assert "smaller_page" not in error(400, Fault("4001", "")).details


def test_a_throttle_is_told_from_an_outage() -> None:
    assert is_throttle(error(429, None))
    assert is_throttle(error(403, Fault("3001", "SERVICE")))
    assert not is_throttle(error(503, None))
    assert not is_throttle(unreachable(timed_out=False))
