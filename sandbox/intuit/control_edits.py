"""`POST /control/edit`: what the people of a company do to its rows while somebody reads them.

`{"realm_id", "edit": "add", "entity", "row"}`, or "update" with "id" and "changes", or "void",
"delete" or "inactivate" with "id". Amounts may be JSON numbers. An added row
needs no Id of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbox.intuit.answers import ApiRefused, record_time
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.company import Company
from sandbox.intuit.desk import NAMES
from sandbox.intuit.ledger import POSTING, postings_of
from sandbox.intuit.store import Row, id_rank
from sandbox.intuit.vocabulary import Shape, entity

_TRANSACTIONS = (
    *POSTING,
    *("Estimate", "PurchaseOrder", "TimeActivity", "InventoryAdjustment", "RecurringTransaction"),
)
EDITS = ("add", "update", "void", "delete", "inactivate")


class BadEdit(Exception):
    """The message says what was expected."""


def edited(books: object, body: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The row as it is then; of a deleted one only its id. Raises BadEdit, nothing changed."""
    company = _company(books, _text(body, "realm_id"))
    try:
        kind = entity(_text(body, "entity")).name
        row = _done(company, _text(body, "edit"), kind, body, now)
    except (ApiRefused, ValueError) as error:
        raise BadEdit(str(error)) from error
    told: dict[str, Any] = json.loads(json.dumps(row, default=float))
    return {"row": told}


def _done(company: Company, edit: str, kind: str, body: Mapping[str, Any], now: datetime) -> Row:
    if edit == "add":
        row = _new(company, kind, _fields(body, "row"), now)
        return company.add(kind, _posts(company, kind, row))
    if edit not in EDITS:
        raise BadEdit(f"edits are: {', '.join(EDITS)}")
    id = _text(body, "id")
    if not company.store.has(kind, id):
        raise BadEdit(f"there is no {kind} {id}")
    match edit:
        case "update":
            changes = _fields(body, "changes")
            _posts(company, kind, company.store.get(kind, id) | changes)
            return company.update(kind, id, now, **changes)
        case "void":
            return company.void(kind, id, now)
        case "inactivate":
            if entity(kind).shape is not Shape.NAME_LIST:
                raise BadEdit(f"QuickBooks makes no {kind} inactive")
            return company.inactivate(kind, id, now)
    company.delete(kind, id, now)
    return {"Id": id}


def _new(company: Company, kind: str, row: Row, now: datetime) -> Row:
    written = record_time(now)
    head: Row = {
        "domain": "QBO",
        "sparse": False,
        "Id": _next_id(company, kind),
        "SyncToken": "0",
        "MetaData": {"CreateTime": written, "LastUpdatedTime": written},
    }
    if entity(kind).shape is Shape.NAME_LIST:
        head["Active"] = True
    return head | row


def _next_id(company: Company, kind: str) -> str:
    """All transactions share one sequence, as names of people do; never one that was deleted."""
    shared = _together(kind)
    used = [row["Id"] for each in shared for row in company.store.all(each)]
    used += [id for each in shared for id in company.store.gone(each)]
    return str(max((id_rank(id)[0] for id in used if id.isdigit()), default=0) + 1)


def _together(kind: str) -> tuple[str, ...]:
    return next((shared for shared in (_TRANSACTIONS, NAMES) if kind in shared), (kind,))


def _posts(company: Company, kind: str, row: Row) -> Row:
    """The row, of which the ledger can make something. Raises BadEdit."""
    try:
        if kind in POSTING:
            postings_of(kind, row, company.store, company.chart)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise BadEdit(f"a {kind} like that cannot be posted: {error!r}") from error
    return row


def _company(books: object, realm_id: str) -> Company:
    try:
        if isinstance(books, DemoBooks):
            return books.company(realm_id)
    except KeyError:
        pass
    raise BadEdit("no company of that realm keeps rows")


def _fields(body: Mapping[str, Any], name: str) -> Row:
    fields = body.get(name)
    if not isinstance(fields, dict):
        raise BadEdit(f"{name} must be an object")
    exact: Row = json.loads(json.dumps(fields), parse_float=Decimal)
    return exact


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise BadEdit(f"{name} must be text")
    return value
