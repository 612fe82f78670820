"""What each company has to say to a consolidated table: its report and its accounts.

A report that QuickBooks cannot send in one piece is read in parts, as elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterfoil.core import faults
from counterfoil.core.account_labels import account_ids
from counterfoil.core.consolidation_books import Account
from counterfoil.core.errors import IncompleteRead, ReportTooLarge
from counterfoil.core.proof import Proof, Verdict
from counterfoil.core.reports import ReportTable
from counterfoil.flows.account_numbers import answers_about
from counterfoil.flows.all_turns import AllTurns, at_once
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.ports import Company
from counterfoil.flows.report_parts import Joined, Narrower, report_table
from counterfoil.flows.report_quiet import Quiet
from counterfoil.flows.several import Part
from counterfoil.flows.unproven import unproven


@dataclass(frozen=True, slots=True)
class CompanyBooks:
    """`rested`: nobody edited them while they came in parts."""

    table: ReportTable
    proof: Proof
    accounts: Mapping[str, Account]
    rested: bool = True


def read_all(
    parts: Sequence[Part], turns: AllTurns, position: Mapping[str, Any] | None, in_flight: int
) -> list[CompanyBooks]:
    """Of all companies at once. Raises Narrower with where each of them is, or what a company's
    reading raises, having blamed it.
    """
    at: dict[str, Any] = dict((position or {}).get("companies", {}))
    ended: dict[str, Narrower] = {}

    def read(part: Part) -> CompanyBooks | None:
        try:
            return _books(part, turns, at.get(part.connection.id), in_flight)
        except Narrower as narrower:
            ended[part.connection.id] = narrower
            return None

    found = at_once(parts, turns, read)
    if ended:
        at |= {id: narrower.position for id, narrower in ended.items()}
        raise Narrower({"companies": at}, max(each.wait_s for each in ended.values()))
    return [books for books in found if books is not None]


def _books(
    part: Part, turns: AllTurns, position: Mapping[str, Any] | None, in_flight: int
) -> CompanyBooks:
    company, choice = turns.of(part.connection), part.choice
    assert isinstance(choice, ReportChoice)  # noqa: S101 - whoever asks has looked
    found = _report(company, choice, position, in_flight)
    table, proof = found.table, found.proof()
    if table.currency not in ("", part.connection.currency):
        raise IncompleteRead(
            f"Its report is in {table.currency}, and we know it as a company in "
            f"{part.connection.currency or 'no currency'}. Nothing was written. Reconnect it."
        )
    if proof.verdict is Verdict.FAIL:
        raise unproven(proof)
    accounts = _accounts(company, account_ids(table))
    return CompanyBooks(table, proof, accounts, rested=found.quiet is Quiet.YES)


def _report(
    company: Company, choice: ReportChoice, position: Mapping[str, Any] | None, in_flight: int
) -> Joined:
    try:
        return report_table(company, choice, position, in_flight=in_flight)
    except ReportTooLarge as error:
        days = "another day" if choice.report.as_of else "a shorter range of dates"
        raise ReportTooLarge(
            f"QuickBooks cannot show its {choice.report.title} in one piece, and it cannot be put "
            f"together from parts. Choose {days}, or leave this company out."
        ) from error


def _accounts(company: Company, ids: Sequence[str]) -> dict[str, Account]:
    """What accounts are called in full, and of which kind they are: reports do not tell."""
    found: dict[str, Account] = {}
    for body in answers_about(company, ids):
        found |= _in_answer(body)
    return found


def _in_answer(body: bytes) -> dict[str, Account]:
    try:
        return {
            str(each["Id"]): Account(
                str(each["Id"]),
                str(each.get("FullyQualifiedName") or each["Name"]),
                str(each.get("AcctNum") or ""),
                str(each.get("Classification") or ""),
            )
            for each in json.loads(body)["QueryResponse"].get("Account", [])
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise faults.unreadable(200) from error
