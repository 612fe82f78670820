"""Whatever people do in QuickBooks while it is read: no row is missing, none is there twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil import catalog
from counterfoil.adapters.typed_pages import page_reader
from counterfoil.core.dates import zone
from counterfoil.core.errors import IncompleteRead, QuickBooksBusy
from counterfoil.flows import closing
from counterfoil.flows.choices import chosen
from counterfoil.flows.chosen import EntityChoice
from counterfoil.flows.closing import MOST_READINGS
from counterfoil.flows.limits import Limits
from counterfoil.flows.steps import Step
from sandbox.intuit import acme
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.generator import GeneratedCompany
from tests.flows.export_fakes import ANA, CONNECTION, REALM, SHEET, FakeQuickBooks, Grid, World
from tests.flows.moving_books import Edit, MovingBooks, NoOrder, TextOrder

INVOICES = catalog.entity("invoices")
COLUMNS = ["date", "total", "memo"]
FROM, TO = "2024-01-02", "2024-01-05"
INSIDE, OUTSIDE = "2024-01-04", "2024-02-01"
PER_DAY = 8


class Scene:
    """A generated company, somebody who works in it, and an export of its invoices."""

    def __init__(
        self,
        rows: int,
        limits: Limits,
        *,
        dates: bool = False,
        company: type[GeneratedCompany] = GeneratedCompany,
    ) -> None:
        self.company = company(REALM, "Moving", rows, 5, per_day=PER_DAY)
        self.world = World(FakeQuickBooks(), limits)
        self.time = self.world.time
        self.moving = MovingBooks(DemoBooks([self.company]), self.time)
        self.world.quickbooks = self.moving  # type: ignore[assignment]  # fits the port
        self.world.__post_init__()
        self.options: dict[str, Any] = {"columns": COLUMNS}
        if dates:
            self.options |= {"from": FROM, "to": TO}
        self.grid = Grid()
        self.was: tuple[int, list[list[Any]]] = (0, [])
        self.moving.before_edits = self.remember

    def remember(self) -> None:
        """What the books hold before the edits of a call."""
        self.was = (len(self.moving.asked), self.truth())

    def edit(self, kind: str, which: int) -> Edit:
        def one() -> None:
            now = self.time.now()
            ids = [str(number + 1) for number in self.company._numbers]
            if kind in ("add in", "add out", "come and go"):
                day = OUTSIDE if kind == "add out" else INSIDE
                new = self.company.add(now, TxnDate=day)
                if kind == "come and go":
                    self.company.delete(new, now)
            elif ids:
                id = ids[which % len(ids)]
                match kind:
                    case "amount":
                        self.company.change(id, now, TotalAmt=Decimal(which) + Decimal("0.25"))
                    case "void":
                        self.company.change(id, now, TotalAmt=0, PrivateNote="Voided")
                    case "date in":
                        self.company.change(id, now, TxnDate=INSIDE)
                    case "date out":
                        self.company.change(id, now, TxnDate=OUTSIDE)
                    case "out and back":
                        self.company.change(id, now, TxnDate=OUTSIDE)
                        self.company.change(id, now, TxnDate=INSIDE)
                    case "delete":
                        self.company.delete(id, now)
                    case "delete last":
                        self.company.delete(ids[-1], now)

        return one

    def run(self) -> Step:
        first = self.world.exports.start(
            ANA, SHEET, connection_id=CONNECTION, dataset=INVOICES, options=self.options, tab=None
        )
        for step in self.world.steps(first):
            self.grid.apply(step)
            self.time.seconds += step.wait_s
        return step

    def truth_of(self, rows: int) -> list[list[Any]]:
        return [row for start in range(1, rows + 1, 1000) for row in self.truth(start)]

    def truth(self, start: int = 1) -> list[list[Any]]:
        """The rows that the books hold now, in QuickBooks' order; a thousand of them."""
        choice = chosen(INVOICES, self.options)
        assert isinstance(choice, EntityChoice)
        read = page_reader(INVOICES, choice.columns, zone(SHEET.zone))
        where = (
            f" WHERE TxnDate >= '{FROM}' AND TxnDate <= '{TO}'" if "from" in self.options else ""
        )
        page = f"ORDERBY Id STARTPOSITION {start} MAXRESULTS 1000"
        statement = f"SELECT * FROM Invoice{where} {page}"  # noqa: S608
        return [list(row) for row in read(self.moving.at_rest(statement)).rows]

    def right(self, step: Step, *, before_last: bool = False) -> None:
        """The sheet holds what the books hold, and the proof says so; or what they held when the
        last call but one was answered.
        """
        assert self.grid.block is not None
        rows = [list(row) for row in self.grid.block[1:]]
        position, was = self.was
        if not before_last or position != len(self.moving.asked) or rows != was:
            assert rows == self.truth()
        proof = step.proof
        assert proof is not None
        assert proof.verdict == "PASS"
        assert proof.rows == proof.sent == proof.distinct == len(rows)
        assert proof.counted in (None, len(rows))
        place = self.grid.block[0].index("Total")
        summed = sum((Decimal(str(row[place])) for row in rows if row[place] != ""), Decimal(0))
        assert sum((total.amount for total in proof.totals), Decimal(0)) == summed


KINDS = ("amount", "void", "date in", "date out", "out and back", "delete", "delete last",
         "add in", "add out", "come and go")  # fmt: skip
LIMITS = st.builds(
    Limits,
    page=st.integers(1, 9),
    cells_per_step=st.integers(4, 160),
    in_flight=st.integers(1, 3),
)
EDITS = st.lists(
    st.tuples(st.integers(1, 30), st.sampled_from(KINDS), st.integers(0, 40)), max_size=5
)
ORDERS = st.sampled_from([GeneratedCompany, GeneratedCompany, TextOrder, NoOrder])


def scripted(scene: Scene, edits: list[tuple[int, str, int]]) -> None:
    for position, kind, which in edits:
        scene.moving.edits.setdefault(position, []).append(scene.edit(kind, which))


@settings(max_examples=150, deadline=None)
@given(rows=st.integers(0, 40), limits=LIMITS, edits=EDITS, dates=st.booleans(), company=ORDERS)
def test_whatever_is_edited_and_whenever_the_sheet_holds_the_books(
    rows: int,
    limits: Limits,
    edits: list[tuple[int, str, int]],
    dates: bool,
    company: type[GeneratedCompany],
) -> None:
    scene = Scene(rows, limits, dates=dates, company=company)
    scripted(scene, edits)
    scene.right(scene.run())


@settings(max_examples=100, deadline=None)
@given(rows=st.integers(0, 40), limits=LIMITS, edits=EDITS, dates=st.booleans(), company=ORDERS)
def test_the_same_without_change_data_capture(
    rows: int,
    limits: Limits,
    edits: list[tuple[int, str, int]],
    dates: bool,
    company: type[GeneratedCompany],
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(closing, "WITHOUT_CDC", {"Invoice"})
        scene = Scene(rows, limits, dates=dates, company=company)
        scripted(scene, edits)
        scene.right(scene.run(), before_last=True)
    assert "cdc" not in scene.moving.asked


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dates", [False, True])
def test_each_edit_at_each_call(kind: str, dates: bool) -> None:
    limits = Limits(page=5, cells_per_step=40, in_flight=1)
    quiet = Scene(32, limits, dates=dates)
    quiet.right(quiet.run())
    for position in range(1, len(quiet.moving.asked) + 1):
        for which in (0, 4, 5, 17, 30, 31):
            scene = Scene(32, limits, dates=dates)
            scripted(scene, [(position, kind, which)])
            scene.right(scene.run())


def test_an_edit_costs_the_pages_from_its_row_on_and_a_count_and_a_look() -> None:
    quiet = Scene(100, Limits(page=10))
    quiet.right(quiet.run())
    assert len(quiet.moving.asked) == 12
    for kind, which, more in (("amount", 99, 3), ("amount", 74, 5), ("add in", 0, 3)):
        scene = Scene(100, Limits(page=10))
        scripted(scene, [(8, kind, which)])
        step = scene.run()
        scene.right(step)
        assert step.calls == len(scene.moving.asked) == 12 + more
        assert step.proof is not None
        assert step.proof.edited == 1
        assert step.proof.why.endswith(" Edited during the run: 1, included.")


def test_edits_that_cannot_be_in_the_table_cost_nothing() -> None:
    for kind in ("add out", "come and go"):
        scene = Scene(100, Limits(page=10), dates=True)
        scripted(scene, [(4, kind, 0)])
        step = scene.run()
        scene.right(step)
        # Three pages and a bit, COUNT, CDC.
        assert step.calls == 6
        assert step.proof is not None
        assert step.proof.edited == 0


def test_what_was_edited_just_before_the_run_is_looked_at_once() -> None:
    scene = Scene(100, Limits(page=10))
    scene.edit("amount", 99)()
    step = scene.run()
    scene.right(step)
    assert step.calls == 15
    scene = Scene(100, Limits(page=10))
    scene.edit("amount", 99)()
    scene.time.seconds += 30
    assert scene.run().calls == 12


@pytest.mark.parametrize("kind", ["amount", "delete"])
def test_more_changes_than_one_answer_holds_are_read_again_from_the_beginning(kind: str) -> None:
    scene = Scene(1_300, Limits(page=400, cells_per_step=4_000))

    def flood() -> None:
        for which in range(1_100):
            scene.edit(kind, which if kind == "amount" else 0)()

    scene.moving.edits[4] = [flood]
    first = scene.world.exports.start(
        ANA,
        SHEET,
        connection_id=CONNECTION,
        dataset=INVOICES,
        options=scene.options,
        tab=None,
    )
    waits = []
    for step in scene.world.steps(first):
        scene.grid.apply(step)
        scene.time.seconds += step.wait_s
        waits.append(step.wait_s)
    assert max(waits) == closing.SETTLE_S
    scene.moving.edits.clear()
    assert scene.grid.block is not None
    assert [list(row) for row in scene.grid.block[1:]] == scene.truth_of(1_300)
    assert step.proof is not None
    assert step.proof.edited >= 1_000


def test_a_company_that_never_rests_is_left_as_it_was() -> None:
    scene = Scene(40, Limits(page=5))
    for position in range(1, 200):
        scripted(scene, [(position, "amount", position)])
    with pytest.raises(IncompleteRead, match=f"{MOST_READINGS} readings were overtaken") as raised:
        scene.run()
    assert "kept changing" in raised.value.message
    assert scene.grid.block is None
    assert len(scene.moving.asked) < 10 * MOST_READINGS + 10


def test_an_entity_that_cdc_refuses_is_read_with_overlapping_pages() -> None:
    scene = Scene(32, Limits(page=5, cells_per_step=40))
    scene.moving.refuses = "cdc"
    scripted(scene, [(14, "delete", 3)])
    scene.right(scene.run(), before_last=True)
    starts = [
        int(statement.split()[-3])
        for statement in scene.moving.asked
        if "STARTPOSITION" in statement
    ]
    assert starts[:7] == [1, 6, 11, 16, 21, 26, 31]
    assert starts[7:10] == [1, 5, 9]


def test_a_busy_cdc_is_asked_again_in_the_next_step() -> None:
    scene = Scene(32, Limits(page=5, cells_per_step=40))
    answer, refused = scene.moving.answer, []

    def busy(method: str, path: str, args: Any, body: bytes) -> bytes:
        if path == "cdc" and len(refused) < 2:
            refused.append(path)
            raise QuickBooksBusy("Later.", wait_s=60)
        return answer(method, path, args, body)

    scene.moving.answer = busy  # type: ignore[method-assign]
    scripted(scene, [(5, "amount", 2)])
    scene.right(scene.run())
    assert len(refused) == 2


def test_names_made_inactive_leave_the_table() -> None:
    company = acme.acme()
    world = World(FakeQuickBooks(), Limits(page=7, cells_per_step=60))
    moving = MovingBooks(DemoBooks([company]), world.time)
    world.quickbooks = moving  # type: ignore[assignment]
    world.__post_init__()
    ids = [row["Id"] for row in company.store.all("Customer") if row["Active"]]
    gone = ids[3]
    moving.edits[4] = [lambda: company.inactivate("Customer", gone, world.time.now())]
    grid = Grid()
    first = world.exports.start(
        ANA,
        SHEET,
        connection_id=CONNECTION,
        dataset=catalog.entity("customers"),
        options={"columns": ["name", "balance"]},
        tab=None,
    )
    for step in world.steps(first):
        grid.apply(step)
    assert grid.block is not None
    assert sorted(row[0] for row in grid.block[1:]) == sorted(id for id in ids if id != gone)
    assert step.proof is not None
    assert step.proof.edited == 1


def test_a_repeated_step_fills_the_same_cells() -> None:
    scene = Scene(60, Limits(page=5, cells_per_step=60))
    scripted(scene, [(6, "amount", 2), (9, "delete", 20), (12, "delete", 40)])
    step = scene.world.exports.start(
        ANA, SHEET, connection_id=CONNECTION, dataset=INVOICES, options=scene.options, tab=None
    )
    while step.cursor is not None:
        scene.grid.apply(step)
        scene.world.exports.resume(ANA, SHEET, step.cursor)  # its answer is lost
        step = scene.world.exports.resume(ANA, SHEET, step.cursor)
    scene.grid.apply(step)
    scene.right(step)


def test_the_cursor_of_a_run_of_many_pages_stays_small() -> None:
    scene = Scene(2_000, Limits(page=10, cells_per_step=4_000))
    scripted(scene, [(150, "amount", 1_999), (204, "amount", 1_000)])
    first = scene.world.exports.start(
        ANA, SHEET, connection_id=CONNECTION, dataset=INVOICES, options=scene.options, tab=None
    )
    sizes = []
    for step in scene.world.steps(first):
        scene.grid.apply(step)
        sizes.append(len(step.cursor or ""))
    assert max(sizes) < 12_000
    assert step.proof is not None
    assert step.proof.edited == 2
    assert [list(row) for row in (scene.grid.block or [])[1:]] == scene.truth_of(2_000)
