"""An aging held against the documents that are open today, read one kind after the other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from counterfoil.catalog.ties import DocumentKind, Found, OpenDocuments
from counterfoil.core import faults, pages, query
from counterfoil.core.open_items import Group, aged, left_of, reconciled
from counterfoil.core.query import LARGEST_PAGE, Condition, Op
from counterfoil.core.reports import ReportTable
from counterfoil.core.tie_figures import Measure, figure
from counterfoil.core.tie_out import Item, NotApplicable, Outcome, TieOut
from counterfoil.flows.ports import Company

MOST_DOCUMENTS = 10_000  # of a kind: ten calls; more is a matter of another hour
_COLUMNS = ("txn_type", "doc_num", "subt_open_bal", "subt_neg_open_bal")


def against_documents(
    tie: OpenDocuments, company: Company, table: ReportTable, detail: ReportTable, day: date
) -> TieOut:
    """Raises NotApplicable, and what a call raises."""
    total = figure(table, Measure.TOTAL)
    if not isinstance(total, Decimal):
        raise TypeError("a grand total is one amount")
    lines = aged(detail)
    unknown, groups, unsought = dict(lines), [], []
    for kind in tie.kinds:
        try:
            records = _records(company, kind, list(unknown))
        except _TooMany as many:
            unsought.append(f"{many.found:,} {kind.several}")
            records = _named(company, kind, list(unknown))
        groups.append(Group(kind.title, _left(kind, records, lines, day, table.currency)))
        unknown = _without(unknown, records)
    found = reconciled(tie.key, tie.title, tie.report.title, total, lines, groups, table.currency)
    if unsought and found.outcome is Outcome.PASS:
        raise NotApplicable(
            f"There are {' and '.join(unsought)}. Of more than {MOST_DOCUMENTS:,} only those that "
            "the aging names were looked at, so that one that it lacks would not be missed. With "
            f"these the documents come to the same, {total:,} {table.currency}."
        )
    return found


def columns_of_detail(offered: Sequence[str]) -> str:
    """A text first, then what the check reads."""
    return ",".join((offered[0], *(key for key in _COLUMNS if key in offered)))


def _left(
    kind: DocumentKind,
    records: Sequence[Mapping[str, Any]],
    lines: Mapping[str, Item],
    day: date,
    currency: str,
) -> Mapping[str, Item]:
    if kind.amount:
        return left_of(records, kind.amount, kind.sign, day, currency)
    ids = [str(record["Id"]) for record in records]
    return {id: lines[id] for id in ids if id in lines}


def _without(unknown: Mapping[str, Item], records: Iterable[Mapping[str, Any]]) -> dict[str, Item]:
    found = {str(record["Id"]) for record in records}
    return {id: item for id, item in unknown.items() if id not in found}


class _TooMany(Exception):
    def __init__(self, found: int) -> None:
        super().__init__(found)
        self.found = found


def _records(
    company: Company, kind: DocumentKind, ids: Sequence[str]
) -> Sequence[Mapping[str, Any]]:
    """Raises _TooMany where all would have to be read to find those that are open."""
    if kind.found is Found.NAMED:
        return _named(company, kind, ids)
    every = kind.found is Found.ALL
    where = [] if every else [Condition(kind.amount, Op.GT, 0)]
    found = [*_page(company, kind, where, 1)]
    if every and len(found) == LARGEST_PAGE and (many := _count(company, kind)) > MOST_DOCUMENTS:
        raise _TooMany(many)
    page: Sequence[Mapping[str, Any]] = found
    while len(page) == LARGEST_PAGE:
        if len(found) >= MOST_DOCUMENTS:
            raise NotApplicable(f"More than {MOST_DOCUMENTS:,} documents are open.")
        page = _page(company, kind, where, len(found) + 1)
        found += page
    return found


def _named(company: Company, kind: DocumentKind, ids: Sequence[str]) -> Sequence[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for start in range(0, len(ids), LARGEST_PAGE):
        some = tuple(ids[start : start + LARGEST_PAGE])
        found += _page(company, kind, [Condition("Id", Op.IN, some)], 1)
    return found


def _count(company: Company, kind: DocumentKind) -> int:
    return pages.count_of(company.query(query.count(kind.entity)))


def _page(
    company: Company, kind: DocumentKind, where: Sequence[Condition], start: int
) -> Sequence[Mapping[str, Any]]:
    body = company.query(query.select(kind.entity, where, start=start))
    try:
        answer = json.loads(body, parse_float=Decimal)
        records = answer["QueryResponse"].get(kind.entity, [])
        if not all(isinstance(record["Id"], str) for record in records):
            raise KeyError("Id")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise faults.unreadable(200) from error
    return list(records)
