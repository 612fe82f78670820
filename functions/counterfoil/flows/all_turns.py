"""The companies of a step that are asked at the same time: each with its own key and limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from counterfoil.core.errors import AppError, QuickBooksBusy
from counterfoil.core.journal import along
from counterfoil.core.people import Connection
from counterfoil.flows.company_turns import CompanyTurns
from counterfoil.flows.pace import Waiting
from counterfoil.flows.ports import Company
from counterfoil.flows.several import Part

_Made = TypeVar("_Made")


class StepTurns(Protocol):
    """What a step knows of its companies' turns, be it one after the other or all at once."""

    @property
    def calls(self) -> int: ...

    @property
    def connection(self) -> Connection:
        """Whose turn it is, or who ended the step."""
        ...

    def of(self, connection: Connection) -> Company: ...

    def alone(self, connection: Connection) -> Company:
        """The same while no other company is asked: what is raised next is of this one."""
        ...

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

    def alone(self, connection: Connection) -> Company:
        self.blame(connection)
        return self.of(connection)

    def blame(self, connection: Connection) -> None:
        """What is raised next is of this company."""
        self._at = connection

    def replaced_after(self, error: AppError) -> bool:
        return self._turns[self._at.id].replaced_after(error)

    def close(self, *, went_well: bool) -> bool:
        return any([each.close(went_well=went_well) for each in self._turns.values()])


def each_of(
    parts: Sequence[Part], turns: StepTurns, work: Callable[[Part], _Made]
) -> Sequence[_Made]:
    """Of one after the other, or of all at once where all are asked at the same time."""
    if isinstance(turns, AllTurns) and parts:
        return at_once(parts, turns, work)
    return [work(part) for part in parts]


def at_once(parts: Sequence[Part], turns: AllTurns, work: Callable[[Part], _Made]) -> list[_Made]:
    """Of all at once. Raises what can never be read before what can be read later."""

    def tried(part: Part) -> _Made | Exception:
        try:
            return work(part)
        except (AppError, Waiting) as error:
            return error

    with ThreadPoolExecutor(len(parts)) as pool:
        found = list(pool.map(along(tried), parts))
    failed = [(at, it) for at, it in enumerate(found) if isinstance(it, Exception)]
    if failed:
        at, error = min(failed, key=lambda each: _weight(each[1]))
        turns.blame(parts[at].connection)
        raise error
    return [each for each in found if not isinstance(each, Exception)]


def _weight(error: Exception) -> int:
    if isinstance(error, Waiting):
        return 2
    return int(isinstance(error, QuickBooksBusy))
