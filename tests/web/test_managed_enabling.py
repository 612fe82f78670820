"""Who may turn managed refresh on, and with what proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from counterfoil.core.managed import account_key, accounts_of
from counterfoil.core.people import Role, Sheet
from counterfoil.flows.managed_accounts import account_in
from counterfoil.flows.proofs import PROOFS
from sandbox.google.server import GoogleSandbox
from sandbox.google.state import grid_state
from tests.web.backend import WRITER
from tests.web.managed_office import QUARTER, ManagedOffice, sheets

OTHER_KEY = "b" * 64


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with sheets() as running:
        yield running


@pytest.fixture
def office(google: GoogleSandbox) -> ManagedOffice:
    return ManagedOffice(google)


def test_it_is_said_with_whom_to_share_and_what_to_write(office: ManagedOffice) -> None:
    id = office.export()
    offered = office.good(f"managed_refresh/exporters/{id}/offer")
    nonce = offered.pop("nonce")
    assert offered == {"account": WRITER, "key": "counterfoil:proof", "expires_in_s": 600}
    assert len(nonce) == 43
    assert nonce not in repr(office.backend.records.all(PROOFS)), "the store holds its digest alone"
    assert office.good("home/")["managed"] == {"account": WRITER}


def test_the_nonce_is_erased_from_the_spreadsheet_and_everything_else_stays(
    office: ManagedOffice,
) -> None:
    office.share()
    id = office.export()
    office.book.add_metadata("counterfoil:proof", "of somebody who is at it at this moment")
    office.book.add_metadata("mine", "of another add-on")
    before = grid_state(office.book)
    office.enable(id)
    assert grid_state(office.book) == before


def test_without_the_nonce_in_the_spreadsheet_nothing_is_turned_on(office: ManagedOffice) -> None:
    office.share()
    id = office.export()
    assert office.refused(id, office.offer(id)) == "proof_missing"
    assert office.refused(id, "made-up") == "proof_missing"
    assert office.record(id)["managed"] is None


def test_who_may_only_look_at_the_spreadsheet_cannot_turn_it_on(office: ManagedOffice) -> None:
    """Mallory knows the id and has a key of a spreadsheet of her own, and cannot write there."""
    victim = office.other_book()
    office.share(book=victim.id)
    office.write("of Ana, who may edit it", victim)
    id = office.export()
    nonce = office.offer(id, book=victim.id)
    assert office.refused(id, nonce, book=victim.id) == "proof_missing"
    office.write(office.offer(id), office.book)
    nonce = office.offer(id, book=victim.id)
    office.write(nonce, office.book)  # in her own one, and not in the one that she names
    assert office.refused(id, nonce, book=victim.id) == "proof_missing"
    office.later(minutes=15)
    office.tick()
    assert [tab.title for tab in victim.tabs] == ["Sheet1"]


def test_a_nonce_works_once(office: ManagedOffice) -> None:
    office.share()
    id = office.export()
    nonce = office.offer(id)
    office.write(nonce)
    path, body = f"managed_refresh/exporters/{id}/enable", {"nonce": nonce, "schedule": QUARTER}
    office.good(path, **body)
    office.write(nonce)
    assert office.code(path, **body) == "proof_missing"


def test_a_spreadsheet_that_is_not_shared_yet_and_a_busy_google_cost_no_nonce(
    office: ManagedOffice,
) -> None:
    id = office.export()
    nonce = office.offer(id)
    office.write(nonce)
    assert office.refused(id, nonce) == "sheet_not_shared"
    office.share()
    office.google.sheets.fail_next(503)
    assert office.refused(id, nonce) == "service_unavailable"
    office.good(f"managed_refresh/exporters/{id}/enable", nonce=nonce, schedule=QUARTER)


def test_of_two_who_show_one_nonce_at_the_same_moment_one_succeeds(office: ManagedOffice) -> None:
    office.share()
    id = office.export()
    nonce = office.offer(id)
    office.write(nonce)
    path, body = f"managed_refresh/exporters/{id}/enable", {"nonce": nonce, "schedule": QUARTER}
    records, answers = office.backend.records, list[int]()

    def twin(collection: str, key: str) -> None:
        if collection == PROOFS:
            records.before_write = lambda *_: None
            answers.append(office.ask(path, **body)[0])

    records.before_write = twin
    answers.append(office.ask(path, **body)[0])
    assert sorted(answers) == [200, 409], "who erased it has shown it"


def test_a_nonce_lives_for_ten_minutes(office: ManagedOffice) -> None:
    office.share()
    id = office.export()
    early, late = office.offer(id), office.offer(id)
    office.write(early)
    office.write(late)
    office.later(minutes=9, seconds=59)
    office.good(f"managed_refresh/exporters/{id}/enable", nonce=early, schedule=QUARTER)
    office.later(seconds=1)
    assert office.refused(id, late) == "proof_missing"


@pytest.mark.parametrize(
    "how",
    [{"who": "ben"}, {"key": OTHER_KEY}, {"book": "other"}],
    ids=["another user", "another key", "another spreadsheet"],
)
def test_a_nonce_is_of_one_user_and_one_spreadsheet(
    office: ManagedOffice, how: dict[str, str]
) -> None:
    office.share()
    other = office.other_book()
    office.share(book=other.id)
    id = office.export()
    nonce = office.offer(id)
    office.write(nonce)
    office.write(nonce, other)
    if "book" in how:
        how = {"book": other.id}
    before = grid_state(office.book)
    # With another key the export itself is not there.
    wanted = "not_found" if "key" in how else "proof_missing"
    assert office.refused(id, nonce, **how) == wanted
    assert grid_state(office.book) == before
    assert office.record(id)["managed"] is None
    office.good(f"managed_refresh/exporters/{id}/enable", nonce=nonce, schedule=QUARTER)


def test_a_nonce_that_not_all_editors_may_see_is_none(office: ManagedOffice) -> None:
    office.share()
    id = office.export()
    nonce = office.offer(id)
    office.write(nonce, visibility="PROJECT")
    assert office.refused(id, nonce) == "proof_missing"
    nonce = office.offer(id)
    office.book.add_metadata("counterfoil:proof", nonce, sheet_id=office.book.tabs[0].sheet_id)
    assert office.refused(id, nonce) == "proof_missing", "on a tab, which may have been copied in"


def test_an_account_that_may_only_look_is_told_apart(office: ManagedOffice) -> None:
    id = office.export()
    office.share("reader")
    nonce = office.offer(id)
    office.write(nonce)
    path, body = f"managed_refresh/exporters/{id}/enable", {"nonce": nonce, "schedule": QUARTER}
    _, told = office.ask(path, **body)
    assert told["error"]["code"] == "sheet_not_shared"
    assert told["error"]["details"] == {"account": WRITER, "may": "look"}
    assert "make it an Editor" in told["error"]["message"]
    office.share(None)
    _, told = office.ask(path, **{**body, "nonce": office.offer(id)})
    assert told["error"]["details"] == {"account": WRITER, "may": "nothing"}
    assert WRITER in told["error"]["message"]


def test_only_an_editor_of_every_company_turns_it_on(office: ManagedOffice) -> None:
    office.share()
    id = office.export()
    office.backend.flows.member(office.backend.user("ref"), office.company, Role.REFRESHER)
    offer, enable = (f"managed_refresh/exporters/{id}/{each}" for each in ("offer", "enable"))
    body = {"nonce": "x", "schedule": QUARTER}
    assert (office.code(offer, "ref"), office.code(enable, "ref", **body)) == ("forbidden",) * 2
    assert (office.code(offer, "eve"), office.code(enable, "eve", **body)) == ("not_found",) * 2


def test_the_trigger_takes_no_minutes(office: ManagedOffice) -> None:
    id = office.export()
    _, told = office.ask(f"exporters/{id}/schedule", schedule=QUARTER)
    assert told["error"]["code"] == "bad_request"
    assert "managed refresh" in told["error"]["message"]


def test_a_spreadsheet_keeps_its_account_when_others_come_and_a_new_one_gets_one_with_room(
    google: GoogleSandbox,
) -> None:
    """By the hash alone half of all spreadsheets would change theirs at the next proof."""
    office = ManagedOffice(google)
    office.managed()
    second = "writer-2@example.iam.gserviceaccount.com"

    def offered(accounts: tuple[str, ...], spreadsheet: str) -> str | None:
        sheet = replace(here, id=spreadsheet)
        return account_in(sheet, exporters.in_sheet(sheet), accounts, office.backend.records)

    exporters = office.backend.exporters
    here = Sheet(office.id, office.record(office.export())["sheet"], "America/New_York", "")
    new = next(f"s{n}" for n in range(99) if accounts_of(f"s{n}", (WRITER, second))[0] == WRITER)
    others = [(WRITER, f"writer-{n}@example.iam.gserviceaccount.com") for n in range(9)]
    assert {offered(each, office.id) for each in others} == {WRITER}
    assert offered((second,), office.id) == second, "until its own is taken out"
    assert offered((WRITER, second), new) == WRITER
    # Sixty small ones each quarter of an hour fill one.
    load = {"loads": {f"exp_{n}": 733_333 for n in range(60)}}
    records = office.backend.records
    held = records.get("loads", account_key(WRITER))
    assert held is not None
    records.replace(held, load)
    assert offered((WRITER, second), new) == second
    records.create("loads", account_key(second), load)
    assert offered((WRITER, second), new) == WRITER, "where all are full it is said by the first"
    assert offered((), new) is None


def test_where_no_account_is_named_it_is_not_offered(google: GoogleSandbox) -> None:
    office = ManagedOffice(google, accounts=())
    id = office.export()
    status, told = office.ask(f"managed_refresh/exporters/{id}/offer")
    assert (status, told["error"]["code"]) == (400, "bad_request")
    assert "managed" not in office.good("home/")
    assert office.backend.managed_health.told() is None
