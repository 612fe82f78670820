"""Which service account writes into a spreadsheet: one for all that is managed there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from counterfoil.core.managed import accounts_of
from counterfoil.core.people import Sheet
from counterfoil.flows.exporters_listed import Listed
from counterfoil.flows.managed_loads import ManagedLoads
from counterfoil.flows.ports import Records


def account_in(
    sheet: Sheet, listed: Iterable[Listed], accounts: Sequence[str], records: Records
) -> str | None:
    """The one that it is shared with already, while that is among `accounts`, whichever others
    came; else the first by its hash that has room. None where there are none.
    """
    ranked = accounts_of(sheet.id, accounts)
    here = [each.managed for each in listed if each.managed]
    known = {each.account for each in here if each.spreadsheet == sheet.id}
    for each in ranked:
        if each in known:
            return each
    if len(ranked) > 1:
        loads = ManagedLoads(records)
        ranked = [each for each in ranked if loads.has_room_for_one(each)] or ranked
    return ranked[0] if ranked else None
