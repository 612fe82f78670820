"""The vocabulary in which the catalog declares what can be exported. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class ColumnType(enum.StrEnum):
    """Decides how a value becomes a cell. The look of a value never does: "0012" stays text."""

    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"


class Source(enum.StrEnum):
    """How a column reads its value from a record at `path`."""

    VALUE = "value"  # "A.B": the scalar there
    FIRST = "first"  # "A.B|C": the scalar at the first of these paths that has one
    JOINED = "joined"  # "A[].B": every scalar, joined by ", " (document order)
    PAIRS = "pairs"  # "A[]": every {Name, Value} there as "name: value", joined by "; "
    ADDRESS = "address"  # a PhysicalAddress or email-like object in one line
    CUSTOM = "custom"  # "CustomField[1]": by DefinitionId
    SIGNED = "signed"  # "A.B": the amount there, negated where the flag at `negative_if` is true
    ELSE = "else"  # "A.B|text": the scalar there, or else that text; "|text" is always that
    HOME = "home"  # "A|B|C": the amount at A; without one that at B (or D) times the rate at C
    KEY = "key"  # "Id|A|B": the Id, or else what stands at the others, joined by " "
    DEBITS = "debits"  # "A[]": what those lines of a journal debit; also a part of FIRST and HOME
    # Of a line only:
    BUNDLE = "bundle"  # "A.B": the scalar there in the bundle that the line is a part of
    LINKED = "linked"  # the number of the document that the line is linked to
    OWN = "own"  # what we work out: "id", "signed", "debit" or "credit"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an entity: `key` never changes, `title` is what people read."""

    key: str
    title: str
    type: ColumnType
    path: str
    source: Source = Source.VALUE
    default: bool = False
    pattern: str = ""  # a number format of its own; "" means that of its type
    negative_if: str = ""  # SIGNED only: path of the flag, "Credit"; "" never negates
    sign: int = 1  # SIGNED only: -1 for what always counts against the others
    of_line: bool = False  # read from each line; a path that begins with "/" from its record
    home: str = ""  # of amounts at home: the company's own currency, in which none needs a rate
    sensitive: bool = False  # a secret of a person: only an owner may choose it
    # The list that knows the name where QuickBooks sent only the id; one for each path of FIRST
    # where these are references of several kinds ("Customer|Vendor|"), "" for one that none knows.
    look_up: str = ""


class Bundles(enum.StrEnum):
    """A bundle is shown by what is in it, or as one row; never both, or it would count twice."""

    CHILDREN = "children"
    GROUP = "group"


class Headers(enum.StrEnum):
    """Whether what a transaction has once stands beside each of its lines."""

    REPEAT = "repeat"
    ONCE = "once"


@dataclass(frozen=True, slots=True)
class LineChoice:
    """One row per line instead of one per transaction."""

    headers: Headers = Headers.REPEAT
    bundles: Bundles = Bundles.CHILDREN


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a transaction, and the sum that they make.

    Lines with their signs, plus the amounts at `added`, less those at `taken`, are the amount at
    `total`; None where QuickBooks promises nothing of the kind. "" is no field but 0: what is
    debited was credited.
    """

    columns: tuple[Column, ...]
    beside: tuple[str, ...]  # the columns of the transaction that go with them by default
    total: str | None = "TotalAmt"
    added: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()  # lines linked to such documents use up a credit
    sign: int = 1  # -1: the whole transaction counts against the others, as credits do
    negative_if: str = ""  # the same where the flag at this path is true
    path: str = "Line"
    total_keys: tuple[str, ...] = ()  # columns of lines whose sums stand in the proof
    balanced: tuple[str, ...] = ()  # kinds of wrapped records whose lines make 0, not the total

    @property
    def has_bundles(self) -> bool:
        """Whether a line can be a bundle of others."""
        return any(column.source is Source.BUNDLE for column in self.columns)


@dataclass(frozen=True, slots=True)
class Entity:
    """A list or a transaction type of QuickBooks. `columns[0]` is its Id, always exported."""

    key: str
    title: str
    entity: str  # QuickBooks' name: "Invoice"
    columns: tuple[Column, ...]
    date_path: str | None = None  # what a date range filters by: "TxnDate"
    currency_path: str | None = "CurrencyRef.value"
    total_keys: tuple[str, ...] = ()  # money columns whose sums stand in the proof
    has_active: bool = False  # a name list: inactive rows are left out unless asked for
    lines: Lines | None = None
    order_by: str = "Id"  # what its pages are ordered by
    asked: str = ""  # its name in queries, where that is not the one in answers
    wrapped: bool = False  # each row lies in an object named by its kind: {"Invoice": {…}}

    @property
    def query_name(self) -> str:
        return self.asked or self.entity


class ParameterType(enum.StrEnum):
    DATE = "date"  # of the report itself
    DAY = "day"  # of a filter: due, created, changed
    CHOICE = "choice"
    CHOICES = "choices"  # several of them, in the order wanted
    IDS = "ids"  # of customers, accounts …
    NUMBER = "number"  # whole, from 1 to `most`
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a report, as QuickBooks names it."""

    key: str  # "start_date"
    title: str
    type: ParameterType
    choices: tuple[str, ...] = ()
    required: bool = False
    most: int = 0
    offers: str = ""  # the list whose names it takes, as the catalog calls it: "budgets"


@dataclass(frozen=True, slots=True)
class Report:
    """A financial report of QuickBooks.

    `as_of` is the parameter that holds the day of one that shows a state, not a period. A report
    that not every country has names those that do, or those that do not (ISO 3166, two letters).
    """

    key: str
    title: str
    report: str  # QuickBooks' name: "ProfitAndLoss"; of a computed one, ours
    parameters: tuple[Parameter, ...]
    as_of: str | None = None
    only_in: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()
    accounts: bool = False  # its lines, or their sections, are accounts
    comparable: bool = False  # the same columns in any period, so that they can be compared
    consolidates: bool = False  # of several companies in one table: flows/consolidating.py
    computed: bool = False  # made by us, of what QuickBooks has: flows/computed.py says how
    calls: int = 1  # of QuickBooks, where nothing more is chosen

    @property
    def is_detail(self) -> bool:
        """Whether its lines are transactions or other records, with columns of their own."""
        return any(parameter.key == "columns" for parameter in self.parameters)

    @property
    def takes_all_dates(self) -> bool:
        """Whether everything up to today is one: not of a state, a form or a budget."""
        return not (self.as_of or self.computed) and (self.comparable or self.is_detail)

    def offered_in(self, country: str) -> bool:
        return country not in self.not_in and (not self.only_in or country in self.only_in)


Dataset = Entity | Report
