"""`GET .../cdc?entities=Invoice,Customer&changedSince=…`: what changed, as whole rows. Pure.

At most 1,000 objects in the whole answer, without paging and without a word about what was left
out; at most 30 days back; of what was deleted only a stub remains.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/changedatacapture
The wording of its refusals was never captured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sandbox.intuit.answers import DATA_CENTRE, ApiRefused, answer_time, record_time
from sandbox.intuit.store import Row
from sandbox.intuit.vocabulary import Entity, Shape, entity

MOST_OBJECTS = 1_000
LOOK_BACK = timedelta(days=30)
NOT_SUPPORTED = frozenset(
    {
        *("journalcode", "timeactivity", "taxagency", "taxcode", "taxrate"),
        *("recurringtransaction", "taxclassification", "exchangerate"),
    }
)


@dataclass(frozen=True, slots=True)
class Deletion:
    id: str
    at: datetime

    def stub(self) -> Row:
        return {
            "domain": "QBO",
            "status": "Deleted",
            "Id": self.id,
            "MetaData": {"LastUpdatedTime": record_time(self.at)},
        }


class Changes(Protocol):
    def live(self, kind: Entity, since: datetime) -> list[Row]:
        """The rows that were written or changed at `since` or later, whatever their Active."""
        ...

    def deleted(self, kind: Entity, since: datetime) -> list[Deletion]: ...


def cdc_answer(
    args: Mapping[str, str],
    changes: Changes,
    now: datetime,
    check: Callable[[str], None] = lambda _: None,
) -> Row:
    """`check` raises for a list that the company's plan lacks, as queries are refused: whether CDC
    is was never seen. Raises ApiRefused.
    """
    kinds = [_kind(name) for name in _given(args, "entities").split(",")]
    for kind in kinds:
        check(kind.name)
    since = _since(_given(args, "changedSince"), now)
    room = MOST_OBJECTS
    answers: list[Row] = []
    for kind in kinds:
        live = sorted(changes.live(kind, since), key=_changed_at)
        gone = sorted(changes.deleted(kind, since), key=lambda it: it.at)
        rows = [*live, *(it.stub() for it in gone)][:room]
        room -= len(rows)
        answers.append(_part(kind, rows))
    return {"CDCResponse": [{"QueryResponse": answers}], "time": answer_time(now)}


def _part(kind: Entity, rows: list[Row]) -> Row:
    if not rows:
        return {}
    part: dict[str, Any] = {kind.answer_key: rows, "startPosition": 1, "maxResults": len(rows)}
    if kind.says_total:
        part["totalCount"] = len(rows)
    return part


def _kind(name: str) -> Entity:
    wanted = name.strip()
    if wanted.lower() in NOT_SUPPORTED:
        raise ApiRefused(
            "500",
            "Unsupported Operation",
            f"Operation changeDataCapture on {wanted} is not supported.",
        )
    kind = entity(wanted)
    if kind.shape is Shape.SINGLETON:
        raise ApiRefused(
            "500",
            "Unsupported Operation",
            f"Operation changeDataCapture on {kind.name} is not supported.",
        )
    return kind


def _given(args: Mapping[str, str], name: str) -> str:
    text = args.get(name, "")
    if not text.strip():
        raise ApiRefused(
            "2020",
            "Required param missing, need to supply the required value for the API",
            f"Required parameter {name} is missing in the request",
            element=name,
        )
    return text


def _since(text: str, now: datetime) -> datetime:
    # A "+" that was not escaped arrives as a space.
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        raise ApiRefused(
            "2010", "Request has invalid or unsupported property", f"changedSince:{text}"
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=DATA_CENTRE)
    if moment < now - LOOK_BACK:
        raise ApiRefused(
            "2170",
            "Invalid value",
            "changedSince : The changedSince value can be at most 30 days back.",
            element="changedSince",
        )
    return moment


def _changed_at(row: Row) -> datetime:
    return datetime.fromisoformat(row["MetaData"]["LastUpdatedTime"])
