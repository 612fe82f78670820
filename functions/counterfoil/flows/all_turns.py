"""The companies of a step that are asked at the same time: each with its own key and limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from counterfoil.core.errors import AppError
from counterfoil.core.people import Connection
from counterfoil.flows.company_turns import CompanyTurns
from counterfoil.flows.ports import Company


class StepTurns(Protocol):
    """What a step knows of its companies' turns, be it one after the other or all at once."""

    @property
    def calls(self) -> int: ...

    @property
    def connection(self) -> Connection:
        """Whose turn it is, or who ended the step."""
        ...

    def of(self, connection: Connection) -> Company: ...

    def replaced_after(self, error: AppError) -> bool: ...

    def close(self, *, went_well: bool) -> bool: ...


class AllTurns:
    """Safe to share between threads, one for each company."""

    def __init__(
        self, make: Callable[[Connection], CompanyTurns], connections: Sequence[Connection]
    ) -> None:
        self._turns = {each.id: make(each) for each in connections}
        self._at = connections[0]

    @property
    def calls(self) -> int:
        return sum(each.calls for each in self._turns.values())

    @property
    def connection(self) -> Connection:
        return self._at

    def of(self, connection: Connection) -> Company:
        return self._turns[connection.id].of(connection)

    def blame(self, connection: Connection) -> None:
        """What is raised next is of this company."""
        self._at = connection

    def replaced_after(self, error: AppError) -> bool:
        return self._turns[self._at.id].replaced_after(error)

    def close(self, *, went_well: bool) -> bool:
        return any([each.close(went_well=went_well) for each in self._turns.values()])
