"""What has run: the runs of one export, as far back as they are kept, for whoever may read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from counterfoil.core.people import Sheet, User
from counterfoil.core.stores import Document
from counterfoil.flows.connections import MEMBERS, member_id
from counterfoil.flows.ports import Clock, Records
from counterfoil.flows.runs import COLLECTION, KEPT, WEEK, log_of, short
from counterfoil.flows.saved import SavedExports
from counterfoil.flows.scans import each

MOST = 50  # in one answer, the newest


class Logged(TypedDict):
    """The newest first; `more`: there are older ones."""

    runs: list[Mapping[str, Any]]
    more: bool


@dataclass(frozen=True, slots=True)
class RunLog:
    records: Records
    saved: SavedExports
    clock: Clock

    def of(self, user: User, sheet: Sheet, exporter_id: str) -> Logged:
        """None of a company that they are no member of: it may have been taken out of the export.
        Raises NotFound, also for who is no member of every company that it names.
        """
        exporter = self.saved.read(user, sheet, exporter_id)
        mine = {it.data["connection_id"] for it in each(self.records, MEMBERS, {"user": user.sub})}
        now, found = self.clock(), list[Document]()
        for weeks_ago in range(KEPT // WEEK + 2):
            kept = each(self.records, COLLECTION, {"log": log_of(exporter.id, now, weeks_ago)})
            found += [it for it in kept if now < it.data["expires_at"] and mine >= _companies(it)]
            # The runs of a week come in no order: all of it is read before the newest are known.
            if len(found) > MOST:
                break
        found.sort(key=lambda it: (it.data["started_at"], it.id), reverse=True)
        addresses = self._addresses(exporter.connection_id, found[:MOST])
        shown = [_shown(it, addresses[it.data["user"]]) for it in found[:MOST]]
        return {"runs": shown, "more": len(found) > MOST}

    def _addresses(self, connection_id: str, found: list[Document]) -> dict[str, str]:
        """Of whoever ran it; "" for who is no member any more."""
        users = {str(it.data["user"]) for it in found}
        members = {it: self.records.get(MEMBERS, member_id(connection_id, it)) for it in users}
        return {user: str(it.data["email"]) if it else "" for user, it in members.items()}


def _companies(document: Document) -> set[str]:
    data = document.data
    return set(data.get("companies") or [data["connection_id"]])


def _shown(document: Document, by: str) -> Mapping[str, Any]:
    data = document.data
    began, ended = data["started_at"], data["finished_at"]
    return {
        "run_short": short(document.id),
        "at": began.isoformat(timespec="seconds"),
        "took_s": round((ended - began).total_seconds()) if isinstance(ended, datetime) else None,
        "by": by,
        "scheduled": bool(data.get("scheduled")),
        "state": data["state"],
        "verdict": data["verdict"],
        "code": data["code"],
        **({"ties": data["ties"]} if data.get("ties") else {}),
        "rows": data["counts"].get("rows"),
        "calls": data["calls"],
    }
