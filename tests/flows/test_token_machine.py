"""Any order of refreshes, rotations, lost answers, kills and new consents, played by hypothesis."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from counterfoil.core.errors import (
    ConnectionBusy,
    ConnectionSuspect,
    QuickBooksBusy,
    ReconnectRequired,
)
from counterfoil.core.grants import GrantState
from counterfoil.core.people import ConnectionState
from counterfoil.flows.fresh_tokens import FreshTokens
from sandbox.intuit.tokens import Standing
from tests.flows.world import ANA, World

STEPS = (
    "lease_taken", "re_read", "marked", "asked", "secret_stored", "grant_stored",
    "refusal_stored", "released",
)  # fmt: skip


class Killed(BaseException):
    """The process is gone at this step; what comes after happens in another one."""


class TokenLife(RuleBasedStateMachine):
    @initialize(grace=st.booleans())
    def connect(self, grace: bool) -> None:
        self.world = World(grace=grace)
        self.id = self.world.connected()
        self.generation = 1
        # Set once Intuit's answer was made to vanish: then, and only then, may its value be
        # missing in the store.
        self.excused = False

    @rule(hours=st.sampled_from([0.02, 1, 2, 25, 49]))
    def time_passes(self, hours: float) -> None:
        self.world.clock.advance(hours=hours)

    @rule(trouble=st.sampled_from(["", "", "busy", "lost", "refused", "keeps", "junk"]))
    def somebody_exports(self, trouble: str) -> None:
        self.excused |= trouble == "lost"
        self.world.intuit.trouble = [trouble] if trouble else []
        self._use(self.world)
        self.world.intuit.trouble = []  # if nobody asked, nothing went wrong

    @rule(step=st.sampled_from(STEPS))
    def somebody_is_killed(self, step: str) -> None:
        self.excused |= step == "asked"

        def die(label: str) -> None:
            if label == step:
                self.world.at_step = lambda label: None
                raise Killed

        self.world.at_step = die
        try:
            self._use(self.world)
        except Killed:
            self.world.clock.advance(seconds=151)
        self.world.at_step = lambda label: None

    @rule(
        step=st.sampled_from(STEPS),
        frozen_s=st.sampled_from([0, 1, 151, 100_000]),
        consents=st.booleans(),
    )
    def two_processes_meet(self, step: str, frozen_s: int, consents: bool) -> None:
        other = self.world.fresh_tokens(step=lambda label: None)

        def overtake(label: str) -> None:
            if label == step:
                self.world.at_step = lambda label: None
                self.world.clock.advance(seconds=frozen_s)
                if consents:
                    self.world.connected(reconnect=self.id)
                else:
                    self._use(self.world, other)

        self.world.at_step = overtake
        self._use(self.world)
        self.world.at_step = lambda label: None

    @rule()
    def somebody_consents_anew(self) -> None:
        self.world.connected(reconnect=self.id)

    @invariant()
    def generations_only_rise(self) -> None:
        generation = self.world.grant(self.id).generation
        assert generation >= self.generation
        self.generation = generation

    @invariant()
    def intuits_value_is_in_the_store(self) -> None:
        stored = self._intuits_value() in self._stored_values()
        assert stored or self.excused
        self.excused = self.excused and not stored

    @invariant()
    def only_refusals_end_a_connection(self) -> None:
        [seen] = self.world.connections.of(ANA)
        grant = self.world.grant(self.id)
        if seen.state is ConnectionState.NEEDS_RECONNECTION:
            assert grant.state is GrantState.REFUSED
            assert len(grant.refusals) == 3

    def teardown(self) -> None:
        """Whatever happened: if the value is stored, the next quiet export finds it."""
        if not hasattr(self, "world") or self.excused:
            return
        grant = self.world.grant(self.id)
        if grant.state is GrantState.REFUSED:
            return
        self.world.clock.advance(hours=2)
        self._use(self.world)
        assert self.world.grant(self.id).state is GrantState.GOOD

    def _use(self, world: World, tokens: FreshTokens | None = None) -> None:
        began = world.clock.now
        try:
            token = (tokens or world.tokens).for_connection(self.id)
        except ReconnectRequired:
            assert world.grant(self.id).state is GrantState.REFUSED
            return
        except (ConnectionBusy, ConnectionSuspect, QuickBooksBusy):
            return  # all of them say: try again
        # A process that was frozen for a day comes back with what was good a day ago.
        fine = {Standing.FRESH} if began == world.clock.now else {Standing.FRESH, Standing.EXPIRED}
        assert world.intuit.tokens.standing(token)[0] in fine

    def _intuits_value(self) -> str:
        return self.world.intuit.tokens.lines()[-1].refresh

    def _stored_values(self) -> set[str]:
        [versions] = self.world.secrets.kept.values()
        return {value.decode() for value in versions.values() if value is not None}


TestTokenLife = TokenLife.TestCase
TestTokenLife.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
