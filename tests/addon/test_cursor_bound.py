"""The longest cursor: the add-on lets pass what the backend takes, and every export fits."""

from __future__ import annotations

import random
import re
from itertools import accumulate
from pathlib import Path

from counterfoil.core.tally import Distinct
from counterfoil.flows.cursors import LIFE
from counterfoil.web.bounds import MAX_BODY
from counterfoil.web.handlers import LONGEST_CURSOR, LONGEST_PARK_S

STEPS = Path(__file__).resolve().parents[2] / "addon" / "Steps.js"
MOST_ROWS = 330_000  # of three columns, in an export by the add-on
SEALED = 4 / 3  # base64


def test_the_add_on_and_the_backend_agree_on_the_longest_cursor() -> None:
    found = re.search(r"const LONGEST_CURSOR = (\d+);", STEPS.read_text())
    assert found is not None
    assert int(found[1]) == LONGEST_CURSOR < MAX_BODY


def test_the_add_on_keeps_a_cursor_as_long_as_it_lives_and_parks_no_longer() -> None:
    kept = re.search(r"const KEPT_MS = (\d+);", (STEPS.parent / "Kept.js").read_text())
    parked = re.search(r"const LONGEST_PARK_S = (\d+);", (STEPS.parent / "Trigger.js").read_text())
    assert kept is not None
    assert parked is not None
    assert int(kept[1]) == LIFE.total_seconds() * 1_000
    assert int(parked[1]) == LONGEST_PARK_S == LIFE.total_seconds()


def test_the_ids_of_the_largest_export_fit_into_a_cursor() -> None:
    chance = random.Random(1)
    ids = accumulate(chance.randint(1, 50) for _ in range(MOST_ROWS))
    state = Distinct(map(str, ids)).state()
    assert len(state) * SEALED < LONGEST_CURSOR * 0.9
