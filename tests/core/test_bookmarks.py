from __future__ import annotations

from counterfoil.core.bookmarks import MOST_BOOKMARKS, Bookmark, Bookmarks
from counterfoil.core.seen import SeenIds


def read(pages: int, size: int = 100) -> tuple[Bookmarks, SeenIds]:
    """Ids from 1 on, bookmarked at the end of each page."""
    seen, held = SeenIds(), Bookmarks()
    for page in range(pages):
        seen.add([str(page * size + n) for n in range(1, size + 1)])
        last = seen.last()
        assert last is not None
        held.add(bookmark((page + 1) * size, last))
    return held, seen


def bookmark(rows: int, last: object) -> Bookmark:
    return Bookmark(rows, rows, str(rows), last, {"chunks": [], "value": ""}, [], [])  # type: ignore[arg-type]


def test_one_goes_back_to_the_end_of_the_page_before() -> None:
    held, seen = read(5)
    found = {id: held.before(id, seen) for id in ("1", "100", "101", "250", "401", "500", "501")}
    assert {id: it.rows if it else None for id, it in found.items()} == {
        "1": None, "100": None, "101": 100, "250": 200, "401": 400, "500": 400, "501": 500
    }  # fmt: skip


def test_only_so_many_are_kept_the_last_one_always() -> None:
    held, seen = read(600, 10)
    assert MOST_BOOKMARKS / 2 <= len(held) <= MOST_BOOKMARKS
    last = held.last()
    assert last is not None
    assert last.rows == 6000
    found = held.before("3000", seen)
    assert found is not None
    assert 2500 < found.rows < 3000


def test_they_go_on_from_their_state_and_forget_what_comes_after() -> None:
    held, seen = read(5)
    held = Bookmarks.from_state(held.state())
    found = held.before("250", seen)
    assert found is not None
    held.back_to(found)
    assert held.last() == found
    assert len(held) == 2
    held.add(bookmark(200, found.last))
    assert len(held) == 2
    held.clear()
    assert held.last() is None
    assert held.before("1", seen) is None
