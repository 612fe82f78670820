r"""QuickBooks' query language: text in, a Query or the fault that QuickBooks answers. Pure.

    SELECT * | COUNT(*) FROM Entity
      [WHERE property op value [AND property op value ...]]
      [ORDERBY property [ASC|DESC][, ...]]
      [STARTPOSITION n] [MAXRESULTS n]

No OR, NOT, parentheses, joins or projections. Keywords are case-insensitive, an apostrophe is
written \', ORDER BY in two words and MAXRESULTS before STARTPOSITION are taken as well.
Source: https://developer.intuit.com/app/developer/qbo/docs/learn/explore-the-quickbooks-online-api/data-queries
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from sandbox.intuit.answers import QueryRefused

DEFAULT_PAGE = 100
LARGEST_PAGE = 1000

KEYWORDS = frozenset(
    (
        "select",
        "count",
        "from",
        "where",
        "and",
        "in",
        "like",
        "order",
        "by",
        "orderby",
        "asc",
        "desc",
        "startposition",
        "maxresults",
        "true",
        "false",
        "null",
        "current_date",
    )
)
OPERATORS = ("=", "<", ">", "<=", ">=")

_TOKEN = re.compile(
    r"""(?P<blank>\s+)
      | (?P<text>'(?:\\.|[^'\\])*')
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<word>[A-Za-z_][A-Za-z0-9_.]*)
      | (?P<mark><=|>=|[=<>*(),])""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Today:
    """CURRENT_DATE: what day that is, the one who answers knows."""


Value = str | Decimal | bool | Today


@dataclass(frozen=True, slots=True)
class Condition:
    property: str
    operator: str
    """One of = < > <= >= in like."""
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Order:
    property: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    entity: str
    """As written: whether there is such an entity is not a matter of grammar."""
    count: bool = False
    where: tuple[Condition, ...] = ()
    order: tuple[Order, ...] = ()
    start: int = 1
    size: int = DEFAULT_PAGE


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def parse(statement: str) -> Query:
    """Raises QueryRefused, 4000 for syntax and 4001 for numbers out of range."""
    return _Parser(statement).query()


class _Parser:
    def __init__(self, statement: str) -> None:
        self._statement = statement
        self._tokens = _tokens(statement)
        self._next = 0

    def query(self) -> Query:
        self._word("select")
        count = self._selection()
        self._word("from")
        entity = self._identifier()
        where = self._conditions() if self._took("where") else ()
        order = self._orders() if self._took_order_by() else ()
        start, size = self._page()
        self._end()
        return Query(entity, count, where, order, start, size)

    def _selection(self) -> bool:
        if self._took("*"):
            return False
        if not self._took("count"):
            raise self._unexpected('"*" ...', '"count" ...')
        for mark in ("(", "*", ")"):
            self._word(mark)
        return True

    def _conditions(self) -> tuple[Condition, ...]:
        conditions = [self._condition()]
        while self._took("and"):
            conditions.append(self._condition())
        return tuple(conditions)

    def _condition(self) -> Condition:
        name = self._identifier()
        if self._took("in"):
            return Condition(name, "in", self._list())
        if self._took("like"):
            if self._peek().kind != "text":
                raise self._unexpected("<STRING_LITERAL> ...")
            return Condition(name, "like", (self._value(),))
        for operator in OPERATORS:
            if self._took(operator):
                return Condition(name, operator, (self._value(),))
        raise self._unexpected(*(f'"{sign}" ...' for sign in (*OPERATORS, "in", "like")))

    def _list(self) -> tuple[Value, ...]:
        self._word("(")
        values = [self._value()]
        while self._took(","):
            values.append(self._value())
        self._word(")")
        return tuple(values)

    def _value(self) -> Value:
        token = self._peek()
        if token.kind == "text":
            self._next += 1
            return re.sub(r"\\(['\\])", r"\1", token.text[1:-1])
        if token.kind == "number":
            self._next += 1
            return Decimal(token.text)
        for word, value in (("true", True), ("false", False), ("current_date", Today())):
            if self._took(word):
                return value
        raise self._unexpected(
            "<STRING_LITERAL> ...",
            "<NUMBER> ...",
            '"true" ...',
            '"false" ...',
            '"current_date" ...',
        )

    def _took_order_by(self) -> bool:
        if self._took("orderby"):
            return True
        if not self._took("order"):
            return False
        self._word("by")
        return True

    def _orders(self) -> tuple[Order, ...]:
        orders = [self._order()]
        while self._took(","):
            orders.append(self._order())
        return tuple(orders)

    def _order(self) -> Order:
        name = self._identifier()
        descending = self._took("desc")
        if not descending:
            self._took("asc")
        return Order(name, descending)

    def _page(self) -> tuple[int, int]:
        start, size = 1, DEFAULT_PAGE
        seen: set[str] = set()
        while True:
            if "startposition" not in seen and self._took("startposition"):
                seen.add("startposition")
                start = _in_range(self._count(), least=1, most=None)
            elif "maxresults" not in seen and self._took("maxresults"):
                seen.add("maxresults")
                # What QuickBooks does above 1000 is not documented: refused or clipped. Refusing
                # is the one that a client notices.
                size = _in_range(self._count(), least=1, most=LARGEST_PAGE)
            else:
                return start, size

    def _count(self) -> int:
        token = self._peek()
        if token.kind != "number" or "." in token.text:
            raise self._unexpected("<INTEGER> ...")
        self._next += 1
        return int(token.text)

    def _identifier(self) -> str:
        token = self._peek()
        if token.kind != "word" or token.text.lower() in KEYWORDS:
            raise self._unexpected("<IDENTIFIER> ...")
        self._next += 1
        return token.text

    def _word(self, word: str) -> None:
        if not self._took(word):
            raise self._unexpected(f'"{word}" ...')

    def _took(self, word: str) -> bool:
        token = self._peek()
        if token.kind in ("word", "mark") and token.text.lower() == word:
            self._next += 1
            return True
        return False

    def _end(self) -> None:
        if self._peek().kind != "end":
            raise self._unexpected("<EOF> ")

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _unexpected(self, *expected: str) -> QueryRefused:
        token = self._peek()
        line, column = _place(self._statement, token.at)
        were = "Was expecting:" if len(expected) == 1 else "Was expecting one of:"
        return QueryRefused(
            "4000",
            f'QueryParserError: Encountered "{_image(token)}" at line {line}, column {column}.\n'
            f"{were}\n    " + "\n    ".join(expected) + "\n    ",
        )


def _tokens(statement: str) -> list[_Token]:
    tokens = []
    at = 0
    while at < len(statement):
        found = _TOKEN.match(statement, at)
        if found is None or found.lastgroup is None:
            line, column = _place(statement, at)
            raise QueryRefused(
                "4000",
                f"QueryParserError: Lexical error at line {line}, column {column}.  "
                f'Encountered: "{statement[at]}" ({ord(statement[at])}), after : ""',
            )
        if found.lastgroup != "blank":
            tokens.append(_Token(found.lastgroup, found.group(), at))
        at = found.end()
    tokens.append(_Token("end", "", at))
    return tokens


def _image(token: _Token) -> str:
    """The token as QuickBooks' parser (made by JavaCC) prints it."""
    if token.kind == "end":
        return "<EOF>"
    kind = {"text": "<STRING_LITERAL>", "number": "<NUMBER>", "word": "<IDENTIFIER>"}
    if token.kind == "mark" or token.text.lower() in KEYWORDS:
        name = f'"{token.text.lower()}"'
    else:
        name = kind[token.kind]
    return f' {name} "{token.text} "'


def _place(statement: str, at: int) -> tuple[int, int]:
    before = statement[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1


def _in_range(number: int, least: int, most: int | None) -> int:
    if number < least:
        raise QueryRefused(
            "4001",
            f"QueryValidationError: value {number} is too small. Min allowed value is {least}",
        )
    if most is not None and number > most:
        raise QueryRefused(
            "4001",
            f"QueryValidationError: value {number} is too large. Max allowed value is {most}",
        )
    return number
