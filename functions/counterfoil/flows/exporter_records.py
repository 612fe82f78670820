"""An exporter as the store keeps it: its record, what runs and schedules change in it, its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from counterfoil.core.datasets import Dataset, Entity
from counterfoil.core.errors import UnknownDataset
from counterfoil.core.managed import Managed, window_of
from counterfoil.core.plans import Plan
from counterfoil.core.stores import Document
from counterfoil.core.tab_titles import safe_title
from counterfoil.flows.ports import Records
from counterfoil.flows.rewriting import rewritten

COLLECTION = "exporters"
# Which exporters read a company beside their first: `<connection>:<exporter>`.
USES = "uses"
ENTITY, REPORT = "entity", "report"

# Why an exporter rests until an editor takes it over.
AUTHOR_GONE, COMPANY_GONE = "author_gone", "company_gone"


@dataclass(frozen=True, slots=True)
class Exporter:
    """A saved export, or one that was just made: then it has no name."""

    id: str
    name: str | None
    kind: str  # "entity" or "report"
    dataset: str  # the catalog's key
    connection_id: str  # the first of `connection_ids`
    connection_ids: tuple[str, ...]
    options: Mapping[str, Any]
    author: str  # who saved it last; "" when they had themselves forgotten
    paused: str | None  # AUTHOR_GONE, COMPANY_GONE
    block: str  # the named range
    tab: str  # the title of the tab, where one must be made
    digest_key: str = field(repr=False)  # 32 bytes in hex
    revision: int
    last_run: Mapping[str, Any] | None
    document: Document = field(repr=False)
    run_as: str | None = None  # whose trigger runs it
    plan: Plan | None = None  # when it is due
    frozen_at: datetime | None = None  # no run writes its block since then
    frozen_by: str | None = None  # None too when they had themselves forgotten
    managed: Managed | None = None  # the service account runs it, nobody's trigger
    # On which a report stays for which nobody chose one, by connection (flows.kept_basis).
    bases: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        """No run of it has come as far as the sheet."""
        return self.last_run is None


@dataclass(frozen=True, slots=True)
class Contents:
    """What an exporter is made of; without a name it is one that nobody has saved."""

    kind: str
    dataset: str
    connection_ids: Sequence[str]
    options: Mapping[str, Any]
    tab: str
    name: str | None = None

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        connection_ids: Sequence[str],
        options: Mapping[str, Any],
        tab: str,
        name: str | None = None,
    ) -> Contents:
        kind = ENTITY if isinstance(dataset, Entity) else REPORT
        return cls(kind, dataset.key, connection_ids, options, safe_title(tab), name)


def after_run(
    data: Mapping[str, Any],
    last_run: Mapping[str, Any],
    change: Callable[[Plan], Plan],
    bases: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """An exporter's record with what became of its last run, and the `bases` that it was told."""
    kept = {"bases": {**data.get("bases", {}), **bases}} if bases else {}
    return {**data, **replanned(data, change), **kept, "last_run": dict(last_run)}


def plan_of(data: Mapping[str, Any]) -> Plan | None:
    """When an exporter's record says that it is due."""
    kept = data.get("plan")
    return Plan.of(kept) if kept else None


def replanned(data: Mapping[str, Any], change: Callable[[Plan], Plan]) -> dict[str, Any]:
    """What changes in a record whose schedule, if it has one, moves on."""
    plan = plan_of(data)
    return planned(change(plan), is_managed=bool(data.get("managed"))) if plan else {}


def planned(plan: Plan, *, is_managed: bool) -> dict[str, Any]:
    """What a record keeps of its schedule, and where managed refresh looks for it."""
    return {"plan": plan.kept(), "due_window": window_of(plan) if is_managed else None}


def pause(records: Records, document: Document, why: str) -> None:
    """It rests until an editor takes it over; one that rests already is left alone."""
    rewritten(
        records,
        document,
        lambda data: {**data, "paused": why} if data.get("paused") is None else None,
    )


def connection_ids(data: Mapping[str, Any]) -> list[str]:
    """Every company that an exporter's record names, the first one first."""
    return list(data.get("connection_ids") or [data["connection_id"]])


def shown_title(document: Document) -> str:
    """Its name, or that of its dataset while it has none."""
    data = document.data
    return str(data["name"] or _title(data["kind"], data["dataset"]))


def _title(kind: str, dataset: str) -> str:
    from counterfoil import catalog  # a list of exports with names does without

    try:
        return (catalog.entity if kind == ENTITY else catalog.report)(dataset).title
    except UnknownDataset:  # offered by an older version
        return dataset
