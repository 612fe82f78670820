"""An exporter as the sidebar lists it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from counterfoil.core.managed import Managed
from counterfoil.core.plans import Plan
from counterfoil.core.report_rows import ReportLayout
from counterfoil.core.stores import Document
from counterfoil.flows.exporter_records import ENTITY, connection_ids, plan_of, shown_title


@dataclass(frozen=True, slots=True)
class Listed:
    """An exporter as the sidebar lists it."""

    id: str
    title: str
    kind: str
    dataset: str
    connection_ids: tuple[str, ...]
    block: str
    last_run: Mapping[str, Any] | None
    name: str | None
    revision: int
    paused: str | None
    run_as: str | None = None
    plan: Plan | None = None
    layout: str | None = None
    frozen_at: datetime | None = None
    frozen_by: str | None = None
    managed: Managed | None = None
    is_proven: bool = False  # what managed refresh is to do is what somebody proved
    # Whether its table has a row above the column titles; None where it cannot get one.
    title_row: bool | None = None

    @property
    def connection_id(self) -> str:
        return self.connection_ids[0]

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "kind": self.kind,
            "dataset": self.dataset,
            "connection_id": self.connection_id,
            "connection_ids": list(self.connection_ids),
            "name": self.name,
            "revision": self.revision,
            "paused": self.paused,
            "block": self.block,
            "layout": self.layout,
            "title_row": self.title_row,
            "last_run": _last_run(self.last_run),
        }


def listed(document: Document) -> Listed:
    data = document.data
    managed = Managed.of(data)
    return Listed(
        id=document.id,
        title=shown_title(document),
        kind=data["kind"],
        dataset=data["dataset"],
        connection_ids=tuple(connection_ids(data)),
        block=data["block"],
        last_run=data["last_run"],
        name=data["name"],
        revision=data["revision"],
        paused=data.get("paused"),
        run_as=data.get("run_as"),
        plan=plan_of(data),
        layout=data["options"].get("layout"),
        frozen_at=data.get("frozen_at"),
        frozen_by=data.get("frozen_by"),
        managed=managed,
        is_proven=managed is not None and managed.is_proven(data),
        title_row=_title_row(data),
    )


def _title_row(data: Mapping[str, Any]) -> bool | None:
    options = data["options"]
    by_key = data["last_run"] and options.get("mode") and "title_row" not in options
    fixed = by_key if data["kind"] == ENTITY else options.get("layout") != ReportLayout.TIDY
    return None if fixed else bool(options.get("title_row"))


def _last_run(last_run: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if last_run is None:
        return None
    at = last_run["at"]
    return {**last_run, "at": at.isoformat() if isinstance(at, datetime) else at}
