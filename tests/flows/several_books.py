"""Three companies with books of their own, and exports that read several of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from counterfoil.core.errors import (
    Forbidden,
    NotFound,
)
from counterfoil.core.people import Connection, ConnectionState, Role, User
from counterfoil.flows.limits import Limits
from counterfoil.flows.ports import Meter
from counterfoil.flows.steps import Step
from tests.flows.export_fakes import (
    ANA,
    INVOICES,
    SHEET,
    FakeCompany,
    FakeQuickBooks,
    Grid,
    World,
    invoices,
)

ACME, BIRCH, CEDAR = "con_acme", "con_birch", "con_cedar"
ALL = [ACME, BIRCH, CEDAR]
REALMS = {ACME: "9130000000000001", BIRCH: "9130000000000002", CEDAR: "9130000000000003"}
COLUMNS = ["number", "total"]
SMALL = Limits(page=10, cells_per_step=100, max_cells=100_000)
FIRST_CELL = "'Set up'!B1"


class Companies:
    """Acme in dollars, Birch in pounds from April on, Cedar in yen; Ana owns them all."""

    def __init__(self) -> None:
        self.held = {
            id: Connection(
                id=id,
                realm_id=REALMS[id],
                name=name,
                country="US",
                currency=currency,
                fiscal_month=month,
                state=ConnectionState.CONNECTED,
                role=Role.OWNER,
                connected_by=ANA.email,
                expires=None,
                expires_in_days=None,
                health="good",
            )
            for id, name, currency, month in (
                (ACME, "Acme", "USD", 1),
                (BIRCH, "Birch", "GBP", 4),
                (CEDAR, "Cedar", "JPY", 1),
            )
        }
        self.roles: dict[str, dict[str, Role]] = {ANA.sub: dict.fromkeys(ALL, Role.OWNER)}

    def reachable(self, user: User, connection_id: str, needed: Role) -> Connection:
        role = self.roles.get(user.sub, {}).get(connection_id)
        if role is None:
            raise NotFound("This company is not among yours.")
        if not role.covers(needed):
            raise Forbidden("An editor may do that.")
        return replace(self.held[connection_id], role=role)


class Books:
    """A QuickBooks of each company, by its realm."""

    def __init__(self, rows: dict[str, list[dict[str, Any]]]) -> None:
        self.of = {id: FakeQuickBooks(rows.get(id, [])) for id in ALL}
        self.meters: list[tuple[str, Meter]] = []

    def company(
        self,
        realm_id: str,
        token: Callable[[], str],
        refused: Callable[[str], str],
        meter: Meter,
    ) -> FakeCompany:
        (id,) = (id for id, realm in REALMS.items() if realm == realm_id)
        self.meters.append((id, meter))
        return FakeCompany(self.of[id], token, refused, meter)

    @property
    def asked(self) -> list[str]:
        return [call for each in self.of.values() for call in each.asked]


def told(count: int, first: int = 1) -> list[dict[str, Any]]:
    """Invoices that do not say in which currency they are, as where a company has but one."""
    found = invoices(count, first)
    for each in found:
        del each["CurrencyRef"]
    return found


class Several:
    def __init__(self, limits: Limits = SMALL, *, paced: bool = False, **rows: int) -> None:
        self.books = Books({f"con_{name}": told(count) for name, count in rows.items()})
        self.world = World(self.books, limits, paced=paced)  # type: ignore[arg-type]
        self.companies = Companies()
        self.exports = replace(self.world.exports, connections=self.companies)
        self.world.exports = self.exports

    def start(self, *ids: str, cells: dict[str, str | None] | None = None, **options: Any) -> Step:
        first, *others = ids or ALL
        return self.exports.start(
            ANA,
            SHEET,
            connection_id=first,
            others=others,
            dataset=INVOICES,
            options={"columns": COLUMNS} | options,
            tab=None,
            cells=cells or {},
        )

    def whole(self, step: Step) -> tuple[Grid, list[Step]]:
        grid, steps = Grid(), list(self.world.steps(step))
        for each in steps:
            grid.apply(each)
        return grid, steps
