"""What the front of the simulated QuickBooks hands to the books, and what it gets back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CompanyCard:
    """A company as the consent page lists it."""

    realm_id: str
    name: str
    country: str = "US"
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One authorised request to `/v3/company/<realm>/...`."""

    method: str
    path_after_realm: str
    """What follows the realm, without a leading slash: "query", "invoice/130", "reports/…"."""
    args: Mapping[str, str]
    body: bytes
    headers: Mapping[str, str]
    """Names in lower case."""
    now: datetime


@dataclass(frozen=True, slots=True)
class ApiResponse:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Books(Protocol):
    """The data side of the simulator: every company that can be connected."""

    def companies(self) -> list[CompanyCard]: ...

    def handle(self, realm_id: str, request: ApiRequest) -> ApiResponse: ...
