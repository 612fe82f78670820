"""Where grants are kept: the record, the refresh token's versions, the sealed access token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from counterfoil.core.errors import ServiceUnavailable
from counterfoil.core.grants import (
    Grant,
    GrantState,
    binding,
    outlived,
    superseded_by,
    without_outlived,
)
from counterfoil.core.stores import Document, SealBroken, SecretGone
from counterfoil.core.tokens import Freshness, freshness
from counterfoil.flows.ports import Records, Sealer, Secrets
from counterfoil.flows.scans import each

GRANTS = "grants"


@dataclass(frozen=True, slots=True)
class HeldGrant:
    """A grant as it was read; storing another over it needs that nothing came between."""

    grant: Grant
    document: Document


def _sealed() -> ServiceUnavailable:
    return ServiceUnavailable(
        "Counterfoil cannot open its own store. Tell whoever runs it that its key changed."
    )


class Grants:
    """Reads and stores grants. The order in which the parts are stored is the flows' affair."""

    def __init__(self, records: Records, secrets: Secrets, sealer: Sealer) -> None:
        self._records = records
        self._secrets = secrets
        self._sealer = sealer

    def get(self, id: str) -> HeldGrant | None:
        document = self._records.get(GRANTS, id) if id else None  # "" where a company has none
        return held_grant(document) if document else None

    def create(self, grant: Grant) -> HeldGrant:
        """Raises AlreadyThere."""
        return held_grant(self._records.create(GRANTS, grant.id, grant.as_record()))

    def replace(self, held: HeldGrant, grant: Grant) -> HeldGrant:
        """Raises Changed."""
        return held_grant(self._records.replace(held.document, grant.as_record()))

    def of_connection(self, connection_id: str) -> list[HeldGrant]:
        """Every grant for that company, one for each Intuit user who connected it."""
        found = each(self._records, GRANTS, {"connection_id": connection_id})
        return [held_grant(document) for document in found]

    def access(self, grant: Grant) -> str | None:
        """The access token; None when it does not open, which a refresh mends."""
        bound_to = binding(grant.connection_id, grant.realm_id, grant.generation)
        try:
            return self._sealer.open(grant.access, bound_to=bound_to).decode()
        except SealBroken:
            return None

    def usable(self, grant: Grant, now: datetime, refused: str | None) -> str | None:
        """The access token, if it will last and is not the one that QuickBooks refused."""
        if freshness(grant.access_expires, now) is Freshness.STALE:
            return None
        token = self.access(grant)
        return None if token == refused else token

    def sealed_access(self, grant: Grant, access: str, generation: int) -> str:
        bound_to = binding(grant.connection_id, grant.realm_id, generation)
        return self._sealer.seal(access.encode(), bound_to=bound_to)

    def refresh_value(
        self,
        grant: Grant,
        version: str,
        *,
        sealed: Callable[[], ServiceUnavailable] = _sealed,
    ) -> str | None:
        """The refresh token of that version; None when there is none.

        Raises ServiceUnavailable, with the words of `sealed`, when it does not open: the deployment
        then has another key than it had, and with the old one put back nothing is lost.
        """
        try:
            return self._secrets.read(grant.secret, version).decode()
        except SecretGone:
            return None
        except SealBroken:
            raise sealed() from None

    def new_version(self, grant: Grant, refresh_token: str) -> str:
        return self._secrets.add(grant.secret, refresh_token.encode())

    def forget_secret(self, grant: Grant) -> None:
        """Every version of a grant that is gone."""
        self._secrets.delete(grant.secret)

    def forget_versions(self, before: Grant, after: Grant) -> None:
        """Destroys what the record no longer points at; `superseded` in it tells the tick, which
        does what fails here.
        """
        for version in superseded_by(before, after):
            self._secrets.destroy(after.secret, version)

    def destroy_outlived(self, held: HeldGrant, now: datetime) -> HeldGrant:
        """Versions whose time is over, whatever became of the grant. Raises Changed."""
        for version in outlived(held.grant, now):
            self._secrets.destroy(held.grant.secret, version)
        return self.replace(held, without_outlived(held.grant, now))

    def lives_on(self, sub: str, realm_id: str | None, *, besides: str = "") -> bool:
        """Whether a stored grant of that Intuit user is in use, for that company or for any;
        the one of id `besides` does not count.
        """
        # By the fields alone: a record that is broken elsewhere may be a living grant.
        return any(
            held.data.get("state") != GrantState.REFUSED.value
            and held.id != besides
            and (realm_id is None or held.data.get("realm_id") == realm_id)
            for held in each(self._records, GRANTS, {"sub": sub})
        )


def held_grant(document: Document) -> HeldGrant:
    """The grant of its record."""
    return HeldGrant(Grant.of(document.data), document)
