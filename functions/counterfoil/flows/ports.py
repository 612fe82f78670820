"""What the flows need from the world: small protocols in our words, met by shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from counterfoil.core.reports import ReportTable
from counterfoil.core.stores import Records as Records
from counterfoil.core.stores import Secrets as Secrets

if TYPE_CHECKING:  # what only some flows meet, the others need not load
    from zoneinfo import ZoneInfo

    from counterfoil.core.datasets import Column, Entity, LineChoice
    from counterfoil.core.pages import Body, Page
    from counterfoil.core.people import Connection, Role, User


class Clock(Protocol):
    def __call__(self) -> datetime:
        """Now, aware, in UTC."""
        ...


class Sealer(Protocol):
    """Authenticated encryption for what is stored or handed out but must not be read."""

    def seal(self, plain: bytes, *, bound_to: str) -> str:
        """URL-safe text that opens only with the same `bound_to`."""
        ...

    def open(self, sealed: str, *, bound_to: str) -> bytes:
        """Raises SealBroken."""
        ...


class Reach(Protocol):
    def reachable(self, user: User, connection_id: str, needed: Role) -> Connection:
        """Raises NotFound for a missing or foreign connection, Forbidden for too little a role."""
        ...


class IntuitOAuth(Protocol):
    """Intuit's authorization server. No call is ever retried by the adapter."""

    def ready(self) -> None:
        """It is known where to ask from here on; may take DISCOVERY_S. Raises QuickBooksBusy."""
        ...

    def authorization_url(self, state: str) -> str: ...

    def exchange(self, code: str) -> Mapping[str, Any]:
        """The token answer for a one-time code. Raises GrantRefused, QuickBooksBusy."""
        ...

    def refresh(self, refresh_token: str) -> Mapping[str, Any]:
        """The token answer, within TOKEN_CALL_S once it is `ready`.

        Raises GrantRefused (invalid_grant) or QuickBooksBusy.
        QuickBooksBusy is ambiguous: Intuit may have rotated the value all the same.
        """
        ...

    def revoke(self, token: str) -> None: ...

    def subject(self, answer: Mapping[str, Any]) -> str:
        """The Intuit user (`sub`) who consented, from an exchange's answer."""
        ...


class AccessTokens(Protocol):
    """Access tokens good for at least the margin."""

    def for_connection(self, connection_id: str) -> str:
        """Raises ReconnectRequired, ConnectionSuspect, ConnectionBusy, ConnectionPaused."""
        ...

    def after_refusal(self, connection_id: str, refused: str) -> str:
        """QuickBooks answered 401 to `refused`: another token, refreshed at most once for all."""
        ...

    def after_denial(self, connection_id: str, token: str) -> bool:
        """QuickBooks answered fault 120 to `token`: whether another consent has taken over."""
        ...

    def after_read(self, connection_id: str, token: str) -> None:
        """QuickBooks let whoever consented to `token` read. Asks no store unless it had denied
        them lately.
        """
        ...


class TokenService(Protocol):
    """Who refreshes for us, where that is another process."""

    def refresh(self, connection_id: str, *, past: int | None) -> None:
        """There is a good token in the store afterwards; `past` is the generation of a refused one.

        Raises ConnectionBusy (it takes long), ServiceUnavailable, and what AccessTokens raise.
        """
        ...


class Turn(Protocol):
    """One request that may begin now."""

    def left(self) -> None:
        """It has been written."""
        ...

    def answered(self) -> None:
        """The first bytes of its answer are there."""
        ...


class Meter(Protocol):
    """Counts the calls of one step and decides when each may begin."""

    def admit(self) -> Turn:
        """Called before every request, repeats included; may wait, and may raise instead."""
        ...

    def pause(self, seconds: float) -> bool:
        """Sleeps before a repeat; False when this step cannot wait that long."""
        ...

    def throttled(self, seconds: float) -> None:
        """QuickBooks refused a call: none may begin for so long."""
        ...


class Company(Protocol):
    """One company's books, read only.

    Raises QuickBooksBusy (`wait_s` in its details), QuickBooksRejected, ReconnectRequired,
    ConnectionSuspect, and whatever the token's source and the meter raise.
    """

    def query(self, statement: str, *, custom_fields: bool = False) -> bytes:
        """The answer to a SELECT, with all custom fields or with the three of old."""
        ...

    def page(self, statement: str, *, custom_fields: bool = False) -> Callable[[bytearray], Body]:
        """What gives the answer to a SELECT of records; it takes little room until then, and may
        be given in the room that is handed in.
        """
        ...

    def cdc(self, entities: Sequence[str], since: datetime) -> bytes:
        """What was written, changed or deleted since an aware moment."""
        ...

    def report(self, name: str, params: Mapping[str, str]) -> ReportTable:
        """What the Reports service answers. Also raises ReportTooLarge, and IncompleteRead for
        what is no report.
        """
        ...


class QuickBooks(Protocol):
    def company(
        self,
        realm_id: str,
        token: Callable[[], str],
        refused: Callable[[str], str],
        meter: Meter,
    ) -> Company:
        """Read with `token()`; after a 401 once more with what `refused(token)` gives."""
        ...


class PageReader(Protocol):
    def __call__(
        self,
        entity: Entity,
        columns: Sequence[Column],
        zone: ZoneInfo,
        lines: LineChoice | None = None,
    ) -> Callable[[Body], Page]:
        """What turns the body of a page into rows of cells, one per record or, with `lines`, one
        per line; safe to share between threads.

        It raises QuickBooksBusy for what is no page, ExportTooLarge for a text that no cell holds.
        """
        ...


class CompanyRead(Protocol):
    """One read of a company with exactly this access token: nothing is refreshed or stored."""

    def __call__(self, realm_id: str, access_token: str) -> Mapping[str, Any]:
        """The CompanyInfo (or Preferences) object. Raises AppError when it is not given."""
        ...
