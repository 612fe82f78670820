"""Schedules of exporters: whose they are, what is due, and what a run means for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from counterfoil.core.authority import NEEDS, Action
from counterfoil.core.dates import zone
from counterfoil.core.errors import (
    BadRequest,
    Forbidden,
    NotFound,
    ProofMissing,
    ScheduleStopped,
)
from counterfoil.core.people import ConnectionState, Sheet, User
from counterfoil.core.plans import Plan, Stopped
from counterfoil.core.proof import Verdict
from counterfoil.core.schedules import Often, parsed
from counterfoil.flows import runs
from counterfoil.flows.connections import MEMBERS, member_id
from counterfoil.flows.exporter_records import Exporter
from counterfoil.flows.exporters import Exporters
from counterfoil.flows.exporters_listed import Listed
from counterfoil.flows.late_titles import late_title
from counterfoil.flows.ports import Reach
from counterfoil.flows.rewriting import rewritten
from counterfoil.flows.run_leases import RunLeases

TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Due:
    """What a person's trigger is to do in a spreadsheet, the longest waiting first, and how many
    schedules of theirs there are in it: with none, they need no trigger.
    """

    exporters: Sequence[Listed]
    mine: int


@dataclass(frozen=True, slots=True)
class Schedules:
    exporters: Exporters
    connections: Reach

    def schedule(
        self, user: User, sheet: Sheet, id: str, given: Mapping[str, Any] | None
    ) -> Exporter:
        """By the hours of the spreadsheet's zone, run as whoever says so, by their trigger: managed
        refresh ends. None ends it.

        Raises BadRequest, NotFound, Forbidden.
        """
        exporter = self.editable(user, sheet, id)
        by_hand = {"plan": None, "run_as": None, "managed": None, "due_window": None}
        if given is None:
            return self._changed(exporter, by_hand)
        schedule = parsed(given)
        if schedule.often is Often.MINUTES:
            raise BadRequest(
                "Google calls an add-on once an hour at the most. Choose managed refresh for less.",
                field="schedule.often",
            )
        made = Plan.made(schedule, self._now(), zone(sheet.zone))
        plan = replace(made, good_at=good_at(exporter))
        return self._changed(exporter, {**by_hand, "plan": plan.kept(), "run_as": user.sub})

    def take_over(self, user: User, sheet: Sheet, id: str) -> Exporter:
        """The same schedule, run as this user from its next time on; one that has stopped goes on.

        Raises BadRequest where there is none, ProofMissing where managed refresh runs it, NotFound,
        Forbidden.
        """
        exporter = self.editable(user, sheet, id)
        if exporter.plan is None:
            raise BadRequest("This export has no schedule. Give it one.")
        if exporter.managed:
            raise ProofMissing(
                "Managed refresh runs this export. Reload the sidebar and take it over there: that "
                "shows that you may edit this spreadsheet."
            )
        plan = exporter.plan.in_zone(zone(sheet.zone), self._now()).taken_up(self._now())
        return self._changed(exporter, {"plan": plan.kept(), "run_as": user.sub})

    def due(self, user: User, sheet: Sheet) -> Due:
        """Nothing of others, nothing that rests, has stopped, or is being run."""
        mine = [
            it
            for it in self.exporters.in_sheet(sheet)
            if it.plan and it.run_as == user.sub and it.managed is None
        ]
        now, here = self._now(), zone(sheet.zone)
        leases = RunLeases(self.exporters.records, self.exporters.clock)
        found: list[tuple[datetime, Listed]] = []
        for each in mine:
            plan = each.plan and self._in_zone(each, each.plan.in_zone(here, now))
            rests = each.paused or each.frozen_at
            if plan and plan.is_due(now) and not rests and leases.alive(each.id) is None:
                found.append((plan.due_at, each))
        found.sort(key=lambda pair: (pair[0], pair[1].id))
        return Due([each for _, each in found if self._may(user, each)], len(mine))

    def missed(self, exporter: Exporter, code: str) -> None:
        """A scheduled run did not even begin."""
        self.exporters.replan(exporter.document, lambda plan: plan.failed(code, self._now()))

    def parked(
        self, exporter: Exporter, run: runs.Run, end: Callable[[Exporter, runs.Run, str], None]
    ) -> None:
        """Another trigger was not enough. Raises ScheduleStopped after the last, the run ended."""
        plan = self.exporters.replan(exporter.document, Plan.parked)
        if plan is None or plan.stopped is not Stopped.TOO_LONG:
            return
        end(self.exporters.again(exporter), run, TOO_LONG)
        raise runs.ended(ScheduleStopped(TOO_LONG_WORDS), run.id, exporter.id)

    def shown(self, user: User, listed: Listed) -> dict[str, Any] | None:
        """What the sidebar says of a schedule; times are in UTC."""
        plan = listed.plan
        if plan is None:
            return None
        now = self._now()
        if plan.stopped is None and listed.managed and not listed.is_proven:
            plan = plan.ended(Stopped.UNPROVEN)  # as its next time will find
        return {
            **plan.schedule.as_json(),
            "words": plan.schedule.words,
            "due_at": plan.due_at.isoformat(timespec="seconds"),
            "mine": listed.run_as == user.sub,
            "by": self._address(listed),
            "stopped": plan.stopped.value if plan.stopped else None,
            "late": plan.is_late(now),
            "good_at": plan.good_at.isoformat(timespec="seconds") if plan.good_at else None,
            "managed": {"account": listed.managed.account, "proven": listed.is_proven}
            if listed.managed
            else None,
        }

    def late(self, exporter: Exporter, sheet: Sheet) -> dict[str, Any] | None:
        """As `late_title`: what the table is to say at once, when its schedule was changed."""
        return late_title(exporter, sheet)

    def _address(self, listed: Listed) -> str:
        """Of whoever it runs as; "" when they are no member of each of its companies any more."""
        address = ""
        for company in listed.connection_ids if listed.run_as else ():
            member = self.exporters.records.get(MEMBERS, member_id(company, listed.run_as or ""))
            if member is None:
                return ""
            address = str(member.data["email"])
        return address

    def _may(self, user: User, listed: Listed) -> bool:
        """Whether they are still a member of every company; if not, the schedule stops. While one
        is paused it waits: a pause keeps schedules, and Reconnect brings them back.
        """
        needed = NEEDS[Action.RUN]
        try:
            reached = [self.connections.reachable(user, id, needed) for id in listed.connection_ids]
        except (NotFound, Forbidden):
            self._replan(listed, lambda plan: plan.ended(Stopped.LEFT))
            return False
        return all(company.state is not ConnectionState.PAUSED for company in reached)

    def _in_zone(self, listed: Listed, plan: Plan) -> Plan:
        if plan != listed.plan:
            self._replan(listed, lambda kept: kept.in_zone(plan.zone, self._now()))
        return plan

    def _replan(self, listed: Listed, change: Callable[[Plan], Plan]) -> None:
        document = self.exporters.records.get("exporters", listed.id)
        if document is not None:
            self.exporters.replan(document, change)

    def editable(self, user: User, sheet: Sheet, id: str) -> Exporter:
        """For an editor of each of its companies. Raises NotFound, Forbidden."""
        exporter = self.exporters.of(sheet, id)
        for connection_id in exporter.connection_ids:
            self.connections.reachable(user, connection_id, NEEDS[Action.SAVE])
        return exporter

    def _changed(self, exporter: Exporter, changes: Mapping[str, Any]) -> Exporter:
        rewritten(self.exporters.records, exporter.document, lambda data: {**data, **changes})
        return self.exporters.again(exporter)

    def _now(self) -> datetime:
        return self.exporters.clock()


def after(plan: Plan, run: runs.Run, now: datetime) -> Plan:
    """The plan once a run has ended; what somebody's run by hand failed at is theirs to see."""
    if run.state == runs.APPLIED and run.verdict != Verdict.FAIL.value:
        return plan.went_well(run.sent_at or now)
    if run.state in (runs.APPLIED, runs.FAILED) and run.scheduled:
        if run.code == TOO_LONG:
            return plan.ended(Stopped.TOO_LONG)
        return plan.failed(run.code, now)
    return plan


def good_at(exporter: Exporter) -> datetime | None:
    """When its table was last complete, as far as is known."""
    if exporter.plan:
        return exporter.plan.good_at
    last = exporter.last_run
    if last and last["state"] == runs.APPLIED and last["verdict"] != Verdict.FAIL.value:
        at = last["at"]
        return at if isinstance(at, datetime) else None
    return None


TOO_LONG_WORDS = (
    "This export did not end in three goes of about four minutes each, an hour apart, so its "
    "schedule has paused. Run it in the sidebar, narrow it, or ask whoever runs Counterfoil for "
    "managed refresh, which has no such limit."
)
