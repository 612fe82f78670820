"""The numbers of a report's accounts, asked for by their ids: reports do not tell them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from counterfoil.core import faults, query
from counterfoil.core.query import LARGEST_PAGE, Condition, Op
from counterfoil.flows.ports import Company


def account_numbers(company: Company, ids: Sequence[str]) -> Mapping[str, str]:
    """By id, "" where an account has none: one call for each 1,000 accounts.

    Raises what a call raises.
    """
    found: dict[str, str] = {}
    for body in answers_about(company, ids):
        found |= _numbers(body)
    return found


def answers_about(company: Company, ids: Sequence[str]) -> Iterator[bytes]:
    """What QuickBooks says of these accounts, inactive ones too, 1,000 of them at a time."""
    for start in range(0, len(ids), LARGEST_PAGE):
        some = tuple(ids[start : start + LARGEST_PAGE])
        where = [Condition("Id", Op.IN, some), Condition("Active", Op.IN, (True, False))]
        yield company.query(query.select("Account", where))


def _numbers(body: bytes) -> dict[str, str]:
    try:
        accounts = json.loads(body)["QueryResponse"].get("Account", [])
        return {account["Id"]: str(account.get("AcctNum") or "") for account in accounts}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise faults.unreadable(200) from error
