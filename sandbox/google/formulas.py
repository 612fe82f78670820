"""Formulas: enough arithmetic for a person's SUM beside a table, and for those of ours.

Pure. What it cannot compute shows #NAME?, and its text is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sandbox.google.cells import CellError, Value
from sandbox.google.formula_days import day, gives_day
from sandbox.google.formula_lookups import LOOKUPS, NotFound, OutOfRange, Piece
from sandbox.google.shown import shown

# Functions that reach out of the spreadsheet, or lure a person out of it.
_REACHING = re.compile(
    r"\b(IMPORT(XML|DATA|HTML|FEED|RANGE)|HYPERLINK|IMAGE|WEBSERVICE|GOOGLEFINANCE"
    r"|GOOGLETRANSLATE|CALL|REGISTER|EXEC|DDE)\s*\(|^=\s*[+\-@]?\w+\|",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?P<text>\"(?:[^\"]|\"\")*\")"
    r"|(?P<reference>(?:(?:'(?:[^']|'')+'|[A-Za-z_]\w*)!)?\$?[A-Za-z]{1,3}\$?\d+"
    r"(?::\$?[A-Za-z]{1,3}(?:\$?\d+)?)?(?![\w(])"
    r"|(?:(?:'(?:[^']|'')+'|[A-Za-z_]\w*)!)?\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?![\w(]))"
    r"|(?P<broken>(?:(?:'(?:[^']|'')+'|[A-Za-z_]\w*)!)?\#REF!)"
    r"|(?P<name>[A-Za-z_][\w.]*)|(?P<mark><>|<=|>=|[-+*/^&()=<>,;:%]))"
)
_FIRST_DAY = date(1899, 12, 30)

# The values of a reference: the tab's title (None: the formula's own), the rectangle as text.
Lookup = Callable[[str], list[list[Value]]]
Scalar = str | int | float | bool


def reaches_out(formula: str) -> bool:
    """Whether the formula fetches something, or links somewhere, when it is evaluated."""
    return bool(_REACHING.search(formula))


def evaluate(formula: str, lookup: Lookup, now: float = 0) -> Value:
    """The value of `=…`. `lookup` answers the cells of a reference or a named range; `now` is the
    serial number of the moment.

    Raises nothing: a formula that fails has a CellError, as in Sheets.
    """
    try:
        reader = _Reader(list(_tokens(formula[1:])), lookup, now)
        result = reader.expression()
        reader.end()
        return _single(result)
    except _Failed as failure:
        return CellError(failure.args[0])
    except ZeroDivisionError:
        return CellError("#DIV/0!")
    except (OverflowError, RecursionError):
        return CellError("#NUM!")


class _Failed(Exception):
    pass


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


_Cells = list[list[Value]]


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise _Failed("#ERROR!")
        yield _Token(match.lastgroup, match[match.lastgroup])
        position = match.end()


class _Reader:
    """Recursive descent over: comparison, &, + -, * /, ^, sign, %, atom."""

    def __init__(self, tokens: list[_Token], lookup: Lookup, now: float) -> None:
        self._now = now
        self._tokens = tokens
        self._at = 0
        self._lookup = lookup
        self._filters = 0  # around what is being read: in them cells are compared one by one
        self._given: dict[str, Value | _Cells] = {}  # by LET

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise _Failed("#ERROR!")

    def expression(self) -> Value | _Cells:
        left = self._joined()
        while mark := self._taken("=", "<>", "<", ">", "<=", ">="):
            right = _scalar(self._joined())
            if self._filters and isinstance(left, list):
                left = [[_compared(mark, _scalar(value), right) for value in row] for row in left]
            else:
                left = _compared(mark, _scalar(left), right)
        return left

    def _joined(self) -> Value | _Cells:
        left = self._sum()
        while self._taken("&"):
            left = _as_text(_scalar(left)) + _as_text(_scalar(self._sum()))
        return left

    def _sum(self) -> Value | _Cells:
        left = self._product()
        while mark := self._taken("+", "-"):
            right = _as_number(self._product())
            left = _as_number(left) + (right if mark == "+" else -right)
        return left

    def _product(self) -> Value | _Cells:
        left = self._power()
        while mark := self._taken("*", "/"):
            right = _as_number(self._power())
            left = _as_number(left) * right if mark == "*" else _as_number(left) / right
        return left

    def _power(self) -> Value | _Cells:
        left = self._signed()
        while self._taken("^"):
            left = float(_as_number(left) ** _as_number(self._signed()))
        return left

    def _signed(self) -> Value | _Cells:
        if mark := self._taken("+", "-"):
            value = self._signed()
            return -_as_number(value) if mark == "-" else value
        value = self._atom()
        while self._taken("%"):
            value = _as_number(value) / 100
        return value

    def _atom(self) -> Value | _Cells:
        if self._at >= len(self._tokens):
            raise _Failed("#ERROR!")
        token = self._tokens[self._at]
        self._at += 1
        match token.kind:
            case "number":
                return float(token.text) if not token.text.isdigit() else int(token.text)
            case "text":
                return token.text[1:-1].replace('""', '"')
            case "broken":
                raise _Failed("#REF!")
            case "reference":
                return self._lookup(token.text)
            case "name":
                return self._spanned(self._named(token.text))
        if token.text != "(":
            raise _Failed("#ERROR!")
        value = self.expression()
        self._must_take(")")
        return value

    def _spanned(self, value: Value | _Cells) -> Value | _Cells:
        """INDEX(…):INDEX(…), of one range."""
        if not (isinstance(value, Piece) and self._taken(":")):
            return value
        other = self._atom()
        if not isinstance(other, Piece):
            raise _Failed("#REF!")
        return value.to(other)

    def _named(self, name: str) -> Value | _Cells:
        if not self._taken("("):
            if name.upper() in ("TRUE", "FALSE"):
                return name.upper() == "TRUE"
            given = self._given.get(name.lower())
            return self._lookup(name) if given is None else given
        if name.upper() == "IFERROR":
            return self._if_error()
        if name.upper() == "IF":
            return self._if()
        if name.upper() == "LET":
            return self._let()
        arguments: list[Value | _Cells] = []
        self._filters += name.upper() == "FILTER"
        if not self._taken(")"):
            arguments.append(self.expression())
            while self._taken(",", ";"):
                arguments.append(self.expression())
            self._must_take(")")
        self._filters -= name.upper() == "FILTER"
        return _called(name.upper(), arguments, self._now)

    def _let(self) -> Value | _Cells:
        """LET(name, value, …, expression)."""
        if not self._gives():
            raise _Failed("#NAME?")
        while self._gives():
            name = self._tokens[self._at].text.lower()
            self._at += 2
            self._given[name] = self.expression()
            self._must_take(",")
        value = self.expression()
        self._must_take(")")
        return value

    def _gives(self) -> bool:
        """Whether a name for a value comes next."""
        ahead = self._tokens[self._at : self._at + 2]
        return [each.kind for each in ahead] == ["name", "mark"] and ahead[1].text == ","

    def _if(self) -> Value | _Cells:
        """Only what is chosen is computed."""
        chosen: Value | _Cells = False
        holds = bool(_scalar(self.expression()))
        self._must_take(",", ";")
        if holds:
            chosen = self.expression()
        else:
            self._skip()
        if self._taken(",", ";"):
            if holds:
                self._skip()
            else:
                chosen = self.expression()
        self._must_take(")")
        return _single(chosen)

    def _if_error(self) -> Value | _Cells:
        begin = self._at
        try:
            value: Value | _Cells = self.expression()
            failed = isinstance(_single(value), CellError)
        except (_Failed, ZeroDivisionError):
            self._at, failed = begin, True
            self._skip()
        if not self._taken(",", ";"):
            self._must_take(")")
            return "" if failed else value
        instead = self.expression()
        self._must_take(")")
        return instead if failed else value

    def _skip(self) -> None:
        """Past what is left of an argument."""
        depth = 0
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            mark = token.text if token.kind == "mark" else ""
            if depth == 0 and mark in (",", ";", ")"):
                return
            depth += (mark == "(") - (mark == ")")
            self._at += 1

    def _taken(self, *marks: str) -> str:
        if self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind == "mark" and token.text in marks:
                self._at += 1
                return token.text
        return ""

    def _must_take(self, *marks: str) -> None:
        if not self._taken(*marks):
            raise _Failed("#ERROR!")


def _called(name: str, arguments: list[Value | _Cells], now: float) -> Value | _Cells:
    if name in LOOKUPS and len(arguments) >= LOOKUPS[name][0]:
        try:
            return LOOKUPS[name][1](arguments)
        except NotFound:
            raise _Failed("#N/A") from None
        except OutOfRange:
            raise _Failed("#REF!") from None
    if name == "ROUND" and 1 <= len(arguments) <= 2:
        digits = int(_as_number(arguments[1])) if len(arguments) == 2 else 0
        return round(_as_number(arguments[0]) + 0.0, digits)
    if name == "ABS" and len(arguments) == 1:
        return abs(_as_number(arguments[0]))
    if name == "NOW" and not arguments:
        return now
    if gives_day(name, len(arguments)):
        try:
            return day(name, [_as_number(each) for each in arguments], now)
        except (ValueError, OverflowError):
            raise _Failed("#NUM!") from None
    if name == "NA" and not arguments:
        raise _Failed("#N/A")
    if name in ("DAY", "MONTH", "YEAR") and len(arguments) == 1:
        return _part_of_day(name, arguments[0])
    if name == "CHOOSE" and len(arguments) >= 2:
        place = int(_as_number(arguments[0]))
        if not 1 <= place < len(arguments):
            raise _Failed("#NUM!")
        return arguments[place]
    if name == "TEXT" and len(arguments) == 2:
        return shown(_scalar(arguments[0]), _as_text(_scalar(arguments[1])))
    if name == "COUNTA":
        return sum(value != "" for value in _flat(arguments))
    if name not in ("SUM", "COUNT", "AVERAGE", "MIN", "MAX"):
        raise _Failed("#NAME?")
    numbers = _numbers(arguments)
    if name == "COUNT":
        return len(numbers)
    if name == "SUM":
        return sum(numbers)
    if name == "AVERAGE":
        return sum(numbers) / len(numbers)
    return (min if name == "MIN" else max)(numbers, default=0)


def _part_of_day(name: str, argument: Value | _Cells) -> int:
    serial = _scalar(argument)
    if isinstance(serial, str) and serial:
        serial = _serial(serial)
    day = _FIRST_DAY + timedelta(days=int(_as_number(serial)))
    return {"DAY": day.day, "MONTH": day.month, "YEAR": day.year}[name]


def _serial(text: str) -> int:
    try:
        return (date.fromisoformat(text) - _FIRST_DAY).days
    except ValueError:
        raise _Failed("#VALUE!") from None


def _flat(arguments: list[Value | _Cells]) -> Iterator[Value]:
    for argument in arguments:
        if isinstance(argument, list):
            for row in argument:
                yield from row
        else:
            yield argument


def _numbers(arguments: list[Value | _Cells]) -> list[int | float]:
    """The numbers in cells, and every single argument as a number; an error spreads."""
    numbers: list[int | float] = []
    for argument in arguments:
        if not isinstance(argument, list):
            numbers.append(_as_number(argument))
            continue
        for value in _flat([argument]):
            if isinstance(value, CellError):
                raise _Failed(value.text)
            if isinstance(value, int | float) and not isinstance(value, bool):
                numbers.append(value)
    return numbers


def _single(result: Value | _Cells) -> Value:
    if isinstance(result, list):
        return result[0][0] if result and result[0] else ""
    return result


def _scalar(result: Value | _Cells) -> Scalar:
    value = _single(result)
    if isinstance(value, CellError):
        raise _Failed(value.text)
    return value


def _as_number(result: Value | _Cells) -> int | float:
    value = _scalar(result)
    if value == "":
        return 0
    if isinstance(value, str):
        raise _Failed("#VALUE!")
    return value


def _as_text(value: Scalar) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else f"{value:.15g}"


def _compared(mark: str, left: Scalar, right: Scalar) -> bool:
    def rank(value: Scalar) -> tuple[int, str | int | float]:
        if isinstance(value, bool):
            return 2, int(value)
        return (1, value.lower()) if isinstance(value, str) else (0, value)

    a, b = rank(left), rank(right)
    if mark in ("=", "<>"):
        return (a == b) == (mark == "=")
    ordered: int = (a > b) - (a < b)
    return {"<": ordered < 0, ">": ordered > 0, "<=": ordered <= 0, ">=": ordered >= 0}[mark]
