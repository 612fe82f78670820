"""Saved exports: made, changed, taken over, and carried away as a document without authority."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from counterfoil import catalog
from counterfoil.core.authority import NEEDS, Action
from counterfoil.core.datasets import Dataset, Report
from counterfoil.core.errors import BadRequest, ExporterChanged, ExporterPaused, Forbidden, NotFound
from counterfoil.core.people import Connection, Sheet, User
from counterfoil.core.stores import Changed
from counterfoil.core.tab_titles import safe_title
from counterfoil.flows import documents
from counterfoil.flows.choices import allowed, checked
from counterfoil.flows.chosen import Choice, EntityChoice, Mode
from counterfoil.flows.exporter_records import (
    AUTHOR_GONE,
    COMPANY_GONE,
    ENTITY,
    Contents,
    Exporter,
)
from counterfoil.flows.exporters import Exporters
from counterfoil.flows.frozen import check_thawed
from counterfoil.flows.kept_basis import still_kept
from counterfoil.flows.ports import Clock, Reach, Records, Sealer
from counterfoil.flows.rewriting import rounds
from counterfoil.flows.several import check_ids, check_several
from counterfoil.flows.team import one_line


class Added(NamedTuple):
    exporter: Exporter
    left_out: tuple[str, ...]  # titles of columns that a document does not bring along


@dataclass(frozen=True, slots=True)
class SavedExports:
    records: Records
    sealer: Sealer
    clock: Clock
    connections: Reach

    def create(
        self,
        user: User,
        sheet: Sheet,
        *,
        connection_ids: Sequence[str],
        dataset: Dataset,
        options: Mapping[str, Any],
        name: str,
        tab: str | None,
    ) -> Exporter:
        """Raises BadRequest; NotFound and Forbidden unless they are an editor of each company."""
        choice = checked(dataset, options, self.clock().date())
        check_several(choice, len(connection_ids))
        called = _name(name)
        for connection in self._check(user, connection_ids, Action.SAVE):
            check_country(dataset, connection)
            allowed(choice, connection.role)
        contents = Contents.of(dataset, connection_ids, choice.options, tab or called, called)
        return self._exporters.create(user, sheet, contents)

    def read(self, user: User, sheet: Sheet, id: str) -> Exporter:
        """Raises NotFound, also for who is no member of every company that it names."""
        exporter = self._exporters.of(sheet, id)
        self._check(user, exporter.connection_ids, Action.READ)
        return exporter

    def update(
        self,
        user: User,
        sheet: Sheet,
        id: str,
        *,
        revision: int,
        connection_ids: Sequence[str] | None = None,
        options: Mapping[str, Any] | None = None,
        name: str | None = None,
        tab: str | None = None,
    ) -> Exporter:
        """Whoever saves it answers for it from then on; a run under way ends.

        Raises as `create`, NotFound, and ExporterChanged when it is not what they had read.
        """
        exporter = self.editable(user, sheet, id)
        changes: dict[str, Any] = _taken_over(user, exporter)
        asked = exporter.options if options is None else options
        choice = checked(dataset_of(exporter), asked, self.clock().date())
        if options is not None:
            changes["options"] = choice.options
        ids = exporter.connection_ids if connection_ids is None else connection_ids
        check_several(choice, len(ids))
        as_it_is = options is None and connection_ids is None
        for connection in self._check(user, ids, Action.SAVE, saved=as_it_is):
            allowed(choice, connection.role)
        changes |= _title_row(exporter, choice)
        if exporter.bases:
            changes["bases"] = dict(still_kept(exporter.bases, choice, ids))
        if name is not None:
            changes["name"] = _name(name)
        if tab is not None:
            changes["tab"] = safe_title(tab)
        if connection_ids is not None:
            for connection in self._check(user, connection_ids, Action.SAVE):
                check_country(dataset_of(exporter), connection)
            changes["connection_id"] = connection_ids[0]
            changes["connection_ids"] = list(connection_ids)
        if exporter.revision != revision:
            raise _changed()
        self._exporters.link(exporter.id, connection_ids or ())
        saved = self._changed(exporter, changes, renamed=as_it_is and tab is None)
        if connection_ids is not None:
            self._exporters.unlink(saved, exporter.connection_ids)
        return saved

    def adopt(self, user: User, sheet: Sheet, id: str) -> Exporter:
        """Theirs from now on, as it is. Raises NotFound, Forbidden, ExporterChanged."""
        exporter = self.editable(user, sheet, id)
        choice = checked(dataset_of(exporter), exporter.options, self.clock().date())
        for connection in self._check(user, exporter.connection_ids, Action.SAVE, saved=True):
            allowed(choice, connection.role)
        return self._changed(exporter, _taken_over(user, exporter))

    def delete(self, user: User, sheet: Sheet, id: str) -> None:
        """The table in the sheet stays. Raises NotFound, Forbidden, ExporterFrozen."""
        exporter = self.editable(user, sheet, id)
        check_thawed(self.records, exporter, sheet, to_delete=True)
        self._exporters.forget(exporter)

    def document(self, user: User, sheet: Sheet, id: str) -> dict[str, Any]:
        """What it is made of: no id, no company but how many, nothing that opens anything."""
        exporter = self.read(user, sheet, id)
        return documents.written(exporter, exporter.name or dataset_of(exporter).title)

    def load(
        self,
        user: User,
        sheet: Sheet,
        *,
        connection_ids: Sequence[str],
        document: Mapping[str, Any],
    ) -> Added:
        """A new exporter by a document, of as many companies as it says; checked as if it were
        typed. Raises as `create`.
        """
        read = documents.read(document, len(connection_ids))
        made = self.create(
            user,
            sheet,
            connection_ids=connection_ids,
            dataset=read.dataset,
            options=read.options,
            name=read.name,
            tab=read.tab,
        )
        return Added(made, read.left_out)

    def with_title_row(self, user: User, sheet: Sheet, id: str) -> Exporter:
        """The same with a row above the column titles, which says when the table is late.

        Raises as `update`.
        """
        exporter = self.editable(user, sheet, id)
        options = {**exporter.options, "title_row": True}
        return self.update(user, sheet, id, revision=exporter.revision, options=options)

    def check_title_row(self, user: User, sheet: Sheet, id: str) -> None:
        """Raises what `with_title_row` would, and changes nothing."""
        exporter = self.editable(user, sheet, id)
        options = {**exporter.options, "title_row": True}
        _title_row(exporter, checked(dataset_of(exporter), options, self.clock().date()))

    def editable(self, user: User, sheet: Sheet, id: str) -> Exporter:
        """Raises NotFound, and Forbidden unless they may save it as it is."""
        exporter = self._exporters.of(sheet, id)
        self._check(user, exporter.connection_ids, Action.SAVE, saved=True)
        return exporter

    def _check(
        self, user: User, connection_ids: Sequence[str], action: Action, *, saved: bool = False
    ) -> list[Connection]:
        check_ids(connection_ids)
        return [self.connections.reachable(user, id, NEEDS[action]) for id in connection_ids]

    def _changed(
        self, exporter: Exporter, changes: Mapping[str, Any], *, renamed: bool = False
    ) -> Exporter:
        fresh = exporter
        for _ in rounds():
            if fresh.revision != exporter.revision:
                break
            proof = _proof_kept(fresh, changes) if renamed else {}
            try:
                return self._exporters.change(fresh, {**changes, **proof})
            except Changed:
                # A run that ended meanwhile changes nothing of what it is.
                fresh = self._exporters.again(exporter)
        raise _changed()

    @property
    def _exporters(self) -> Exporters:
        return Exporters(self.records, self.sealer, self.clock)


def may_run(
    user: User, exporter: Exporter, connections: Reach, exporters: Exporters
) -> list[Connection]:
    """Its companies, for a member of all of them, while who saved it may save it today.

    Raises NotFound for a foreign company; ExporterPaused, and rests the exporter, when its author
    could not save it today.
    """
    reached = [connections.reachable(user, id, NEEDS[Action.RUN]) for id in exporter.connection_ids]
    if exporter.paused:
        raise resting(exporter.paused)
    author = User(exporter.author, "")
    choice = checked(dataset_of(exporter), exporter.options, exporters.clock().date())
    try:
        for id in exporter.connection_ids:
            allowed(choice, connections.reachable(author, id, NEEDS[Action.SAVE]).role)
    except (NotFound, Forbidden):
        exporters.pause(exporter.document, AUTHOR_GONE)
        raise resting(AUTHOR_GONE) from None
    check_several(choice, len(reached))
    return reached


def resting(why: str) -> ExporterPaused:
    return ExporterPaused(_RESTING.get(why, _RESTING[AUTHOR_GONE]), reason=why)


_RESTING = {
    AUTHOR_GONE: (
        "Whoever saved this export may no longer save it for its company, so it rests. An editor "
        "of the company can take it over, or an owner where it has columns for owners only."
    ),
    COMPANY_GONE: (
        "A company that this export read was deleted, so it rests. An editor of the others can "
        "take it over without it."
    ),
}


def check_country(dataset: Dataset, connection: Connection) -> None:
    """Raises BadRequest for a report that QuickBooks does not have where the company is."""
    if isinstance(dataset, Report) and not dataset.offered_in(connection.country):
        where = f"companies of {' and '.join(dataset.only_in)}" if dataset.only_in else "others"
        raise BadRequest(
            f"{connection.name} is a company of {connection.country}. QuickBooks has the report "
            f"“{dataset.title}” only for {where}: choose another."
        )


def dataset_of(exporter: Exporter) -> Dataset:
    return (catalog.entity if exporter.kind == ENTITY else catalog.report)(exporter.dataset)


def _taken_over(user: User, exporter: Exporter) -> dict[str, Any]:
    return {"author": user.sub, "paused": None, "revision": exporter.revision + 1}


def _proof_kept(exporter: Exporter, changes: Mapping[str, Any]) -> dict[str, Any]:
    """A new name leads managed refresh nowhere else: for whoever proved that they may edit the
    spreadsheet their proof still holds. A name that others give is to be proven: it is written
    there.
    """
    managed = exporter.managed
    if managed is None or not managed.is_proven(exporter.document.data):
        return {}
    if exporter.run_as != changes["author"]:
        return {}
    return {"managed": replace(managed, revision=changes["revision"]).kept()}


def _title_row(exporter: Exporter, choice: Choice) -> dict[str, Any]:
    """What is noted where a table gets or loses the row above its column titles.

    Raises BadRequest for one whose rows are known by key: what stands in the sheet would be read
    with another number of rows above it than it has.
    """
    if exporter.is_new or not isinstance(choice, EntityChoice):
        return {}
    by_key = choice.mode is not Mode.REPLACE
    was_by_key = exporter.options.get("mode") in (Mode.UPDATE.value, Mode.ADD.value)
    moves = choice.titled != bool(exporter.options.get("title_row"))
    moved = moves or bool(exporter.document.data.get("title_row_moved"))
    if (moves and was_by_key) or (by_key and moved):
        raise BadRequest(
            "The row above the column titles belongs to the table that is there, and its rows are "
            "known by key. Duplicate the export, and choose the row in the new one.",
            option="title_row",
        )
    return {"title_row_moved": True} if moves else {}


def _name(name: str) -> str:
    return one_line(name, documents.LONGEST_NAME, "The name of an export")


def _changed() -> ExporterChanged:
    return ExporterChanged("Somebody saved this export since you opened it. Open it again.")
