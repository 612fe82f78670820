"""What hangs on a company: exports, invitations, members. Seen before it goes, and removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from counterfoil.core.stores import Changed, Document
from counterfoil.flows.active_grants import CONNECTIONS
from counterfoil.flows.connections import MEMBERS, member_id
from counterfoil.flows.exporter_records import (
    AUTHOR_GONE,
    COMPANY_GONE,
    USES,
    connection_ids,
    pause,
    shown_title,
)
from counterfoil.flows.exporter_records import COLLECTION as EXPORTERS
from counterfoil.flows.leases import LEASES
from counterfoil.flows.ports import Records
from counterfoil.flows.rewriting import rewritten
from counterfoil.flows.run_leases import run_lease
from counterfoil.flows.scans import each

REALMS = "realms"
INVITATIONS = "invitations"


def team_lease(connection_id: str) -> str:
    """The lease of whoever changes a company's members."""
    return f"team:{connection_id}"


@dataclass(frozen=True, slots=True)
class Hanging:
    """What a pause stops and a delete takes along."""

    own: tuple[Document, ...]  # exporters that read this company alone
    shared: tuple[Document, ...]  # and those that read others beside it
    members: tuple[Document, ...]

    @property
    def own_titles(self) -> list[str]:
        return sorted(shown_title(document) for document in self.own)

    @property
    def shared_titles(self) -> list[str]:
        return sorted(shown_title(document) for document in self.shared)


class Companies:
    def __init__(self, records: Records) -> None:
        self._records = records

    def hanging(self, connection_id: str) -> Hanging:
        found = list(self._exporters(connection_id))
        return Hanging(
            own=tuple(it for it in found if len(connection_ids(it.data)) == 1),
            shared=tuple(it for it in found if len(connection_ids(it.data)) > 1),
            members=tuple(each(self._records, MEMBERS, {"connection_id": connection_id})),
        )

    def rest_exports_of(self, connection_id: str, author: str) -> None:
        """Those of this company that somebody saved who may no longer edit it."""
        for exporter in each(self._records, EXPORTERS, {"author": author}):
            if connection_id in connection_ids(exporter.data):
                pause(self._records, exporter, AUTHOR_GONE)

    def remove(self, connection: Document, step: Callable[[str], None]) -> None:
        """Everything of a company whose consents are gone; who asked for it is told last, so
        that they can ask again.
        """
        id = connection.id
        for exporter in self._exporters(id):
            self._without(exporter, id)
        for use in each(self._records, USES, {"connection_id": id}):
            self._records.delete(USES, use.id)
        step("exporters_removed")
        for invitation in each(self._records, INVITATIONS, {"connection_id": id}):
            self._records.delete(INVITATIONS, invitation.id)
        # Who accepts an invitation at this moment has lost their turn, or is among the members.
        self._records.delete(LEASES, team_lease(id))
        last = member_id(id, str(connection.data.get("left_by")))
        for member in each(self._records, MEMBERS, {"connection_id": id}):
            if member.id != last:
                self._records.delete(MEMBERS, member.id)
        step("members_removed")
        self._free_realm(connection)
        step("realm_freed")
        self._records.delete(CONNECTIONS, id)
        step("connection_removed")
        self._records.delete(MEMBERS, last)

    def _free_realm(self, connection: Document) -> None:
        """Unless somebody has connected the company anew: another one has finished this before."""
        claim = self._records.get(REALMS, connection.data["realm_id"])
        if claim is not None and claim.data["connection_id"] == connection.id:
            with suppress(Changed):
                self._records.delete(REALMS, claim.id, version=claim.version)

    def _exporters(self, connection_id: str) -> Iterator[Document]:
        yield from each(self._records, EXPORTERS, {"connection_id": connection_id})
        for use in each(self._records, USES, {"connection_id": connection_id}):
            held = self._records.get(EXPORTERS, use.data["exporter"])
            # A link may have outlived what it was made for: the export says what it reads.
            if held is not None and connection_id in connection_ids(held.data)[1:]:
                yield held

    def _without(self, exporter: Document, connection_id: str) -> None:
        """An export of this company alone goes; one over several stays, paused."""
        kept = rewritten(self._records, exporter, partial(_paused_without, connection_id))
        if kept is not None and connection_ids(kept.data) == [connection_id]:
            self._records.delete(LEASES, run_lease(kept.id))
            self._records.delete(EXPORTERS, kept.id)


def _paused_without(connection_id: str, data: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """None where it reads no other company."""
    left = [id for id in connection_ids(data) if id != connection_id]
    if not left or len(left) == len(connection_ids(data)):
        return None
    return {
        **data,
        "connection_id": left[0],
        "connection_ids": left,
        "paused": COMPANY_GONE,
        "revision": data["revision"] + 1,
    }
