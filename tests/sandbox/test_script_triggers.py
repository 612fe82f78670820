"""Time triggers of an add-on, by Google's rules, and fired by the open page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import requests

from sandbox.google.cells import GridError
from sandbox.google.script_triggers import HOUR, Triggers
from tests.sandbox.scripted_page import CallFailed

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ANA, BEN = "ana@example.com", "ben@example.com"


def made(triggers: Triggers, user: str = ANA, spreadsheet: str = "book-1") -> str:
    return triggers.create(user, spreadsheet, "onHour", after=HOUR, repeats=True).id


def test_a_trigger_fires_each_hour_and_only_once_for_the_hours_that_nobody_was_there() -> None:
    clock = [NOON]
    triggers = Triggers(lambda: clock[0])
    id = made(triggers)
    assert triggers.due() == []
    clock[0] = NOON + HOUR
    assert [(each.id, at) for each, at in triggers.due()] == [(id, NOON + HOUR)]
    assert triggers.due() == []
    clock[0] = NOON + 3.5 * HOUR
    assert [each.id for each, _ in triggers.due()] == [id]
    assert triggers.of(ANA)[0].next_at == NOON + 4 * HOUR


def test_one_that_fires_once_is_gone_then() -> None:
    triggers = Triggers(lambda: NOON)
    triggers.create(ANA, "book-1", "later", after=2 * HOUR, repeats=False)
    assert triggers.fire(NOON + 2 * HOUR) == 1
    assert triggers.of(ANA) == []


def test_a_second_one_in_the_same_spreadsheet_is_refused_but_not_another_persons() -> None:
    triggers = Triggers(lambda: NOON)
    made(triggers)
    with pytest.raises(GridError, match="too many time-based triggers in this document"):
        made(triggers)
    made(triggers, BEN)
    made(triggers, spreadsheet="book-2")
    assert len(triggers.of(ANA)) == 2
    assert len(triggers.of(ANA, "book-1")) == 1


def test_the_twenty_first_of_a_person_is_refused() -> None:
    triggers = Triggers(lambda: NOON)
    for number in range(20):
        made(triggers, spreadsheet=f"book-{number}")
    with pytest.raises(GridError, match="This script has too many triggers"):
        made(triggers, spreadsheet="book-20")


def test_more_often_than_hourly_is_refused() -> None:
    with pytest.raises(GridError, match="more frequently than once per hour"):
        Triggers(lambda: NOON).create(
            ANA, "book-1", "onMinute", after=timedelta(minutes=30), repeats=True
        )


def test_only_ones_own_triggers_are_deleted() -> None:
    triggers = Triggers(lambda: NOON)
    id = made(triggers)
    triggers.delete(id, BEN)
    assert len(triggers.of(ANA)) == 1
    triggers.delete(id, ANA)
    assert triggers.of(ANA) == []


def test_add_on_code_makes_finds_and_deletes_its_triggers(sheet):
    seen = sheet.script("""
        const made = ScriptApp.newTrigger('noteTrigger').timeBased().everyHours(1).create();
        const [found, ...others] = ScriptApp.getUserTriggers(SpreadsheetApp.getActive());
        const same = found.getUniqueId() === made.getUniqueId();
        const told = [found.getHandlerFunction(), found.getEventType() == 'CLOCK', others.length];
        ScriptApp.deleteTrigger(found);
        return [same, told, ScriptApp.getProjectTriggers().length];
    """)
    assert seen == [True, ["noteTrigger", True, 0], 0]


def test_add_on_code_gets_googles_refusal(sheet):
    with pytest.raises(CallFailed, match="more frequently than once per hour"):
        sheet.script("ScriptApp.newTrigger('noteTrigger').timeBased().everyMinutes(10).create();")


@pytest.mark.parametrize("blind", [False, True], ids=["in its spreadsheet", "without one"])
def test_the_page_fires_what_is_due_as_its_creator(sheet, blind):
    sheet.script("ScriptApp.newTrigger('noteTrigger').timeBased().everyHours(1).create();")
    triggers = sheet.apps_script.triggers
    triggers.blind = blind
    now = (triggers.now() + HOUR).isoformat()
    answer = requests.post(
        f"{sheet.google.url}/apps-script/triggers/fire", json={"now": now}, timeout=10
    )
    assert answer.json() == {"fired": 1}
    seen = sheet.script("""
        const properties = PropertiesService.getUserProperties();
        while (!properties.getProperty('noted')) Utilities.sleep(50);
        const noted = JSON.parse(properties.getProperty('noted'));
        properties.deleteProperty('noted');
        const [trigger] = ScriptApp.getProjectTriggers();
        ScriptApp.deleteTrigger(trigger);
        const ahead = Math.round((noted.now - Date.now()) / 60000);
        const {now, ...others} = noted;
        return {...others, itsOwn: noted.uid === trigger.getUniqueId(), ahead};
    """)
    triggers.blind = False
    assert seen == {
        "authMode": "FULL",
        "uid": seen["uid"],
        "itsOwn": True,
        "ahead": 60,
        "book": None if blind else "book-1",
        "user": "ana@example.com",
        "active": "",
        "ui": "Exception: Cannot call SpreadsheetApp.getUi() from this context.",
    }
