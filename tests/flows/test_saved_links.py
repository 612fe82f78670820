"""What a saved export leaves beside itself: links to its further companies, the lease of its runs."""

from __future__ import annotations

import pytest

from counterfoil.core.errors import NotFound, RunInProgress
from counterfoil.flows.exporter_records import Exporter
from counterfoil.flows.exporters import Exporters
from counterfoil.flows.leaving import What
from counterfoil.flows.run_leases import RunLeases
from counterfoil.flows.saved import SavedExports
from tests.fakes import MemoryRecords
from tests.flows.world import ACME, ANA, BEN, HOSTILE, SHEET, World

THIRD = "9130347596842112"


class Killed(BaseException):
    pass


class Several:
    """An export of Ana's over three companies of hers."""

    def __init__(self) -> None:
        self.world = World()
        self.world.companies.names[THIRD] = "Third"
        self.ids = [self.world.connected(ANA, realm=realm) for realm in (ACME, HOSTILE, THIRD)]
        self.id = self.world.exporter(*self.ids)
        self.saved = SavedExports(
            self.world.records,
            self.world.sealer,
            self.world.clock,
            self.world.connections,
        )
        self.leases = RunLeases(self.world.records, self.world.clock)

    @property
    def records(self) -> MemoryRecords:
        return self.world.records

    def reads(self, *ids: str) -> Exporter:
        now = self.saved.read(ANA, SHEET, self.id)
        return self.saved.update(
            ANA, SHEET, self.id, revision=now.revision, connection_ids=list(ids)
        )

    def links(self) -> set[str]:
        return set(self.records.all("uses"))

    def delete_company(self, id: str) -> None:
        self.world.leaving.mark(id, What.DELETE, ANA)
        self.world.leaving.finish(id)

    def killed_before(self, collection: str, nth: int) -> None:
        """The process dies before its nth next write to that collection."""
        left = [nth]

        def die(place: str, id: str) -> None:
            left[0] -= place == collection
            if left[0] == 0:
                self.records.before_write = lambda collection, id: None
                raise Killed

        self.records.before_write = die


@pytest.fixture
def several() -> Several:
    return Several()


def test_a_link_goes_when_the_export_no_longer_reads_the_company(several: Several) -> None:
    first, second, third = several.ids
    assert several.links() == {f"{second}:{several.id}", f"{third}:{several.id}"}
    several.reads(first, third)
    assert several.links() == {f"{third}:{several.id}"}
    several.reads(third, second)
    assert several.links() == {f"{second}:{several.id}"}
    several.reads(second)
    assert several.links() == set()


def test_a_company_that_an_export_read_once_does_not_touch_it_when_it_goes(
    several: Several,
) -> None:
    first, second, third = several.ids
    several.killed_before("uses", 2)  # the first one links the third company again
    with pytest.raises(Killed):
        several.reads(first, third)
    assert several.links() == {f"{second}:{several.id}", f"{third}:{several.id}"}
    before = several.records.all("exporters")[several.id]
    assert before["connection_ids"] == [first, third]
    preview = several.world.disconnect.preview(ANA, second, What.DELETE)
    assert (preview.exports, preview.pauses) == ((), ())
    several.delete_company(second)
    assert several.records.all("exporters")[several.id] == before
    assert several.links() == {f"{third}:{several.id}"}


def test_a_company_that_came_back_at_the_same_moment_keeps_its_link(several: Several) -> None:
    first, second, third = several.ids

    def somebody_takes_it_back(collection: str, id: str) -> None:
        if id == f"{second}:{several.id}":
            several.records.before_write = lambda collection, id: None
            several.reads(first, third, second)

    several.records.before_write = somebody_takes_it_back
    several.reads(first, third)
    assert several.links() == {f"{second}:{several.id}", f"{third}:{several.id}"}


def test_a_delete_that_is_killed_names_nobody_and_begins_no_fence_anew(several: Several) -> None:
    for run in ("run-1", "run-2"):
        several.leases.take(several.id, run, ANA, SHEET, take_over=False)
        several.leases.release(several.id, run, swept=True)
    several.leases.take(several.id, "run-3", BEN, SHEET, take_over=False)
    several.killed_before("exporters", 1)
    with pytest.raises(Killed):
        several.saved.delete(ANA, SHEET, several.id)
    lease = several.records.all("leases")[f"run:{several.id}"]
    assert BEN.email not in repr(lease)
    turn = several.leases.take(several.id, "run-4", ANA, SHEET, take_over=False)
    assert (turn.fence, turn.dead) == (4, ["run-3"])
    with pytest.raises(RunInProgress):
        several.leases.take(several.id, "run-5", BEN, SHEET, take_over=False)


@pytest.mark.parametrize(("collection", "nth"), [("uses", 1), ("uses", 2), ("leases", 2)])
def test_whatever_a_killed_delete_leaves_names_nobody(
    several: Several, collection: str, nth: int
) -> None:
    several.leases.take(several.id, "run-1", ANA, SHEET, take_over=False)
    several.killed_before(collection, nth)
    with pytest.raises(Killed):
        several.saved.delete(ANA, SHEET, several.id)
    for place in ("leases", "uses", "exporters"):
        assert ANA.email not in repr(several.records.all(place))
        assert ANA.sub not in repr(several.records.all(place))
    with pytest.raises(NotFound):
        Exporters(several.records, several.world.sealer, several.world.clock).of(SHEET, several.id)
    for id in several.ids:
        several.delete_company(id)
    assert several.links() == set()
