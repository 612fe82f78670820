"""Any order of refreshes, in process or asked for, rotations, lost answers, kills, ticks, consents,
spares, pauses, deletes, people who leave or are erased, and wrong clocks, played by hypothesis.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from counterfoil.core.errors import (
    ConnectionBusy,
    ConnectionPaused,
    ConnectionSuspect,
    LastOwner,
    NotFound,
    QuickBooksBusy,
    ReconnectRequired,
)
from counterfoil.core.grants import Grant, GrantState, may_read
from counterfoil.core.people import ConnectionState, User
from counterfoil.core.stores import Document
from counterfoil.core.tokens import given_up
from counterfoil.flows.asked_tokens import AskedTokens
from counterfoil.flows.fresh_tokens import FreshTokens
from counterfoil.flows.keep_alive import KeepAlive
from counterfoil.flows.leaving import What
from counterfoil.flows.ports import AccessTokens
from counterfoil.flows.team import Team
from sandbox.intuit.tokens import Line, Standing
from tests.flows.world import ACME, ANA, BEN, DANA, ERIN, World

STEPS = (
    "lease_taken", "re_read", "marked", "asked", "secret_stored", "grant_stored",
    "refusal_stored", "denial_stored", "released",
)  # fmt: skip
LEAVING_STEPS = (
    "leaving_marked", "revoked", "secret_destroyed", "grant_removed", "pause_settled",
    "exporters_removed", "members_removed", "realm_freed", "connection_removed",
)  # fmt: skip
PERSONS = st.sampled_from([DANA, ERIN])


class Killed(BaseException):
    """The process is gone at this step; what comes after happens in another one."""


class Renewing:
    """`token_refresh`, without HTTP in between."""

    def __init__(self, tokens: FreshTokens) -> None:
        self._tokens = tokens

    def refresh(self, connection_id: str, *, past: int | None) -> None:
        self._tokens.renew(connection_id, past=past)


class TokenLife(RuleBasedStateMachine):
    @initialize(grace=st.booleans(), spare=st.booleans())
    def connect(self, grace: bool, spare: bool) -> None:
        self.world = World(grace=grace)
        self.wrong = timedelta(0)  # how far our clock is off; Intuit's is right
        self.tokens = self._process()
        self.team = Team(
            records=self.world.records,
            connections=self.world.connections,
            leaving=self.world.leaving,
            now=self.world.clock,
        )
        self.without_rights: set[str] = set()
        self.disconnected: set[str] = set()  # persons, inside QuickBooks
        self.generations: dict[str, int] = {}
        # Lines of tokens of which Intuit's answer was made to vanish: then, and only then, may
        # the newest value be missing in the store.
        self.excused: list[Line] = []
        self._consent(DANA)
        if spare:
            self._consent(ERIN)

    # What happens

    @rule(hours=st.sampled_from([0.02, 1, 2, 25, 49]))
    def time_passes(self, hours: float) -> None:
        self.world.clock.advance(hours=hours)

    @rule(seconds=st.sampled_from([0, -3600, -90, 90, 200, 90_000]))
    def our_clock_is_wrong(self, seconds: int) -> None:
        self.wrong = timedelta(seconds=seconds)

    @rule(trouble=st.sampled_from(["", "", "busy", "lost", "refused", "keeps", "junk"]))
    def somebody_exports(self, trouble: str) -> None:
        self.world.intuit.trouble = [trouble] if trouble else []
        self._in_doubt(trouble == "lost")
        self._use()
        self.world.intuit.trouble = []  # if nobody asked, nothing went wrong

    @rule(trouble=st.sampled_from(["", "", "busy", "lost", "refused"]))
    def somebody_exports_in_the_cloud(self, trouble: str) -> None:
        """Another process does the refreshing, and is asked without a token."""
        self.world.intuit.trouble = [trouble] if trouble else []
        self._in_doubt(trouble == "lost")
        world = self.world
        self._use(
            AskedTokens(
                records=world.records,
                grants=world.grants,
                service=Renewing(self.tokens),
                now=self._ours,
            )
        )
        self.world.intuit.trouble = []

    @rule(killed=st.booleans())
    def an_hour_ticks(self, killed: bool) -> None:
        world = self.world
        alive = KeepAlive(
            world.records, world.grants, self.tokens, world.leaving, self._ours, lambda: 0.0
        )
        upkeep = replace(world.upkeep, keep_alive=alive, clock=self._ours)
        self._in_doubt(killed)
        if self._killed_at("asked" if killed else "", upkeep.tick):
            world.clock.advance(seconds=151)

    @rule(step=st.sampled_from(STEPS))
    def somebody_is_killed(self, step: str) -> None:
        self._in_doubt(step == "asked")
        if self._killed_at(step, self._use):
            self.world.clock.advance(seconds=151)

    @rule(
        step=st.sampled_from(STEPS),
        frozen_s=st.sampled_from([0, 1, 151, 100_000]),
        consents=st.booleans(),
    )
    def two_processes_meet(self, step: str, frozen_s: int, consents: bool) -> None:
        other = self._process()

        def overtake(label: str) -> None:
            if label == step:
                self.world.at_step = lambda label: None
                self.world.clock.advance(seconds=frozen_s)
                if consents:
                    self._consent(DANA)
                else:
                    self._use(other)

        self.world.at_step = overtake
        self._use()
        self.world.at_step = lambda label: None

    @rule(sub=PERSONS)
    def somebody_consents(self, sub: str) -> None:
        self._consent(sub)

    @rule(sub=PERSONS)
    def somebody_disconnects_inside_quickbooks(self, sub: str) -> None:
        self.disconnected.add(sub)
        self.world.intuit.tokens.disconnect(ACME, sub)

    @rule(sub=PERSONS)
    def somebody_loses_their_rights(self, sub: str) -> None:
        self.without_rights.add(sub)

    @rule(what=st.sampled_from(list(What)), step=st.sampled_from(("", *LEAVING_STEPS)))
    def somebody_leaves(self, what: What, step: str) -> None:
        """Perhaps killed on the way; the same call again ends it."""
        if self._connection is None:
            return
        by = self._owners[0]
        if self._killed_at(step, lambda: self._leave(by, what)):
            self.world.clock.advance(seconds=151)
            self._leave(by, what)
        if self._connection is not None and self._connection.data["state"] == "paused":
            assert self._grants == []
            assert self.world.secrets.kept == {}

    @rule(user=st.sampled_from([ANA, BEN]), step=st.sampled_from(("", *LEAVING_STEPS)))
    def somebody_is_erased(self, user: User, step: str) -> None:
        """Perhaps killed on the way; the same call again ends it."""
        self._killed_at(step, lambda: self._erase(user))
        self.world.clock.advance(seconds=151)
        assert self._erase(user)["left"] == 0
        for trace in (user.sub, user.email, DANA if user is ANA else ERIN):
            assert not self.world.knows(trace)

    @rule(user=st.sampled_from([ANA, BEN]))
    def somebody_leaves_the_team(self, user: User) -> None:
        """Their consent goes on serving the others; the last owner is kept."""
        before, grants = self._owners, self._grants
        try:
            self.team.leave(user, self.id)
        except LastOwner:
            assert before == [user]
        except NotFound:
            assert user not in before
        assert self._grants == grants

    # What always holds

    @invariant()
    def generations_only_rise(self) -> None:
        seen = {grant.id: grant.generation for grant in self._grants}
        for id, generation in seen.items():
            assert generation >= self.generations.get(id, 0)
        self.generations = seen

    @invariant()
    def intuits_value_is_in_the_store(self) -> None:
        for grant in self._grants:
            line = self._line(grant)
            # Whoever is still stored has not left: only they themselves end their consent.
            assert not line.ended or grant.sub in self.disconnected
            if line.ended or line.refresh in self._stored_values(grant):
                self.excused = [each for each in self.excused if each is not line]
            else:
                assert any(each is line for each in self.excused)

    @invariant()
    def only_refusals_and_lost_rights_end_a_connection(self) -> None:
        connection = self._connection
        if connection is None or connection.data["state"] != "needs_reconnection":
            return
        assert not any(may_read(grant) for grant in self._grants)
        if connection.data["active_grant"] == "":  # whoever gave it was erased
            assert all(grant.state is GrantState.REFUSED for grant in self._grants)
            return
        [active] = [g for g in self._grants if g.id == connection.data["active_grant"]]
        if active.state is GrantState.REFUSED:
            assert len(active.refusals) == 3
        else:
            assert given_up(active.denials)

    @invariant()
    def a_company_is_somebodys(self) -> None:
        assert self._connection is None or self._owners

    @invariant()
    def what_is_left_leaves_nothing(self) -> None:
        if self._connection is None:
            assert self._grants == []
            assert self.world.secrets.kept == {}

    def teardown(self) -> None:
        """Whatever happened: where Intuit honours what is stored, quiet exports find it."""
        if not hasattr(self, "world") or self._connection is None:
            return
        state = ConnectionState(self._connection.data["state"])
        if state in (ConnectionState.PAUSED, ConnectionState.NEEDS_RECONNECTION):
            return
        self.wrong = timedelta(0)
        usable = [grant for grant in self._grants if self._usable(grant)]
        for _ in range(8):  # refusals and denials of what is not usable, a minute apart and more
            self.world.clock.advance(hours=2)
            self._use()
        assert not usable or self._active.sub in {grant.sub for grant in usable}
        assert not usable or self._active.state is GrantState.GOOD

    # How

    def _process(self) -> FreshTokens:
        return self.world.fresh_tokens(now=self._ours)

    def _ours(self) -> datetime:
        return self.world.clock() + self.wrong

    def _consent(self, sub: str) -> None:
        self.without_rights.discard(sub)
        self.disconnected.discard(sub)
        self.id = self.world.connected(ANA if sub == DANA else BEN, sub=sub)

    def _leave(self, by: User, what: What) -> None:
        try:
            confirm = self.world.disconnect.preview(by, self.id, what).confirm
        except NotFound:
            confirm = None  # only the membership of whoever asked is left of it
        try:
            self.world.disconnect.leave(by, self.id, what, confirm=confirm)
        except NotFound:
            assert self._connection is None

    def _erase(self, user: User) -> dict[str, int]:
        return self.world.erasing.erase(user)

    def _killed_at(self, step: str, act: object) -> bool:
        def die(label: str) -> None:
            if label == step:
                self.world.at_step = lambda label: None
                raise Killed

        self.world.at_step = die
        try:
            act()  # type: ignore[operator]
        except Killed:
            return True
        finally:
            self.world.at_step = lambda label: None
        return False

    def _use(self, tokens: AccessTokens | None = None) -> None:
        """What an export does until QuickBooks takes a token, or it has to give up."""
        tokens = tokens or self.tokens
        try:
            token = tokens.for_connection(self.id)
            for _ in range(4):
                standing, consent = self.world.intuit.tokens.standing(token)
                assert consent is not None, "a token that was never given out"
                if standing is not Standing.FRESH:
                    token = tokens.after_refusal(self.id, token)
                elif consent.sub not in self.without_rights:
                    tokens.after_read(self.id, token)
                    return
                elif tokens.after_denial(self.id, token):
                    token = tokens.for_connection(self.id)
                else:
                    return
        except ReconnectRequired:
            assert not any(may_read(grant) for grant in self._grants)
        except (ConnectionPaused, NotFound):
            connection = self._connection
            assert connection is None or connection.data["state"] == "paused"
        except (ConnectionBusy, ConnectionSuspect, QuickBooksBusy):
            return  # all of them say: try again

    def _in_doubt(self, vanishes: bool) -> None:
        if vanishes:
            self.excused += [self._line(grant) for grant in self._grants]

    @property
    def _owners(self) -> list[User]:
        members = self.world.records.all("members").values()
        assert all(member["connection_id"] == self.id for member in members)
        return [User(member["user"], member["email"]) for member in members]

    @property
    def _connection(self) -> Document | None:
        return self.world.records.get("connections", self.id)

    @property
    def _grants(self) -> list[Grant]:
        return [Grant.of(data) for data in self.world.records.all("grants").values()]

    @property
    def _active(self) -> Grant:
        assert self._connection is not None
        held = self.world.records.get("grants", self._connection.data["active_grant"])
        assert held is not None
        return Grant.of(held.data)

    def _line(self, grant: Grant) -> Line:
        value = self.world.secrets.read(grant.secret, grant.refresh_version).decode()
        line = self.world.intuit.tokens.line_of(value)
        assert line is not None
        return line

    def _usable(self, grant: Grant) -> bool:
        return (
            may_read(grant)
            and grant.sub not in self.without_rights
            and not self._line(grant).ended
            and self._line(grant).refresh in self._stored_values(grant)
        )

    def _stored_values(self, grant: Grant) -> set[str]:
        versions = self.world.secrets.kept[grant.secret]
        return {value.decode() for value in versions.values() if value is not None}


TestTokenLife = TokenLife.TestCase
TestTokenLife.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
