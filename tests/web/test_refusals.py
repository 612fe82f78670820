"""Which errors a handler can answer, of a small package that shows one way each."""

from __future__ import annotations

import pathlib
import textwrap

import pytest

from counterfoil.openapi.refusals import Refusals, refusals_of
from counterfoil.openapi.source import Source

ERRORS = """
    class AppError(Exception): ...
    class NotFound(AppError): ...
    class UnknownDataset(NotFound): ...
    class Busy(AppError): ...
"""
FLOWS = """
    from __future__ import annotations
    from collections.abc import Callable, Sequence
    from typing import TYPE_CHECKING, Protocol
    from counterfoil.core import errors
    from counterfoil.core.errors import Busy, NotFound, UnknownDataset
    if TYPE_CHECKING:
        from counterfoil.adapters import Store

    class Records(Protocol):
        def get(self, id: str) -> str: ...

    class Team:
        def __init__(self, *, records: Records, others: Sequence[Team]) -> None:
            self._records, self.others = records, others
            self.held = records

        def read(self) -> str:
            return self.held.get("x")

        @property
        def name(self) -> str:
            raise NotFound("gone")

    class Services:
        team: Team
        store: Store

    KINDS = {"1": (errors.Busy, "wait")}

    def by_a_port(services: Services) -> str:
        return services.team.read()

    def by_a_loop(services: Services) -> list[str]:
        return [each.name for each in services.team.others]

    def by_an_import_for_types_alone(services: Services) -> None:
        services.store.open()

    def by_a_table(code: str) -> None:
        kind, words = KINDS[code]
        raise kind(words)

    def caught(services: Services) -> str:
        try:
            return services.team.name
        except NotFound:
            return ""

    def caught_by_its_kind() -> None:
        try:
            raise UnknownDataset("x")
        except NotFound as error:
            raise Busy("later") from error

    def caught_and_let_go(services: Services) -> str:
        try:
            return services.team.name
        except NotFound:
            raise

    def handed_on(services: Services) -> None:
        _called(by_a_table)

    def _called(what: Callable[[str], None]) -> None:
        what("1")

    def only_asked_for(error: Exception) -> bool:
        return isinstance(error, Busy)

    def in_a_circle(n: int) -> None:
        if n:
            in_a_circle(n - 1)
        raise Busy("x")
"""
ADAPTERS = """
    from counterfoil.core.errors import Busy, NotFound

    class Store:
        def open(self) -> None:
            raise NotFound("x")

    class Firestore:
        def get(self, id: str) -> str:
            raise Busy("x")

    class Other:
        def put(self, id: str) -> str:
            raise NotFound("x")
"""


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> Refusals:
    home = tmp_path_factory.mktemp("package")
    files = {"core/errors.py": ERRORS, "flows.py": FLOWS, "adapters.py": ADAPTERS}
    for name, text in files.items():
        file: pathlib.Path = home / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(textwrap.dedent(text))
    return Refusals(Source(home))


@pytest.mark.parametrize(
    ("function", "errors"),
    [
        ("by_a_port", {"Busy"}),
        ("by_a_loop", {"NotFound"}),
        ("by_an_import_for_types_alone", {"NotFound"}),
        ("by_a_table", {"Busy"}),
        ("caught", set()),
        ("caught_by_its_kind", {"Busy"}),
        ("caught_and_let_go", {"NotFound"}),
        ("handed_on", {"Busy"}),
        ("only_asked_for", set()),
        ("in_a_circle", {"Busy"}),
    ],
)
def test_an_error_is_found_by_whatever_way_it_comes(
    refusals: Refusals, function: str, errors: set[str]
) -> None:
    assert refusals.raised_by(("counterfoil.flows", function)) == errors


def test_of_our_own_handlers_one_that_shows_a_page_has_none() -> None:
    assert refusals_of("counterfoil.web.oauth", "show") == set()
