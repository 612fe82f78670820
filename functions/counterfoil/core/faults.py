"""QuickBooks' faults: found in any answer, turned into errors that say what to do. Pure.

Faults come as JSON in two envelopes (the accounting API's "Fault", the gateway's "fault"), as
XML even where JSON was asked for, and inside answers with status 200. Their texts can hold a
company's data, so only codes are kept.
https://developer.intuit.com/app/developer/qbo/docs/develop/troubleshooting/error-codes
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from counterfoil.core import errors

# Where no Retry-After is given, Intuit asks for a minute.
THROTTLE_WAIT_S = 60
OUTAGE_WAIT_S = 10

# A fault is a few hundred bytes; a gateway's HTML page some thousands.
_LONGEST_XML = 262_144

_LONGEST_BLANKS = 256

# What a page says besides its records are some hundred bytes.
_EDGE = 65_536

Body = bytes | bytearray
"""Of an answer."""

NO_FAULT_CODE = ""
RIGHTS_LOST = "120"
TOKEN_REFUSED = "3200"  # noqa: S105 - Intuit's number for it, not a password


@dataclass(frozen=True, slots=True)
class Fault:
    """The first error of a fault: Intuit's code without leading zeros, and the fault's type."""

    code: str
    type: str


def fault_in(body: Body) -> Fault | None:
    """The fault that an answer holds, whatever its status and whatever its envelope."""
    if first_character(body) == b"<":
        return _xml_fault(body)
    # A page is megabytes and nearly never a fault: look before parsing, for "Fault" and "fault".
    # Backwards, which Python does in half the time.
    if body.rfind(b'ault"') < 0:
        return None
    try:
        return _json_fault(json.loads(body))
    except (ValueError, RecursionError):
        return None


def fault_around(body: Body) -> Fault | None:
    """The same of a page of records: they are one list, and a fault stands before or behind it."""
    edges = body[:_EDGE] + body[-_EDGE:]
    return fault_in(body) if len(body) <= 2 * _EDGE or b'ault"' in edges else None


def first_character(body: Body) -> Body:
    """What an answer begins with after blanks; without copying megabytes."""
    return body[:_LONGEST_BLANKS].lstrip()[:1]


def _json_fault(answer: object) -> Fault | None:
    if not isinstance(answer, dict):
        return None
    fault = answer.get("Fault") or answer.get("fault")
    if isinstance(fault, dict):
        return _first_error(fault)
    for inner in answer.values():
        # 200s hold it one level down: {"QueryResponse": {"Fault"…}}, {"…Response": [{"Fault"…}]}
        for place in inner if isinstance(inner, list) else [inner]:
            if isinstance(place, dict) and isinstance(place.get("Fault"), dict):
                return _first_error(place["Fault"])
    return None


def _first_error(fault: Mapping[str, Any]) -> Fault:
    listed = fault.get("Error") or fault.get("error")
    first = listed[0] if isinstance(listed, list) and listed else {}
    code = first.get("code") if isinstance(first, dict) else None
    return Fault(_code(code), str(fault.get("type") or ""))


def _xml_fault(body: Body) -> Fault | None:
    if len(body) > _LONGEST_XML:
        return None
    reader = _FaultReader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    # Without a document type there are no entities to expand and nothing to fetch.
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, _DoctypeRefused):
        return None
    return reader.fault


class _DoctypeRefused(Exception):
    pass


def _refuse_doctype(*_: object) -> None:
    raise _DoctypeRefused


class _FaultReader:
    def __init__(self) -> None:
        self.fault: Fault | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2].lower()
        if tag == "fault" and self.fault is None:
            self.fault = Fault(NO_FAULT_CODE, attributes.get("type", ""))
        elif tag == "error" and self.fault is not None and not self.fault.code:
            self.fault = Fault(_code(attributes.get("code")), self.fault.type)


def _code(value: object) -> str:
    text = str(value if value is not None else "").strip()
    return (text.lstrip("0") or "0") if text.isascii() and text.isdigit() else NO_FAULT_CODE


def error(
    status: int,
    fault: Fault | None,
    *,
    tid: str = "",
    retry_after_s: int | None = None,
) -> errors.AppError:
    """What a refused request means to the person in the sidebar.

    `details` hold Intuit's code and trace id; a QuickBooksBusy says in `wait_s` when to ask
    again; `smaller_page` is set where fewer rows at once may succeed.
    """
    code = fault.code if fault else NO_FAULT_CODE
    details: dict[str, str | int | bool] = {"status": status}
    if code:
        details["intuit_code"] = code
    if tid:
        details["intuit_tid"] = tid
    if status == 429 or code == "3001":
        wait = THROTTLE_WAIT_S if retry_after_s is None else retry_after_s
        return errors.QuickBooksBusy(_BUSY_THROTTLED, wait_s=wait, **details)
    if code in _SENTENCES:
        kind, sentence = _SENTENCES[code]
        if kind is errors.QuickBooksBusy:
            details["wait_s"] = OUTAGE_WAIT_S if retry_after_s is None else retry_after_s
        if code in _SMALLER_PAGE:
            details["smaller_page"] = True
        return kind(sentence, **details)
    if status >= 500:
        wait = OUTAGE_WAIT_S if retry_after_s is None else retry_after_s
        return errors.QuickBooksBusy(_BUSY_OUTAGE, wait_s=wait, **details)
    if status == 401:
        return errors.ReconnectRequired(_RECONNECT, **details)
    if status == 403:
        return errors.QuickBooksRejected(_NOT_ALLOWED, **details)
    return errors.QuickBooksRejected(_OUR_BUG, **details)


def is_throttle(refusal: errors.AppError) -> bool:
    """Whether QuickBooks refused a call because there were too many."""
    return isinstance(refusal, errors.QuickBooksBusy) and (
        refusal.details.get("status") == 429 or refusal.details.get("intuit_code") == "3001"
    )


def is_denial(refusal: errors.AppError) -> bool:
    """Whether the person behind the token has lost the rights to the company."""
    return refusal.details.get("intuit_code") == RIGHTS_LOST


def unreachable(*, timed_out: bool) -> errors.QuickBooksBusy:
    """No answer at all: a connection refused or broken, or nothing in time."""
    sentence = (
        "QuickBooks did not answer in time. Please try again in a minute."
        if timed_out
        else "QuickBooks cannot be reached right now. Please try again in a minute."
    )
    return errors.QuickBooksBusy(
        sentence, wait_s=OUTAGE_WAIT_S, timed_out=timed_out, smaller_page=timed_out
    )


def unreadable(status: int, *, tid: str = "") -> errors.QuickBooksBusy:
    """An answer that is not what QuickBooks sends: a proxy's page, a broken encoding."""
    return errors.QuickBooksBusy(
        "QuickBooks sent an answer that cannot be read. Please try again in a minute.",
        wait_s=OUTAGE_WAIT_S,
        status=status,
        **({"intuit_tid": tid} if tid else {}),
    )


_BUSY_THROTTLED = (
    "QuickBooks allows no more requests for this company at the moment. "
    "It goes on by itself in about a minute."
)
_BUSY_OUTAGE = "QuickBooks has a problem on its side right now. Please try again in a minute."
_RECONNECT = "QuickBooks no longer accepts this connection. Please reconnect the company."
_NOT_ALLOWED = (
    "QuickBooks does not allow this for the person who connected the company. "
    "Ask one of its administrators to reconnect it."
)
_OUR_BUG = (
    "QuickBooks did not understand the request. This is our mistake, not yours: "
    "please report it with the run's number."
)
_LATER = (
    "QuickBooks refused the connection just now. Please try again in a few minutes; "
    "if it stays so, reconnect the company."
)
_ADMIN = (
    "The person who connected this company no longer has the rights to read it. "
    "Ask an administrator of the company to reconnect it."
)
_MAINTENANCE = "QuickBooks has locked this company for maintenance. Please try again later."

_SENTENCES: Mapping[str, tuple[type[errors.AppError], str]] = {
    TOKEN_REFUSED: (errors.ReconnectRequired, _RECONNECT),
    "100": (errors.ConnectionSuspect, _LATER),
    "110": (errors.ConnectionSuspect, _LATER),
    "130": (errors.ConnectionSuspect, _LATER),
    RIGHTS_LOST: (errors.ReconnectRequired, _ADMIN),
    "140": (errors.QuickBooksBusy, _MAINTENANCE),
    "150": (errors.QuickBooksBusy, _MAINTENANCE),
    "3100": (
        errors.QuickBooksRejected,
        "This deployment's Intuit keys are not for this company: either it belongs to the "
        "other environment (development or production), or the app is not allowed there. "
        "Tell whoever runs Counterfoil.",
    ),
    "610": (
        errors.QuickBooksRejected,
        "QuickBooks says that something this export asks for no longer exists. "
        "Check the filters and try again.",
    ),
    "4002": (
        errors.QuickBooksRejected,
        "QuickBooks could not read one of this company's records, so nothing was written. "
        "Narrowing the dates shows which one it is.",
    ),
    "5020": (
        errors.PlanLacks,
        "The company's plan, or the role of the person who connected it, does not include "
        "this data. Ask an administrator of the company to reconnect it.",
    ),
    "5030": (
        errors.PlanLacks,
        "This company's QuickBooks plan does not have this feature, so there is nothing to export.",
    ),
    "6190": (
        errors.PlanLacks,
        "This company's QuickBooks subscription has ended or has a billing problem, so its "
        "data cannot be read. Renew it in QuickBooks and try again.",
    ),
    "10000": (errors.QuickBooksBusy, _BUSY_OUTAGE),
    "10100": (
        errors.QuickBooksRejected,
        "QuickBooks says that this is too much at once. Please narrow the dates.",
    ),
    "10200": (
        errors.IncompleteRead,
        "The company was reset in QuickBooks while it was being read. Please export again.",
    ),
}

# Fewer rows at once go around the one record that cannot be read, or stay below the limit.
_SMALLER_PAGE = frozenset({"4002", "10100"})
