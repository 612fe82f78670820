"""The companies of a step, one after the other: each with its own key, within its own limits."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from counterfoil.core.errors import AppError
from counterfoil.core.people import Connection, User
from counterfoil.flows.budgets import Budgets
from counterfoil.flows.pace import StepMeter
from counterfoil.flows.ports import AccessTokens, Company, QuickBooks
from counterfoil.flows.step_token import StepToken


@dataclass(slots=True)
class CompanyTurns:
    """`budgets` is None where nothing is limited; `long` and `many` as a StepMeter takes them."""

    user: User
    tokens: AccessTokens
    quickbooks: QuickBooks
    budgets: Budgets | None
    long: bool
    many: int
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _since: float = field(init=False)
    _before: int = field(init=False, default=0)  # calls of the companies whose turn is over
    _answered: bool = field(init=False, default=False)
    _now: Connection | None = field(init=False, default=None)
    _meter: StepMeter = field(init=False)
    _token: StepToken = field(init=False)
    _company: Company = field(init=False)

    def __post_init__(self) -> None:
        self._since = self.monotonic()

    @property
    def calls(self) -> int:
        return self._before + (self._meter.calls if self._now else 0)

    @property
    def connection(self) -> Connection:
        """Whose turn it is."""
        assert self._now is not None  # noqa: S101 - a step begins with a company
        return self._now

    def of(self, connection: Connection) -> Company:
        """Its turn: that of the company before it is over, and went well."""
        if self._now is connection:
            return self._company
        is_first = self._now is None
        self.close(went_well=True)
        pace, purse = None, None
        if self.budgets:
            pace, purse = self.budgets.opened(connection.realm_id, self.user.sub)
        meter = StepMeter(
            pace,
            purse,
            long=self.long and is_first,
            many=self.many,
            since=self._since,
            monotonic=self.monotonic,
            sleep=self.sleep,
        )
        token = StepToken(self.tokens, connection.id)
        self._meter, self._token, self._now = meter, token, connection
        self._company = self.quickbooks.company(
            connection.realm_id, token.current, token.refused, meter
        )
        return self._company

    def alone(self, connection: Connection) -> Company:
        return self.of(connection)

    def replaced_after(self, error: AppError) -> bool:
        """Whether another consent took over from the one that was refused."""
        return self._token.replaced_after(error)

    def close(self, *, went_well: bool) -> bool:
        """True when QuickBooks was asked and refused no call as too many."""
        if self._now is not None:
            answered = self._meter.close(went_well=went_well)
            if answered and went_well:
                self._token.worked()
            self._answered = answered or self._answered
            self._before += self._meter.calls
            self._now = None
        return self._answered
