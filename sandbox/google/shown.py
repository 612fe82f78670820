"""What a cell shows: a value through its number format. Pure.

Knows the formats of our own tables and what people commonly pick; a format it does not know
shows the plain value. https://developers.google.com/workspace/sheets/api/guides/formats
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sandbox.google.cells import CellError, Value

_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_DIGITS = re.compile(r"[#0][#0,.]*(?:[eE]\+0+)?%?")
_CLOCK = re.compile(
    r'"[^"]*"|\\.|yyyy|yy|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|s|am/pm|.', re.I | re.S
)


def shown(value: Value, pattern: str = "") -> str:
    """The text that the grid and FORMATTED_VALUE show."""
    if isinstance(value, CellError):
        return value.text
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return _text(value, pattern)
    if is_moment(pattern):
        return _moment(value, pattern)
    if pattern in ("", "General"):
        return _plain(value)
    if "@" in pattern:
        return _text(_plain(value), pattern)
    return _number(value, pattern)


def is_moment(pattern: str) -> bool:
    """Whether numbers in that format are shown as a date or a time."""
    bare = _LITERAL.sub("", re.sub(r"\[[^\]]*\]", "", pattern)).lower()
    return bool(re.search(r"[ydhs]|mm", bare)) and not re.search(r"[#0]", bare)


def _text(value: str, pattern: str) -> str:
    section = pattern.split(";")[-1]
    if value == "" or "@" not in section or section == "@":
        return value
    return _LITERAL.sub(lambda m: m[1] if m[1] is not None else m[2], section).replace("@", value)


def _plain(value: int | float) -> str:
    if isinstance(value, int):
        return str(value) if abs(value) < 10**15 else f"{value:.5E}"
    text = f"{value:.10g}" if abs(value) < 1e11 else f"{value:.15g}"
    return text.upper() if "e" in text else text


def _number(value: int | float, pattern: str) -> str:
    sections = _sections(pattern)
    if value < 0 and len(sections) > 1 and sections[1]:
        return _digits(-value, sections[1])
    if value == 0 and len(sections) > 2:
        return _digits(value, sections[2])
    return ("-" if value < 0 else "") + _digits(abs(value), sections[0])


def _sections(pattern: str) -> list[str]:
    bare = re.sub(r"\[[A-Za-z][^\]]*\]", "", pattern)  # [Red] and the like
    return [part for part in re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*\Z)', bare)]


def _digits(value: int | float, section: str) -> str:
    literals = _LITERAL.sub(lambda m: "\0" * len(m[0]), section)
    match = _DIGITS.search(literals)
    if match is None:
        return _LITERAL.sub(lambda m: m[1] or m[2] or "", section)
    body = match[0]
    amount = Decimal(str(value)) * (100 if body.endswith("%") else 1)
    before = _LITERAL.sub(lambda m: m[1] or m[2] or "", section[: match.start()])
    after = _LITERAL.sub(lambda m: m[1] or m[2] or "", section[match.end() :])
    return before + _laid_out(amount, body.rstrip("%")) + ("%" if "%" in body else "") + after


def _laid_out(amount: Decimal, body: str) -> str:
    whole, _, fraction = body.partition(".")
    places, kept = len(fraction), fraction.count("0")
    rounded = amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    head, _, tail = text.partition(".")
    while len(tail) > kept and tail.endswith("0"):
        tail = tail[:-1]
    if "0" not in whole and head == "0":
        head = ""
    head = head.zfill(whole.count("0"))
    return f"{head}.{tail}" if tail or (fraction and kept) else head + ("." if fraction else "")


def _moment(value: int | float, pattern: str) -> str:
    moment = _EPOCH + timedelta(seconds=round(value * 86400))
    tokens = _CLOCK.findall(pattern)
    twelve = any(token.lower() == "am/pm" for token in tokens)
    out: list[str] = []
    last = ""
    for i, token in enumerate(tokens):
        low = token.lower()
        if low in ("m", "mm") and (last in ("h", "hh") or _next_part(tokens, i) in ("s", "ss")):
            out.append(f"{moment.minute:02d}" if low == "mm" else str(moment.minute))
        else:
            out.append(_part(moment, low, token, twelve))
        if low[0] in "ymdhs":
            last = low
    return "".join(out)


def _next_part(tokens: list[str], i: int) -> str:
    return next((t.lower() for t in tokens[i + 1 :] if t[0].lower() in "ymdhs"), "")


def _part(moment: datetime, low: str, token: str, twelve: bool) -> str:
    hour = (moment.hour % 12 or 12) if twelve else moment.hour
    parts = {
        "yyyy": f"{moment.year:04d}",
        "yy": f"{moment.year % 100:02d}",
        "mmmm": f"{moment:%B}",
        "mmm": f"{moment:%b}",
        "mm": f"{moment.month:02d}",
        "m": str(moment.month),
        "dddd": f"{moment:%A}",
        "ddd": f"{moment:%a}",
        "dd": f"{moment.day:02d}",
        "d": str(moment.day),
        "hh": f"{hour:02d}",
        "h": str(hour),
        "ss": f"{moment.second:02d}",
        "s": str(moment.second),
        "am/pm": "AM" if moment.hour < 12 else "PM",
    }
    if low in parts:
        return parts[low]
    return token.strip('"') if token.startswith('"') else token.lstrip("\\")
