"""Canonical text is what JavaScript's JSON.stringify gives: asked of a real JavaScript."""

from __future__ import annotations

import json
import math
import random
import shutil
import struct
import subprocess
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.canonical import Cell, canonical, es6_number

HARD_NUMBERS = [
    *(0.0, -0.0, 1.0, -1.0, 0.1, 1e21, 1e-7, 1e-6, 1.5e-7, 5e-324, -5e-324, 1.7976931348623157e308),
    *(1e20, 1e22, 123456789012345680000.0, 999999999999999900000.0, 1e16, 1e15, 123456.789, 1e-4),
    *(9.999e-5, 0.000123, 4.35, 0.30000000000000004, 100.0, 2.0**53, 2.0**70, -1e21, -1.5e300),
    *(46348.645833333336, 25569.5, 1234567890.12, 0.1 + 0.7, 5e-7, 1.0000000000000002),
]
HARD_TEXTS = [
    "",
    '=IMPORTXML("https://x","//a")',
    "\\ / \" '",
    "\b\t\n\f\r\x00\x01\x1f\x7f\x80",
    "\u2028\u2029\ufeff\uffff",
    "Zoë 🌿 漢字",
    "\ud83c",
    "\udf3f",
    "\udf3f\ud83c",
    "a\ud83cb",
    "\ud83c\udf3f",  # two halves that Python keeps apart
    "00123",
    "<script>&amp;</script>",
]

READ_AND_STRINGIFY = """
const cells = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const bits = new DataView(new ArrayBuffer(8));
const out = cells.map((cell) => {
  if (Array.isArray(cell)) return JSON.stringify(String.fromCharCode(...cell));
  bits.setBigUint64(0, BigInt('0x' + cell));
  return JSON.stringify(bits.getFloat64(0));
});
process.stdout.write(JSON.stringify(out));
"""


def test_numbers_and_texts_read_as_javascript_writes_them() -> None:
    chance = random.Random(20261122)
    numbers = [*HARD_NUMBERS, *(random_number(chance) for _ in range(20_000))]
    texts = [*HARD_TEXTS, *(random_text(chance) for _ in range(3_000))]

    asked = [struct.pack(">d", number).hex() for number in numbers]
    asked_texts = [utf16_units(text) for text in texts]
    stringified = javascript(READ_AND_STRINGIFY, [*asked, *asked_texts])

    for value, expected in zip([*numbers, *texts], stringified, strict=True):
        assert canonical([[value]]) == f"[[{expected}]]", repr(value)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([], "[]"),
        ([[]], "[[]]"),
        ([["a", 1, True, False, ""], ["b", 0.5, 2, "é", "0012"]], None),
        ([[1.0, -0.0, 1e21, 1e-7]], "[[1,0,1e+21,1e-7]]"),
        (
            [[2**53, 2**53 + 1, -(2**60)]],
            "[[9007199254740992,9007199254740992,-1152921504606847000]]",
        ),
        ([[2**70]], "[[1.1805916207174113e+21]]"),
        ([["\ud83c", "🌿"]], '[["\\ud83c","🌿"]]'),
        ([["plain"], [1e-9]], '[["plain"],[1e-9]]'),
    ],
)
def test_rows_are_written_without_blanks(rows: list[list[Cell]], text: str | None) -> None:
    if text is None:
        text = '[["a",1,true,false,""],["b",0.5,2,"é","0012"]]'
    assert canonical(rows) == text


@given(
    st.lists(
        st.lists(
            st.one_of(
                st.text(),
                st.booleans(),
                st.integers(-(2**53), 2**53),
                st.floats(allow_nan=False, allow_infinity=False),
            ),
            max_size=5,
        ),
        max_size=5,
    )
)
def test_canonical_text_is_json_of_the_same_values(rows: list[list[Cell]]) -> None:
    # A number is a double, however many digits its text has.
    assert json.loads(canonical(rows), parse_int=float) == rows
    assert canonical(rows).encode()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_survives_its_text(value: float) -> None:
    assert float(es6_number(value)) == value


def test_what_is_no_number_is_null_as_in_javascript() -> None:
    assert [es6_number(value) for value in (math.nan, math.inf, -math.inf)] == ["null"] * 3


def test_rows_may_be_tuples() -> None:
    assert canonical([("a", 1)]) == '[["a",1]]'


def test_a_million_ordinary_cells_take_less_than_half_a_second_of_cpu() -> None:
    row: list[Cell] = ["1037", "Cool Cars é", 46348, 46378, 335.25, 26.82, 0, "", True, "Net 30"]
    rows = [[str(place), *row, *row[1:]] for place in range(10_000)]
    canonical(rows[:100])
    took = []
    for _ in range(3):
        start = time.process_time()
        canonical(rows)
        took.append(time.process_time() - start)
    cells = 10_000 * 20
    # Twice the aim, so that a busy machine does not fail the suite; bench/ has the figure.
    assert min(took) / cells * 1_000_000 < 1.0


def random_number(chance: random.Random) -> float:
    match chance.randrange(4):
        case 0:
            while True:
                value: float = struct.unpack(">d", chance.randbytes(8))[0]
                if math.isfinite(value):
                    return value
        case 1:
            return chance.randrange(-(10**12), 10**12) / 100
        case 2:
            return float(f"{chance.randrange(1, 10**17)}e{chance.randrange(-30, 30)}")
        case _:
            return (46000 * 86400 + chance.randrange(86400 * 3650)) / 86400


def random_text(chance: random.Random) -> str:
    alphabet = [
        "'\"\\/=+-@\t\n\r\0\x1b\x7f",
        "abc 0123",
        "éßЖ漢",
        "🌿😀",
        "\ud83c\ud83d\udf3f\ude00",
    ]
    return "".join(chance.choice(chance.choice(alphabet)) for _ in range(chance.randrange(12)))


def utf16_units(text: str) -> list[int]:
    raw = text.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(raw[place : place + 2], "big") for place in range(0, len(raw), 2)]


def javascript(program: str, given: Any) -> Any:
    done = subprocess.run(
        [node(), "-e", program],
        input=json.dumps(given).encode(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)


def node() -> str:
    """The machine's Node.js, or the one that comes with Playwright."""
    found = shutil.which("node")
    if found:
        return found
    from playwright._impl._driver import compute_driver_executable

    return compute_driver_executable()[0]
