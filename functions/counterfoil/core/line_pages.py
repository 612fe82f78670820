"""One answer to a query as rows of lines, and what they leave of their totals. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from counterfoil.core import lines as placing
from counterfoil.core.cells import BLANK, Cell, maker
from counterfoil.core.datasets import (
    Column,
    ColumnType,
    Entity,
    Headers,
    LineChoice,
    Lines,
    Source,
)
from counterfoil.core.line_links import linked_kind, linked_lack, linked_number
from counterfoil.core.lines import WHOLE, Facts, Placed, added, placed, row_ids
from counterfoil.core.look_ups import Lack, id_column, lacked
from counterfoil.core.pages import (
    NOTHING,
    OfLines,
    Page,
    amount,
    currencies_of,
    is_home,
    lacking,
    records_of,
    time_of,
    total_columns,
)
from counterfoil.core.records import (
    CURRENCY,
    KIND,
    Record,
    first,
    home_rate,
    in_home_currency,
    negated,
    parts,
    reader,
)

# Beside the totals of the records: what their lines come to, what that leaves of the total, and
# in how many records it leaves anything.
LINES = Column("@lines", "Lines", ColumnType.MONEY, "")
LEFT_OVER = Column("@left_over", "Left over: total less lines", ColumnType.MONEY, "")
UNBALANCED = "@unbalanced"

# The keys of columns that tell the company, its ID and the currency, in a table of several, and the
# day of each line where its transaction's stands beside the first one alone.
OF_COMPANY, OF_REALM, OF_CURRENCY, OF_DAY = "of_company", "of_realm", "of_currency", "of_day"
OF_HOME = "of_home"

# Always there, however the header is shown: whose line it is.
_ALWAYS = frozenset({"row_id", "id", OF_COMPANY, OF_REALM, OF_CURRENCY, OF_DAY, OF_HOME})


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the line as QuickBooks sent it, the bundle that it is in, its sign applied."""

    held: Mapping[str, Any]
    bundle: Mapping[str, Any]
    placed: Placed


def plain_line_page(
    answer: object, entity: Entity, columns: Sequence[Column], zone: ZoneInfo, choice: LineChoice
) -> Page:
    """From an answer parsed with `json.loads(text, parse_float=Decimal)`. Raises NotAPage."""
    rule = lines_of(entity)
    records = records_of(answer, entity)
    found = [_lines(record, rule, choice) for record in records]
    counts = [len(lines) for lines in found]
    totals = {
        columns[place].key: reader(columns[place]) for place in total_columns(entity, columns)
    }
    balance = [_balance(record, lines, rule) for record, lines in zip(records, found, strict=True)]
    return Page(
        rows=_rows(records, found, columns, zone, rule, choice.headers),
        currencies=currencies_of(records, entity),
        amounts={
            **{key: [amount(read(record)) for record in records] for key, read in totals.items()},
            **_line_totals(records, found, columns, rule),
            **balances(balance, rule),
        },
        time=time_of(answer),
        of_lines=OfLines([id_text(record.get("Id")) for record in records], counts),
        lacks=_lacks(records, found, columns, choice.headers),
    )


def lines_of(entity: Entity) -> Lines:
    if entity.lines is None:
        raise ValueError(f"{entity.title} have no lines")
    return entity.lines


def repeats(column: Column, headers: Headers) -> bool:
    """Whether a column of the record stands beside each of its lines."""
    return headers is Headers.REPEAT or column.key in _ALWAYS


RATE = "ExchangeRate"
_HOME = "home_"


def needs_rate(column: Column) -> bool:
    """Whether it is worked out with the rate of the transaction."""
    return column.source is Source.OWN and column.path.startswith(_HOME)


def own_value(what: str, amount: Any, posting: Any, credit: bool, rate: Any = None) -> Any:
    """What is worked out for a line: `credit` is its whole transaction. "home_signed" is "signed"
    at that rate, None where there is none.
    """
    if what.startswith(_HOME):
        own = own_value(what.removeprefix(_HOME), amount, posting, credit)
        return in_home_currency(None, own, rate)
    match what:
        case "amount":
            return amount
        case "signed":
            return negated(amount, credit)
        case "debit":
            return placing.debit(amount, posting)
        case "credit":
            return placing.credit(amount, posting)
    raise ValueError(f"nothing is worked out as {what}")


def is_credit(rule: Lines, flag: Any) -> bool:
    return (rule.sign < 0) is not (flag is True or flag == "true")


def balances(of: Sequence[tuple[Decimal, Decimal]], rule: Lines) -> Mapping[str, Sequence[Decimal]]:
    """The lines' sum and what is left over of each record, as amounts of a page."""
    if rule.total is None:
        return {}
    return {
        LINES.key: [lines for lines, _ in of],
        LEFT_OVER.key: [over for _, over in of],
        UNBALANCED: [Decimal(over != 0) for _, over in of],
    }


def is_total(column: Column, rule: Lines) -> bool:
    """Whether the sum of a column of lines stands in the proof."""
    return column.of_line and (column.key in rule.total_keys or is_home(column))


def _line_totals(
    records: Sequence[Record],
    found: Sequence[Sequence[Line]],
    columns: Sequence[Column],
    rule: Lines,
) -> dict[str, list[Decimal]]:
    """What the lines of each record come to."""
    reads = {it.key: _line_reader(it, rule) for it in columns if is_total(it, rule)}
    return {
        key: [
            added(read(record, line, "") for line in lines)
            for record, lines in zip(records, found, strict=True)
        ]
        for key, read in reads.items()
    }


def _lines(record: Record, rule: Lines, choice: LineChoice) -> list[Line]:
    held = [line if isinstance(line, Mapping) else {} for line in _list(record.get(rule.path))]
    facts = [_facts(line) for line in held]
    found = [Line(*_at(held, row), row) for row in placed(facts, choice.bundles, rule.credits)]
    # What has no line is still there.
    return found or [Line({}, {}, Placed(0, WHOLE, None))]


def _at(
    held: Sequence[Mapping[str, Any]], row: Placed
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    line = held[row.at]
    if row.inner == WHOLE:
        # A bundle shown as one row is its own bundle.
        return line, line
    return _inner(line)[row.inner], line


def _inner(line: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    group = line.get(placing.GROUP)
    inner = _list(group.get("Line")) if isinstance(group, Mapping) else []
    return [part if isinstance(part, Mapping) else {} for part in inner]


def _facts(line: Mapping[str, Any]) -> Facts:
    journal = line.get(placing.JOURNAL)
    kind = line.get("DetailType")
    return Facts(
        kind,
        line.get("Amount"),
        journal.get("PostingType") if isinstance(journal, Mapping) else None,
        linked_kind(line.get("LinkedTxn")),
        [_facts(part) for part in _inner(line)] if kind == placing.GROUP else (),
    )


def _balance(record: Record, lines: Sequence[Line], rule: Lines) -> tuple[Decimal, Decimal]:
    total = added(line.placed.amount for line in lines)
    if rule.total is None:
        return total, NOTHING
    if record.get(KIND) in rule.balanced:
        return total, -total
    expected = _amount_at(record, rule.total) if rule.total else NOTHING
    more = sum((_amount_at(record, path) for path in rule.added), NOTHING)
    less = sum((_amount_at(record, path) for path in rule.taken), NOTHING)
    return total, expected - (total + more - less)


def _amount_at(record: Record, path: str) -> Decimal:
    return amount(reader(Column("", "", ColumnType.MONEY, path))(record))


def _rows(
    records: Sequence[Record],
    found: Sequence[Sequence[Line]],
    columns: Sequence[Column],
    zone: ZoneInfo,
    rule: Lines,
    headers: Headers,
) -> list[list[Cell]]:
    makers = [maker(column.type, zone, column.title) for column in columns]
    reads = [_line_reader(column, rule) for column in columns]
    once = [not column.of_line and not repeats(column, headers) for column in columns]
    rows: list[list[Cell]] = []
    for record, lines in zip(records, found, strict=True):
        ids = row_ids(id_text(record.get("Id")), [line.held.get("Id") for line in lines])
        for place, (line, id) in enumerate(zip(lines, ids, strict=True)):
            rows.append(
                [
                    BLANK if place and hidden else make(read(record, line, id))
                    for read, make, hidden in zip(reads, makers, once, strict=True)
                ]
            )
    return rows


def _line_reader(column: Column, rule: Lines) -> Callable[[Record, Line, str], Any]:
    if not column.of_line:
        read = reader(column)
        return lambda record, line, id: read(record)
    if column.source is Source.OWN:
        return _own_reader(column, rule)
    if column.source is Source.LINKED:
        return lambda record, line, id: linked_number(line.held)
    if column.source is Source.BUNDLE:
        read = reader(replace(column, source=Source.VALUE))
        return lambda record, line, id: read(line.bundle)
    if column.source is Source.FIRST:
        reads = [_either_reader(part) for part in parts(column)]
        return lambda record, line, id: first(*(read(record, line) for read in reads))
    read = reader(column)
    return lambda record, line, id: read(line.held)


def _either_reader(part: Column) -> Callable[[Record, Line], Any]:
    """Of the line, or where the path says so of its record."""
    read = reader(replace(part, path=part.path.removeprefix("/")))
    if part.path.startswith("/"):
        return lambda record, line: read(record)
    return lambda record, line: read(line.held)


def _own_reader(column: Column, rule: Lines) -> Callable[[Record, Line, str], Any]:
    if column.path == "id":
        return lambda record, line, id: id
    posting = reader(Column("", "", ColumnType.TEXT, f"{placing.JOURNAL}.PostingType"))
    flag = reader(Column("", "", ColumnType.BOOLEAN, rule.negative_if or "@none"))
    currency = reader(Column("", "", ColumnType.TEXT, CURRENCY))

    def read(record: Record, line: Line, id: str) -> Any:
        credit, rate = is_credit(rule, flag(record)), record.get(RATE)
        rate = home_rate(rate, currency(record), column.home)
        return own_value(column.path, line.placed.amount, posting(line.held), credit, rate)

    return read


def _lacks(
    records: Sequence[Record],
    found: Sequence[Sequence[Line]],
    columns: Sequence[Column],
    headers: Headers,
) -> list[Lack]:
    of_records = lacking(columns)
    of_lines = [
        (place, column, *_name_and_id(column))
        for place, column in enumerate(columns)
        if column.of_line and column.look_up
    ]
    linked = [place for place, column in enumerate(columns) if column.source is Source.LINKED]
    lacks: list[Lack] = []
    row = 0
    for record, lines in zip(records, found, strict=True):
        for at, line in enumerate(lines):
            for place, column, read in of_records:
                if (not at or repeats(column, headers)) and (ref := read(record)) is not None:
                    lacks.append(Lack(row, place, *ref))
            for place, column, name, id_of in of_lines:
                if (id := lacked(name(record, line, ""), id_of(record, line, ""))) is not None:
                    lacks.append(Lack(row, place, column.look_up, id))
            if linked and (known := linked_lack(line.held)):
                lacks += [Lack(row, place, *known) for place in linked]
            row += 1
    return lacks


def _name_and_id(
    column: Column,
) -> tuple[Callable[[Record, Line, str], Any], Callable[[Record, Line, str], Any]]:
    nothing = Lines((), ())
    return _line_reader(column, nothing), _line_reader(id_column(column), nothing)


def _list(held: Any) -> list[Any]:
    return held if isinstance(held, list) else []


def id_text(id: Any) -> str:
    return id if isinstance(id, str) else "" if id is None else str(id)
