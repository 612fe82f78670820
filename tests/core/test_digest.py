"""The vectors in tests/data/digest bind Python and JavaScript: both meet the same literals."""

from __future__ import annotations

import hashlib
import hmac
import json
import pathlib
from typing import Any

import pytest

from counterfoil.core.canonical import canonical
from counterfoil.core.digest import Digest, matches
from counterfoil.core.tally import Distinct, column_sum
from tests.core.test_canonical import javascript

VECTORS = sorted((pathlib.Path(__file__).parents[1] / "data" / "digest").glob("*.json"))
KEY = bytes(range(32)).hex()

# The definition in docs/operations.md, written down once more with what Node.js brings.
BY_THE_BOOK = """
const {createHmac} = require('crypto');
const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const hmac = (text) => createHmac('sha256', Buffer.from(given.key, 'hex')).update(text).digest('hex');
const links = [hmac('counterfoil')];
for (const rows of given.chunks) links.push(hmac(links.at(-1) + '\\n' + JSON.stringify(rows)));
const rows = given.chunks.flat();
const sums = given.sums.map(({column, scale}) => String(rows.reduce((sum, row) => sum + BigInt(
  typeof row[column] === 'number' ? row[column].toFixed(scale).replace('.', '') : 0), 0n)));
const distinct = new Set(rows.map((row) => row[given.distinct.column])).size;
const canonical = given.chunks.map((rows) => JSON.stringify(rows));
process.stdout.write(JSON.stringify({links, sums, distinct, canonical}));
"""


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_python_meets_the_vectors(path: pathlib.Path) -> None:
    vector = read(path)
    digest = Digest(vector["key"])
    links = [digest.value]
    for rows, text in zip(vector["chunks"], vector["canonical"], strict=True):
        assert canonical(rows) == text
        digest.add(text, len(rows))
        links.append(digest.value)
    assert links == vector["links"]
    assert digest.as_json(with_key=True) == vector["digest"]

    rows = [row for chunk in vector["chunks"] for row in chunk]
    assert matches(vector["digest"], rows)
    for wanted in vector["sums"]:
        assert str(column_sum(rows, wanted["column"], wanted["scale"])) == wanted["sum"]
    column, count = vector["distinct"]["column"], vector["distinct"]["count"]
    assert len(Distinct(row[column] for row in rows)) == count


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_javascript_meets_the_vectors(path: pathlib.Path) -> None:
    vector = read(path)
    found = javascript(BY_THE_BOOK, vector)
    assert found == {
        "links": vector["links"],
        "sums": [wanted["sum"] for wanted in vector["sums"]],
        "distinct": vector["distinct"]["count"],
        "canonical": vector["canonical"],
    }


def test_there_are_vectors() -> None:
    assert [path.stem for path in VECTORS] == [
        *("empty", "hard-numbers", "hard-sums", "hostile-text", "plain", "several-chunks"),
    ]


def test_the_first_link_is_the_hmac_of_our_name() -> None:
    expected = hmac.new(bytes(range(32)), b"counterfoil", hashlib.sha256).hexdigest()
    assert Digest(KEY).value == expected


def test_chunks_of_one_size_are_counted_together() -> None:
    digest = Digest(KEY)
    for rows in (2, 2, 0, 2, 1):
        digest.add("[]", rows)
    assert digest.as_json(with_key=False)["chunks"] == [[2, 3], [1, 1]]
    assert digest.rows == 7


def test_a_digest_goes_on_from_its_state() -> None:
    whole, half = Digest(KEY), Digest(KEY)
    whole.add('[["a"]]', 1)
    half.add('[["a"]]', 1)
    half = Digest.from_state(json.loads(json.dumps(half.state())))
    for digest in (whole, half):
        digest.add('[["b"],["c"]]', 2)
    assert half.as_json(with_key=True) == whole.as_json(with_key=True)


@pytest.mark.parametrize(
    "rows",
    [
        [["1", 2]],
        [["1", 2], ["2", 3], ["3", 4]],
        [["1", 2], ["2", 3.5]],
        [["1", "2"], ["2", 3]],
        [["2", 3], ["1", 2]],
    ],
    ids=["a row less", "a row more", "another amount", "text for a number", "another order"],
)
def test_other_rows_do_not_match(rows: list[list[Any]]) -> None:
    digest = Digest(KEY)
    digest.add(canonical([["1", 2], ["2", 3]]), 2)
    assert matches(digest.as_json(with_key=True), [["1", 2], ["2", 3]])
    assert not matches(digest.as_json(with_key=True), rows)


def test_neither_repr_nor_a_receipt_shows_the_key() -> None:
    digest = Digest(KEY)
    assert KEY not in repr(digest)
    assert "key" not in digest.as_json(with_key=False)


@pytest.mark.parametrize("key", ["", "00", KEY + "00"])
def test_a_key_has_32_bytes(key: str) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Digest(key)


def read(path: pathlib.Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
