"""Pages decoded by msgspec into one row per line, as `core.line_pages` does it plainly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, islice, repeat
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from counterfoil.adapters.typed_cells import cells_maker
from counterfoil.adapters.typed_fields import (
    Combined,
    Plain,
    amounts_of,
    attribute,
    decoder,
    raw_of,
    struct,
    tree_of,
)
from counterfoil.adapters.typed_line_structs import (
    beside_columns,
    deciding,
    facts_reader,
    inner_of,
    is_plain,
    line_struct,
    of_record,
    posting_of,
    split,
)
from counterfoil.adapters.typed_rows import encoded
from counterfoil.core import line_links, line_pages, pages
from counterfoil.core.cells import BLANK, Cell
from counterfoil.core.datasets import Column, Entity, LineChoice, Source
from counterfoil.core.lines import (
    WHOLE,
    Placed,
    added,
    placed,
    row_ids,
)
from counterfoil.core.look_ups import Lack, id_column, lacked
from counterfoil.core.pages import NOTHING, Body, OfLines, Page
from counterfoil.core.records import first, home_rate, parts


@dataclass(frozen=True, slots=True)
class _Flat:
    """The lines of a page one after the other, and to which of its records they belong."""

    records: Sequence[Any]
    lines: list[Any]
    bundles: list[Any]
    placed: list[Placed]
    counts: list[int]


Values = Sequence[Any]


class TypedLines:
    """`fits` is False where a column of the record reads through its lines: read that plainly."""

    def __init__(
        self, entity: Entity, columns: tuple[Column, ...], zone: ZoneInfo, choice: LineChoice
    ) -> None:
        self._rule = rule = line_pages.lines_of(entity)
        self._choice = choice
        self._columns = columns
        self._named = [(place, it) for place, it in enumerate(columns) if it.look_up]
        self._wanted = [*columns, *(id_column(it) for _, it in self._named)]
        currency = pages.currency_column(entity)
        self._extra = beside_columns(currency, rule, rate=any(map(line_pages.needs_rate, columns)))
        of_records, of_lines = split([*self._wanted, *self._extra])
        records = tree_of(of_records)
        self.fits = rule.path not in records
        if not self.fits:
            return
        self._lines = lines = tree_of([*of_lines, *deciding(of_lines, rule)])
        self._line, line = line_struct(lines)
        kind = tuple[line, ...]  # type: ignore[valid-type]  # made just now
        record = struct("Record", records, extra=(rule.path, kind, ()))
        self._decoder = decoder(entity, record)
        self._of_records = _Level([it for it in self._wanted if not it.of_line], records)
        self._more = _Level(self._extra, records)
        plain = {at: it for at, it in enumerate(self._wanted) if it.of_line and is_plain(it)}
        self._plain_places = list(plain)
        self._of_plain = _Level(list(plain.values()), lines)
        self._of_lines = {
            place: self._line_values(column, records)
            for place, column in enumerate(self._wanted)
            if column.of_line and place not in plain
        }
        self._cells = [cells_maker(column, zone) for column in columns]
        self._totals = [columns[place] for place in pages.total_columns(entity, columns)]
        self._facts = facts_reader(lines, rule.credits)
        self._has_currency = currency is not None

    def page(self, body: Body) -> Page:
        answer: Any = self._decoder.decode(body)
        flat = self._flat(answer.held.records)
        of_records = self._of_records.values(flat.records)
        more = dict(
            zip((it.key for it in self._extra), self._more.values(flat.records), strict=True)
        )
        values = self._values(flat, more)
        return Page(
            rows=list(zip(*self._made(flat, of_records, values), strict=True)),
            currencies=(
                [pages.currency_code(value) for value in more["currency"]]
                if self._has_currency
                else [""] * len(flat.records)
            ),
            amounts={
                **{it.key: amounts_of(of_records[self._place_of(it)]) for it in self._totals},
                **self._line_totals(flat, values),
                **line_pages.balances(self._balance(flat, more), self._rule),
            },
            time=pages.moment(answer.time),
            of_lines=OfLines([line_pages.id_text(it) for it in more["id"]], flat.counts),
            lacks=self._lacks(flat, of_records, values),
            encode=encoded,
        )

    def _flat(self, records: Sequence[Any]) -> _Flat:
        flat = _Flat(records, [], [], [], [])
        lines_of, facts = attrgetter(attribute(self._rule.path)), self._facts
        for record in records:
            lines = lines_of(record)
            rows = placed([facts(line) for line in lines], self._choice.bundles, self._rule.credits)
            if not rows:  # what has no line is still there
                rows, lines = [Placed(0, WHOLE, None)], (self._line,)
            flat.counts.append(len(rows))
            flat.placed.extend(rows)
            for row in rows:
                line = lines[row.at]
                flat.bundles.append(line)
                flat.lines.append(line if row.inner == WHOLE else inner_of(line)[row.inner])
        return flat

    def _values(self, flat: _Flat, more: dict[str, Values]) -> dict[int, Values]:
        """Of each column of lines, by its place."""
        plain = zip(self._plain_places, self._of_plain.values(flat.lines), strict=True)
        return {**dict(plain), **{at: read(flat, more) for at, read in self._of_lines.items()}}

    def _made(
        self, flat: _Flat, of_records: Sequence[Values], values: dict[int, Values]
    ) -> Iterable[Sequence[Cell]]:
        """The cells of each column."""
        at = iter(of_records)
        for place, (column, make) in enumerate(zip(self._columns, self._cells, strict=True)):
            if column.of_line:
                yield make(values[place])
            else:
                repeated = line_pages.repeats(column, self._choice.headers)
                yield _beside(make(next(at)), flat.counts, repeated=repeated)

    def _place_of(self, wanted: Column) -> int:
        """Among the columns of records."""
        return [it for it in self._wanted if not it.of_line].index(wanted)

    def _balance(self, flat: _Flat, more: dict[str, Values]) -> list[tuple[Decimal, Decimal]]:
        amounts = iter([row.amount for row in flat.placed])
        sums = [added(islice(amounts, count)) for count in flat.counts]
        rule = self._rule
        if rule.total is None:
            return [(total, NOTHING) for total in sums]
        expected = amounts_of(more["total"]) if rule.total else [NOTHING] * len(sums)
        left = [total - lines for total, lines in zip(expected, sums, strict=True)]
        for sign, key, paths in ((-1, "added", rule.added), (1, "taken", rule.taken)):
            for at in range(len(paths)):
                by = amounts_of(more[f"{key}_{at}"])
                left = [over + sign * each for over, each in zip(left, by, strict=True)]
        return list(zip(sums, left, strict=True))

    def _line_totals(self, flat: _Flat, values: dict[int, Values]) -> dict[str, list[Decimal]]:
        found = {}
        for place, column in enumerate(self._columns):
            if line_pages.is_total(column, self._rule):
                amounts = iter(values[place])
                found[column.key] = [added(islice(amounts, count)) for count in flat.counts]
        return found

    def _lacks(
        self, flat: _Flat, of_records: Sequence[Values], values: dict[int, Values]
    ) -> list[Lack]:
        found: list[Lack] = []
        for at, (place, column) in enumerate(self._named, start=len(self._columns)):
            if column.of_line:
                names, ids = values[place], values[at]
            else:
                names = of_records[self._place_of(column)]
                ids = of_records[self._place_of(self._wanted[at])]
                repeated = line_pages.repeats(column, self._choice.headers)
                names = _beside(names, flat.counts, repeated=repeated)
                ids = _beside(ids, flat.counts, repeated=repeated)
            if None in names or "" in names:
                found += [
                    Lack(row, place, column.look_up, id)
                    for row, pair in enumerate(zip(names, ids, strict=True))
                    if (id := lacked(*pair)) is not None
                ]
        linked = [at for at, it in enumerate(self._columns) if it.source is Source.LINKED]
        for place in linked:
            for row, line in enumerate(flat.lines):
                known = line_links.linked_lack(_told(line))
                if known:
                    found.append(Lack(row, place, *known))
        return found

    def _line_values(
        self, column: Column, records: dict[str, Any]
    ) -> Callable[[_Flat, dict[str, Values]], Values]:
        """What reads the values of a column of lines."""
        if column.source is Source.OWN:
            return self._own_values(column)
        if column.source is Source.LINKED:
            return lambda flat, more: [line_links.linked_number(_told(it)) for it in flat.lines]
        if column.source is Source.BUNDLE:
            within = _Level([replace(column, source=Source.VALUE)], self._lines)
            return lambda flat, more: within.values(flat.bundles)[0]
        return self._either_values(column, records)

    def _either_values(
        self, column: Column, records: dict[str, Any]
    ) -> Callable[[_Flat, dict[str, Values]], Values]:
        """Some paths of the line, some of its record."""
        reads = [
            (
                part.path.startswith("/"),
                _Level([of_record(part)], records if part.path.startswith("/") else self._lines),
            )
            for part in parts(column)
        ]

        def read(flat: _Flat, more: dict[str, Values]) -> Values:
            found = [
                _beside(level.values(flat.records)[0], flat.counts, repeated=True)
                if beside
                else level.values(flat.lines)[0]
                for beside, level in reads
            ]
            return list(map(first, *found))

        return read

    def _own_values(self, column: Column) -> Callable[[_Flat, dict[str, Values]], Values]:
        if column.path == "id":
            return _row_ids
        rule = self._rule

        def read(flat: _Flat, more: dict[str, Values]) -> Values:
            flags: Values = more.get("flag") or repeat(None, len(flat.records))  # type: ignore[assignment]
            credits = [line_pages.is_credit(rule, flag) for flag in flags]
            rates: Values = more.get("rate") or [None] * len(flat.records)
            if column.home:
                currencies = more.get("currency") or [None] * len(flat.records)
                homes = repeat(column.home)
                rates = list(map(home_rate, rates, currencies, homes))
            beside = _beside(credits, flat.counts, repeated=True)
            at = _beside(rates, flat.counts, repeated=True)
            postings = map(posting_of, flat.lines)
            return [
                line_pages.own_value(column.path, row.amount, posting, credit, rate)
                for row, posting, credit, rate in zip(
                    flat.placed, postings, beside, at, strict=True
                )
            ]

        return read


class _Level:
    """Reads columns from structs of one type."""

    def __init__(self, columns: Sequence[Column], tree: dict[str, Any]) -> None:
        self._raws: list[Plain | Combined] = [raw_of(column, tree) for column in columns]
        paths = [path for raw in self._raws for path in raw.paths]
        # The first path twice: with a single one attrgetter would not give tuples.
        self._get = attrgetter(*paths, paths[0]) if paths else None

    def values(self, structs: Sequence[Any]) -> list[Values]:
        if self._get is None or not structs:
            return [()] * len(self._raws)
        by_path = zip(*map(self._get, structs), strict=True)
        return [raw.read(*islice(by_path, len(raw.paths))) for raw in self._raws]


def _told(line: Any) -> dict[str, Any]:
    """What tells the document of a line, as it was sent."""
    return {"LinkedTxn": line.f_LinkedTxn, "LineEx": line.f_LineEx}


def _row_ids(flat: _Flat, more: dict[str, Values]) -> Values:
    ids = iter([line.f_Id for line in flat.lines])
    return [
        row
        for record, count in zip(more["id"], flat.counts, strict=True)
        for row in row_ids(line_pages.id_text(record), list(islice(ids, count)))
    ]


def _beside(values: Values, counts: Sequence[int], *, repeated: bool) -> list[Any]:
    """A value of each record beside its lines, or only beside the first of them."""
    if repeated:
        return list(chain.from_iterable(map(repeat, values, counts)))
    return list(
        chain.from_iterable(
            [value, *repeat(BLANK, count - 1)] for value, count in zip(values, counts, strict=True)
        )
    )
