"""Frozen tables over HTTP: nobody writes them until an editor lets it; copies of tables."""

from __future__ import annotations

from datetime import timedelta

import pytest

from counterfoil.core.people import Role
from tests.web.test_schedules import DAILY, NINE, TEN, Office


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def export(office: Office) -> str:
    id = office.export(DAILY)
    office.run(id, by_hand=True)
    return id


def frozen(office: Office, id: str) -> object:
    home = office.good("home/", "ben")
    return next(each["frozen"] for each in home["exporters"] if each["id"] == id)


def test_no_run_writes_a_frozen_table_until_an_editor_unfreezes_it(
    office: Office, export: str
) -> None:
    assert frozen(office, export) is None
    told = office.good(f"exporters/{export}/freeze")
    assert [each["op"] for each in told["operations"]] == ["padlock", "note"]
    assert told["operations"][0]["locked"] is True
    assert told["operations"][1]["text"] == (
        "🔒 ana@example.com froze this table at 2026-11-20 09:10 (America/New_York)."
    )
    assert frozen(office, export) == {"by": "ana@example.com", "at": "2026-11-20T14:10:00+00:00"}
    for who in ("ana", "ben"):
        for body in ({}, {"replace": True}, {"take_over": True}, {"scheduled": True}):
            status, refused = office.backend.ask(who, f"export/exporters/{export}/run", **body)
            assert (status, refused["error"]["code"]) == (409, "exporter_frozen")
            assert refused["error"]["message"] == (
                "ana@example.com froze this table at 2026-11-20 09:10 (America/New_York). Nothing "
                "was written. An editor of the company can unfreeze it."
            )
    told = office.good(f"exporters/{export}/unfreeze", "ben")
    assert told["operations"][0] == {"op": "padlock", "locked": False, "frozen": []}
    assert told["operations"][1]["text"].startswith("ben@example.com unfroze this table at")
    assert frozen(office, export) is None
    office.run(export, by_hand=True)


def test_freezing_twice_tells_who_came_first(office: Office, export: str) -> None:
    office.good(f"exporters/{export}/freeze")
    office.at(NINE + timedelta(hours=3))
    told = office.good(f"exporters/{export}/freeze", "ben")
    assert "ana@example.com froze this table at 2026-11-20 09:10" in told["operations"][1]["text"]


def test_a_frozen_export_is_deleted_only_once_its_padlock_is_gone(
    office: Office, export: str
) -> None:
    office.good(f"exporters/{export}/freeze")
    status, refused = office.backend.ask("ben", f"exporters/{export}/delete")
    assert (status, refused["error"]["code"]) == (409, "exporter_frozen")
    assert refused["error"]["message"] == (
        "ana@example.com froze this table at 2026-11-20 09:10 (America/New_York). Nothing was "
        "deleted. Unfreeze it first, then delete the export."
    )
    office.good(f"exporters/{export}/unfreeze", "ben")
    office.good(f"exporters/{export}/delete", "ben")


def test_unfrozen_it_tells_which_other_tables_are_frozen_still(office: Office, export: str) -> None:
    others = [office.export(None, name=name) for name in ("Other", "Third")]
    told = [office.good(f"exporters/{id}/freeze") for id in (export, *others)]
    office.good(f"exporters/{others[1]}/unfreeze")
    (padlock, _) = office.good(f"exporters/{export}/unfreeze")["operations"]
    assert padlock == {"op": "padlock", "locked": False, "frozen": [told[1]["block"]]}
    (padlock, _) = office.good(f"exporters/{others[0]}/unfreeze")["operations"]
    assert padlock == {"op": "padlock", "locked": False, "frozen": []}


def test_a_frozen_table_is_never_due_and_its_schedule_goes_on_afterwards(
    office: Office, export: str
) -> None:
    office.good(f"exporters/{export}/freeze")
    for day in range(5):
        office.at(TEN + timedelta(days=day))
        assert office.due() == []
    assert office.shown(export)["stopped"] is None
    office.good(f"exporters/{export}/unfreeze")
    assert office.due() == [export]


def test_a_table_is_not_frozen_while_a_run_of_it_is_alive(office: Office, export: str) -> None:
    step = office.good(f"export/exporters/{export}/run", "ben")
    assert office.code(f"exporters/{export}/freeze") == "run_in_progress"
    assert frozen(office, export) is None
    gone = {"run_id": step["run_id"], "applied": False, "why_code": "cancelled"}
    office.good("runs/acknowledge", "ben", **gone)
    office.good(f"exporters/{export}/freeze")


def test_a_run_that_began_before_the_mark_was_seen_writes_nothing(
    office: Office, export: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody freezes the table between the run's first look and its lease."""
    exports = office.backend.exports
    take = type(exports._leases).take

    def later(*given: object, **named: object) -> object:
        office.good(f"exporters/{export}/freeze", "ben")
        return take(*given, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(type(exports._leases), "take", later)
        assert office.code(f"export/exporters/{export}/run") == "exporter_frozen"
    office.good(f"exporters/{export}/unfreeze", "ben")
    office.run(export, by_hand=True)  # its lease was given back


def test_a_refresher_copies_a_table_and_neither_freezes_nor_unfreezes_it(
    office: Office, export: str
) -> None:
    office.backend.flows.member(office.backend.user("ref"), office.company, Role.REFRESHER)
    assert office.code(f"exporters/{export}/freeze", "ref") == "forbidden"
    office.good(f"exporters/{export}/freeze")
    assert office.code(f"exporters/{export}/unfreeze", "ref") == "forbidden"
    told = office.good(f"exporters/{export}/snapshot", "ref")
    assert told["operations"] == [{"op": "copy_values", "title": "Open 2026-11-20", "fresh": True}]


def test_a_copy_has_the_day_of_the_spreadsheet_and_a_title_that_a_tab_can_have(
    office: Office,
) -> None:
    id = office.export(None, name="Open: [invoices] " + "x" * 80)
    office.at(NINE + timedelta(hours=14))  # the next day in London, not in New York
    (copy,) = office.good(f"exporters/{id}/snapshot")["operations"]
    assert copy["title"].startswith("Open invoices xxx")
    assert copy["title"].endswith("x 2026-11-20")
    assert len(copy["title"]) == 90


def test_who_froze_a_table_and_has_gone_is_not_named(office: Office, export: str) -> None:
    office.good(f"exporters/{export}/freeze", "ben")
    office.good("account/erase", "ben", confirm=True)
    home = office.good("home/")
    shown = next(each["frozen"] for each in home["exporters"] if each["id"] == export)
    assert shown == {"by": "", "at": "2026-11-20T14:10:00+00:00"}
    (held,) = (
        kept.data
        for kept in office.backend.flows.records.find("exporters", {}, limit=10)
        if kept.id == export
    )
    assert held["frozen_by"] is None
    assert office.code(f"export/exporters/{export}/run") == "exporter_frozen"
