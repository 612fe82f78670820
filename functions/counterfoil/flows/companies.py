"""What hangs on a company: exports, invitations, members. Seen before it goes, and removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from counterfoil.core.stores import Changed, Document
from counterfoil.flows.active_grants import CONNECTIONS
from counterfoil.flows.connections import MEMBERS, member_id
from counterfoil.flows.exporters import (
    AUTHOR_GONE,
    COMPANY_GONE,
    USES,
    connection_ids,
    pause,
    shown_title,
)
from counterfoil.flows.exporters import COLLECTION as EXPORTERS
from counterfoil.flows.leases import LEASES
from counterfoil.flows.ports import Records
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
        step("exporters_removed")
        for invitation in each(self._records, INVITATIONS, {"connection_id": id}):
            self._records.delete(INVITATIONS, invitation.id)
        last = member_id(id, str(connection.data.get("left_by")))
        for member in each(self._records, MEMBERS, {"connection_id": id}):
            if member.id != last:
                self._records.delete(MEMBERS, member.id)
        step("members_removed")
        self._records.delete(LEASES, team_lease(id))
        self._records.delete(REALMS, connection.data["realm_id"])
        step("realm_freed")
        self._records.delete(CONNECTIONS, id)
        step("connection_removed")
        self._records.delete(MEMBERS, last)

    def _exporters(self, connection_id: str) -> Iterator[Document]:
        yield from each(self._records, EXPORTERS, {"connection_id": connection_id})
        for use in each(self._records, USES, {"connection_id": connection_id}):
            held = self._records.get(EXPORTERS, use.data["exporter"])
            if held is not None and held.data["connection_id"] != connection_id:
                yield held

    def _without(self, exporter: Document, connection_id: str) -> None:
        """An export of this company alone goes; one over several stays, paused."""
        held: Document | None = exporter
        while held is not None:
            left = [id for id in connection_ids(held.data) if id != connection_id]
            if not left:
                self._records.delete(LEASES, run_lease(held.id))
                self._records.delete(EXPORTERS, held.id)
                break
            changes = {
                "connection_id": left[0],
                "connection_ids": left,
                "paused": COMPANY_GONE,
                "revision": held.data["revision"] + 1,
            }
            try:
                self._records.replace(held, {**held.data, **changes})
                break
            except Changed:
                held = self._records.get(EXPORTERS, exporter.id)
        self._records.delete(USES, f"{connection_id}:{exporter.id}")
