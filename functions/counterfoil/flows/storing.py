"""Consents whose refresh token is stored and whose grant does not point at it yet.

Where there is no grant, or it ends meanwhile, nothing else names the secret: if the process dies
between the two stores, the hourly tick finds it by this record.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from counterfoil.core.errors import ConnectionBusy, ServiceUnavailable
from counterfoil.core.grants import Grant, secret_name
from counterfoil.core.stores import Changed, Document
from counterfoil.flows.grants import GRANTS
from counterfoil.flows.leftovers import on_its_own
from counterfoil.flows.ports import Clock, Records, Secrets
from counterfoil.flows.rewriting import written
from counterfoil.flows.scans import each

log = logging.getLogger("counterfoil.storing")

STORING = "storing"
# Longer than any connect takes.
GIVEN_UP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Storing:
    records: Records
    now: Clock

    def begin(self, grant: Grant) -> None:
        """Before the secret is stored. Raises ServiceUnavailable while the tick is deleting it."""
        data = {
            "connection_id": grant.connection_id,
            "sub": grant.sub,
            "user": grant.user,
            "started_at": self.now(),
            "given_up": False,
        }

        def begun(held: Mapping[str, Any] | None) -> Mapping[str, Any]:
            if held is not None and held["given_up"]:
                raise _busy()
            return data

        written(self.records, STORING, grant.id, begun, _busy)

    def end(self, grant: Grant) -> None:
        """Once the grant is stored, which names its secret."""
        self.records.delete(STORING, grant.id)

    def sweep(self, secrets: Secrets) -> int:
        """Deletes the secrets of consents that never came to a grant; how many that were."""
        begun_before = self.now() - GIVEN_UP
        return sum(
            on_its_own(
                partial(self._swept, held, secrets, begun_before), False, log=log, told="left over"
            )
            for held in list(each(self.records, STORING, {}))
        )

    def forget(self, user: str, secrets: Secrets) -> list[str]:
        """The names of that user's secrets which have no grant yet, deleted.

        A connect that is under way finds its secret gone and ends. Raises ConnectionBusy when one
        begins at this moment.
        """
        found = list(each(self.records, STORING, {"user": user}))
        try:
            return [_secret(held) for held in found if self._given_up(held, secrets)]
        except Changed:
            raise ConnectionBusy(
                "You are connecting a company at this moment. Please try again in a minute."
            ) from None

    def _swept(self, held: Document, secrets: Secrets, begun_before: datetime) -> bool:
        if held.data["started_at"] > begun_before:
            return False
        try:
            return self._given_up(held, secrets)
        except Changed:
            return False  # somebody connects it at this moment

    def _given_up(self, held: Document, secrets: Secrets) -> bool:
        """Whether its secret was an orphan, and is deleted. Raises Changed."""
        # From here on no consent makes the secret anew.
        held = self.records.replace(held, {**held.data, "given_up": True})
        orphaned = self.records.get(GRANTS, held.id) is None
        if orphaned:
            secrets.delete(_secret(held))
        self.records.delete(STORING, held.id, version=held.version)
        return orphaned


def _secret(held: Document) -> str:
    return secret_name(held.data["connection_id"], held.data["sub"])


def _busy() -> ServiceUnavailable:
    return ServiceUnavailable(
        "Somebody is connecting the same company at this moment. Please press Connect again."
    )
