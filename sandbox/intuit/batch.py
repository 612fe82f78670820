"""`POST .../batch`: up to 30 queries in one request, each with an answer or a fault of its own.

Whatever else a batch can hold on the live service (creating, changing) is refused item by item:
the sandbox cannot be written to. Reports and CDC cannot be put in a batch there either.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/batch
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sandbox.intuit.answers import ApiRefused, answer_time, unsupported
from sandbox.intuit.companies_api import ApiRequest, ApiResponse

MOST_ITEMS = 30


def batch_answer(
    request: ApiRequest, handle: Callable[[ApiRequest], ApiResponse]
) -> Mapping[str, Any]:
    """Answers in another order than they were asked: only `bId` tells. Raises ApiRefused."""
    items = _items(request)
    if len(items) > MOST_ITEMS:
        raise ApiRefused(
            "1040",
            "Batch size exceeds allowed limit",
            f"Batch size : {len(items)} exceeds the allowed limit of {MOST_ITEMS}",
        )
    answers = [{**_one(item, request, handle), "bId": item["bId"]} for item in items]
    return {"BatchItemResponse": answers[::-1], "time": answer_time(request.now)}


def _one(
    item: Mapping[str, Any], request: ApiRequest, handle: Callable[[ApiRequest], ApiResponse]
) -> Mapping[str, Any]:
    query = item.get("Query")
    if not isinstance(query, str):
        return {"Fault": _fault(unsupported("batch"))}
    given = handle(
        replace(
            request,
            path_after_realm="query",
            body=query.encode(),
            headers={"content-type": "application/text"},
        )
    )
    held: Mapping[str, Any] = json.loads(given.body, parse_float=Decimal)
    return {name: held[name] for name in ("QueryResponse", "Fault") if name in held}


def _items(request: ApiRequest) -> list[Mapping[str, Any]]:
    try:
        items = json.loads(request.body)["BatchItemRequest"]
        if all(isinstance(item["bId"], str) for item in items):
            return list(items)
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise unsupported("batch")


def _fault(refused: ApiRefused) -> Mapping[str, Any]:
    error = {"Message": refused.message, "Detail": refused.detail, "code": refused.code}
    return {"Error": [error], "type": "ValidationFault"}
