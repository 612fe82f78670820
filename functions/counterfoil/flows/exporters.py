"""Exporters: what a block of a spreadsheet is filled with, and by which choices."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from counterfoil.core.digest import KEY_BYTES
from counterfoil.core.errors import NotFound
from counterfoil.core.managed import Managed
from counterfoil.core.people import Sheet, User
from counterfoil.core.plans import Plan
from counterfoil.core.stores import AlreadyThere, Document, SealBroken, Write
from counterfoil.flows.exporter_records import (
    COLLECTION,
    USES,
    Contents,
    Exporter,
    after_run,
    connection_ids,
    pause,
    plan_of,
    replanned,
)
from counterfoil.flows.exporters_listed import Listed, listed
from counterfoil.flows.ports import Clock, Records, Sealer
from counterfoil.flows.rewriting import rewritten
from counterfoil.flows.run_leases import RunLeases

_ID = re.compile(r"exp_[A-Za-z0-9_-]{8,64}", re.ASCII)

# A spreadsheet with more blocks than this shows some of them. Their ids tell nothing of their
# age, so that all are read before the newest can stand first.
MOST_IN_SHEET = 1_000
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Exporters:
    records: Records
    sealer: Sealer
    clock: Clock

    def create(self, user: User, sheet: Sheet, contents: Contents) -> Exporter:
        """An exporter with a block and a digest key of its own."""
        drafted = self.draft(user, sheet, contents)
        self.link(drafted.id, contents.connection_ids)
        return self.held(self.records.create(COLLECTION, drafted.id, drafted.data))

    def draft(self, user: User, sheet: Sheet, contents: Contents) -> Write:
        """What makes an exporter. Whoever writes it links it first."""
        id = f"exp_{secrets.token_urlsafe(16)}"
        key = secrets.token_hex(KEY_BYTES)
        return Write(
            COLLECTION,
            id,
            {
                "sheet": sheet.digest,
                "name": contents.name,
                "kind": contents.kind,
                "dataset": contents.dataset,
                "connection_id": contents.connection_ids[0],
                "connection_ids": list(contents.connection_ids),
                "options": dict(contents.options),
                # Letters, digits and underscores only: a named range takes nothing else.
                "block": f"CF_{secrets.token_hex(8)}",
                "tab": contents.tab,
                "digest_key": self.sealer.seal(key.encode(), bound_to=_bound(id)),
                "author": user.sub,
                "run_as": None,
                "plan": None,
                "managed": None,
                "due_window": None,
                "frozen_at": None,
                "frozen_by": None,
                "paused": None,
                "revision": 1,
                "created_at": self.clock(),
                "last_run": None,
            },
        )

    def link(self, id: str, connection_ids: Sequence[str]) -> None:
        """So that the companies after the first find it too. Before it names them: a kill in
        between leaves a link to nothing.
        """
        for connection_id in connection_ids[1:]:
            with suppress(AlreadyThere):
                self.records.create(
                    USES,
                    _link(connection_id, id),
                    {"connection_id": connection_id, "exporter": id},
                )

    def change(self, exporter: Exporter, changes: Mapping[str, Any]) -> Exporter:
        """Raises Changed when somebody else changed it since it was read."""
        document = exporter.document
        return self.held(self.records.replace(document, {**document.data, **changes}))

    def pause(self, document: Document, why: str) -> None:
        pause(self.records, document, why)

    def again(self, exporter: Exporter) -> Exporter:
        """As it is now. Raises NotFound when it was deleted."""
        document = self.records.get(COLLECTION, exporter.id)
        if document is None:
            raise _none()
        return self.held(document)

    def by_id(self, id: str) -> Exporter | None:
        """For what no person asks: of whatever spreadsheet."""
        document = self.records.get(COLLECTION, id)
        return self.held(document) if document else None

    def of(self, sheet: Sheet, id: str) -> Exporter:
        """Raises NotFound, also for one of another spreadsheet."""
        document = self.records.get(COLLECTION, id) if _ID.fullmatch(id) else None
        if document is None or document.data["sheet"] != sheet.digest:
            raise _none()
        return self.held(document)

    def in_sheet(self, sheet: Sheet) -> list[Listed]:
        """Newest first. Their content needs membership of the connection as well."""
        found: list[Document] = []
        while len(found) < MOST_IN_SHEET:
            after = found[-1].id if found else None
            page = self.records.find(COLLECTION, {"sheet": sheet.digest}, limit=_PAGE, after=after)
            found += page
            if len(page) < _PAGE:
                break
        newest_first = sorted(found, key=lambda each: each.data["created_at"], reverse=True)
        return [listed(document) for document in newest_first]

    def ran(
        self,
        exporter: Exporter,
        last_run: Mapping[str, Any],
        change: Callable[[Plan], Plan] = lambda plan: plan,
        bases: Mapping[str, str] | None = None,
    ) -> None:
        """Notes what became of its last run, by `change` what that means for its schedule, and the
        `bases` that it was told.
        """
        rewritten(
            self.records,
            exporter.document,
            lambda data: after_run(data, last_run, change, bases),
        )

    def replan(self, document: Document, change: Callable[[Plan], Plan]) -> Plan | None:
        """The plan as it is kept then; None where there is none."""
        kept = rewritten(self.records, document, lambda data: {**data, **replanned(data, change)})
        return None if kept is None else plan_of(kept.data)

    def unlink(self, exporter: Exporter, before: Sequence[str]) -> None:
        """From those of `before` that it does not name any more. A kill leaves a link to an export
        that does not name the company: whoever follows one asks the export.
        """
        for connection_id in set(before) - set(exporter.connection_ids[1:]):
            self.records.delete(USES, _link(connection_id, exporter.id))
        held = self.records.get(COLLECTION, exporter.id)
        # Somebody may have chosen one of them again before its link went.
        self.link(exporter.id, connection_ids(held.data) if held else ())

    def forget(self, exporter: Exporter) -> None:
        """With its links and the lease of its runs. A kill on the way leaves no person's name, and
        no exporter whose fence begins anew, which would stop every run of it.
        """
        leases = RunLeases(self.records, self.clock)
        leases.clear(exporter.id)
        self.records.delete(COLLECTION, exporter.id)
        for connection_id in exporter.connection_ids[1:]:
            self.records.delete(USES, _link(connection_id, exporter.id))
        leases.forget(exporter.id)

    def held(self, document: Document) -> Exporter:
        """The exporter of its record. Raises NotFound when its key does not open."""
        data = document.data
        try:
            key = self.sealer.open(data["digest_key"], bound_to=_bound(document.id)).decode()
        except SealBroken as error:
            raise NotFound(
                "This export was made with a key that this deployment no longer has. "
                "Export again into a new tab."
            ) from error
        return Exporter(
            id=document.id,
            name=data["name"],
            kind=data["kind"],
            dataset=data["dataset"],
            connection_id=data["connection_id"],
            connection_ids=tuple(connection_ids(data)),
            options=data["options"],
            author=data["author"],
            paused=data.get("paused"),
            block=data["block"],
            tab=data["tab"],
            digest_key=key,
            revision=data["revision"],
            last_run=data["last_run"],
            document=document,
            run_as=data.get("run_as"),
            plan=plan_of(data),
            frozen_at=data.get("frozen_at"),
            frozen_by=data.get("frozen_by"),
            managed=Managed.of(data),
            bases=data.get("bases", {}),
        )


def _none() -> NotFound:
    return NotFound("There is no such export in this spreadsheet.")


def _link(connection_id: str, id: str) -> str:
    return f"{connection_id}:{id}"


def _bound(id: str) -> str:
    return f"exporters/{id}/digest_key"
