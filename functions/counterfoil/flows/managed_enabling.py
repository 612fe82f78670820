"""Managed refresh of an export is turned on, or proven anew, by who may edit its spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from counterfoil.core.dates import zone
from counterfoil.core.errors import BadRequest, SheetNotShared
from counterfoil.core.managed import PROOF_KEY, Managed
from counterfoil.core.people import Sheet, User
from counterfoil.core.plans import Plan, spread_of
from counterfoil.core.schedules import parsed
from counterfoil.flows.exporter_records import Exporter, planned
from counterfoil.flows.exporters_listed import Listed
from counterfoil.flows.managed_accounts import account_in
from counterfoil.flows.managed_loads import ManagedLoads
from counterfoil.flows.managed_ports import Desks
from counterfoil.flows.proofs import PROOF_LIVES, Proofs
from counterfoil.flows.rewriting import rewritten
from counterfoil.flows.schedules import Schedules, good_at

# https://developers.google.com/workspace/sheets/api/guides/concepts
_SPREADSHEET = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Offer:
    """What has to be done before it is turned on: share the spreadsheet with `account`, and write
    `nonce` into it.
    """

    account: str
    nonce: str

    def as_json(self) -> dict[str, Any]:
        return {
            "account": self.account,
            "key": PROOF_KEY,
            "nonce": self.nonce,
            "expires_in_s": int(PROOF_LIVES.total_seconds()),
        }


@dataclass(frozen=True, slots=True)
class ManagedEnabling:
    """`accounts` are the service accounts that write; with none it is not offered."""

    schedules: Schedules
    desks: Desks
    accounts: Sequence[str]

    def offer(self, user: User, sheet: Sheet, exporter_id: str) -> Offer:
        """Nothing is turned on by this. Raises BadRequest, NotFound, Forbidden."""
        account = self._account(sheet)
        self.schedules.editable(user, sheet, exporter_id)
        return Offer(account, self._proofs.ask(user, sheet))

    def enable(
        self,
        user: User,
        sheet: Sheet,
        exporter_id: str,
        *,
        nonce: str,
        given: Mapping[str, Any],
        first: Callable[[], Exporter] | None = None,
    ) -> Exporter:
        """Run as this user from now on, so often, by the service account, and in no spreadsheet but
        this one. The nonce is used up by this. `first` is an edit that goes with it, made once
        nothing can be refused any more: any edit voids the proof that stands.

        Raises BadRequest, NotFound, Forbidden, ProofMissing, SheetNotShared, ManagedFull,
        ServiceUnavailable, and what `first` does.
        """
        account, schedule = self._account(sheet), parsed(given)
        exporter = self.schedules.editable(user, sheet, exporter_id)
        with self.desks.open(account, sheet.id) as desk:
            self._proofs.use(user, sheet, nonce, desk.erased)
        was = exporter.managed
        has = exporter.plan.schedule if exporter.plan and was and was.account == account else None
        self._loads.take(account, exporter.id, schedule, has)
        # Of what was read before the proof: whoever changes it meanwhile has to prove as well.
        revision = exporter.revision
        if first is not None:
            first()
            revision += 1
        managed = Managed(sheet.id, account, revision, user.domain)
        now, spread = self.schedules.exporters.clock(), spread_of(exporter.id, schedule)
        plan = replace(
            Plan.made(schedule, now, zone(sheet.zone), spread), good_at=good_at(exporter)
        )
        rewritten(
            self.schedules.exporters.records,
            exporter.document,
            lambda data: {
                **data,
                **planned(plan, is_managed=True),
                "run_as": user.sub,
                "managed": managed.kept(),
            },
        )
        return self.schedules.exporters.again(exporter)

    def account(self, sheet: Sheet, listed: Sequence[Listed]) -> str | None:
        """With whom that spreadsheet, of those exporters, is to be shared; None: not offered."""
        return account_in(sheet, listed, self.accounts, self._loads.records)

    def _account(self, sheet: Sheet) -> str:
        if not _SPREADSHEET.fullmatch(sheet.id):
            raise SheetNotShared("This is not a spreadsheet of Google’s.")
        found = self.account(sheet, self.schedules.exporters.in_sheet(sheet))
        if found is None:
            raise BadRequest("This Counterfoil offers no managed refresh. Ask whoever runs it.")
        return found

    @property
    def _proofs(self) -> Proofs:
        exporters = self.schedules.exporters
        return Proofs(exporters.records, exporters.clock)

    @property
    def _loads(self) -> ManagedLoads:
        return ManagedLoads(self.schedules.exporters.records)
