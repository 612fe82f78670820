"""Everything this service knows how to fail at. Pure.

AppError                        500  internal
├── BadRequest                  400  the request is not one we understand
├── Unauthorized                401  the caller's Google identity did not check out
├── Forbidden                   403  the caller's role does not reach this far
├── NotFound                    404  missing, or somebody else's: the answer is the same
├── UnknownDataset              404  no such entity or report in the catalog
├── CursorExpired               410  a step came back too late
├── RequestTooLarge             413  more body than any request of ours needs
├── ExportTooLarge              422  more cells than the cap, or than the spreadsheet holds
├── ReportTooLarge              422  QuickBooks refuses a report this wide; narrow it
├── ReconnectRequired           409  only a new consent will help
├── ConnectionSuspect           409  Intuit refused the key just now; perhaps not for good
├── ConnectionPaused            409  somebody paused this connection
├── ConfirmationNeeded          409  it takes more along than one may think; the words say what
├── CellsNeeded                 409  the export reads cells whose values were not sent along
├── TabsNeeded                  409  it reads tabs that people fill in, which were not sent along
├── RatesNeeded                 409  a rate of exchange is missing; the tab has a row for it
├── BlockNeeded                 409  the export must know the block that is in the sheet
├── LastOwner                   409  somebody has to own the connection
├── ExporterPaused              409  who saved it may no longer edit its company
├── ScheduleStopped             409  it takes more of Google's background time than there is
├── SheetNotShared              409  managed refresh cannot open or edit the spreadsheet
├── ProofMissing                409  who asks has not shown that they may edit the spreadsheet
├── ManagedFull                 409  managed refresh has no room for one more
├── ExporterFrozen              409  an editor froze its table; an editor can unfreeze it
├── ExporterChanged             409  somebody saved the export since it was read
├── IncompleteRead              409  QuickBooks' rows changed under the run, or did not add up
├── RunInProgress               409  somebody is filling this very block
├── BudgetSpent                 429  the month's calls are used up, by our count or by Intuit's
├── TooManyRequests             429  one user asks faster than any sidebar does
├── QuickBooksBusy              503  throttle, outage or time-out at Intuit
├── ConnectionBusy              503  another process is refreshing this connection's key
├── ServiceUnavailable          503  a store or Google's certificates cannot be reached
└── QuickBooksRejected          502  Intuit understood us and said no
    └── PlanLacks               502  the company's plan does not include it, or has ended
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


class AppError(Exception):
    """Base of every failure that we can explain to the person in the sidebar.

    The message is a sentence: what happened, what to do. `details` holds ids and counts,
    never tokens, never QuickBooks data: they are shown and logged. `beside` goes to who asked,
    next to the error, and into no log: what the sheet may do about it.
    """

    code = "internal"
    status = 500
    retryable = False

    def __init__(self, message: str, **details: str | int | float | bool | None) -> None:
        super().__init__(message)
        self.message = message
        self.details = details
        self.beside: Mapping[str, Any] = {}


class BadRequest(AppError):
    code = "bad_request"
    status = 400


class Unauthorized(AppError):
    code = "unauthorized"
    status = 401


class Forbidden(AppError):
    code = "forbidden"
    status = 403


class NotFound(AppError):
    code = "not_found"
    status = 404


class UnknownDataset(NotFound):
    code = "unknown_dataset"


class CursorExpired(AppError):
    code = "cursor_expired"
    status = 410


class RequestTooLarge(AppError):
    code = "request_too_large"
    status = 413


class ExportTooLarge(AppError):
    code = "export_too_large"
    status = 422


class ReportTooLarge(AppError):
    code = "report_too_large"
    status = 422


class ReconnectRequired(AppError):
    code = "reconnect_required"
    status = 409


class ConnectionSuspect(AppError):
    code = "connection_suspect"
    status = 409
    retryable = True


class ConnectionPaused(AppError):
    code = "connection_paused"
    status = 409


class ConfirmationNeeded(AppError):
    code = "confirmation_needed"
    status = 409


class CellsNeeded(AppError):
    code = "cells_needed"
    status = 409


class TabsNeeded(AppError):
    code = "tabs_needed"
    status = 409


class RatesNeeded(AppError):
    code = "rates_needed"
    status = 409


class BlockNeeded(AppError):
    code = "block_needed"
    status = 409


class LastOwner(AppError):
    code = "last_owner"
    status = 409


class ExporterPaused(AppError):
    code = "exporter_paused"
    status = 409


class ScheduleStopped(AppError):
    code = "schedule_stopped"
    status = 409


class SheetNotShared(AppError):
    code = "sheet_not_shared"
    status = 409


class ProofMissing(AppError):
    code = "proof_missing"
    status = 409


class ManagedFull(AppError):
    code = "managed_full"
    status = 409


class ExporterFrozen(AppError):
    code = "exporter_frozen"
    status = 409


class ExporterChanged(AppError):
    code = "exporter_changed"
    status = 409


class IncompleteRead(AppError):
    code = "incomplete_read"
    status = 409
    retryable = True


class RunInProgress(AppError):
    code = "run_in_progress"
    status = 409
    retryable = True


class BudgetSpent(AppError):
    code = "budget_spent"
    status = 429


class TooManyRequests(AppError):
    code = "too_many_requests"
    status = 429
    retryable = True


class QuickBooksBusy(AppError):
    code = "quickbooks_busy"
    status = 503
    retryable = True


class ConnectionBusy(AppError):
    code = "connection_busy"
    status = 503
    retryable = True


class ServiceUnavailable(AppError):
    code = "service_unavailable"
    status = 503
    retryable = True


class QuickBooksRejected(AppError):
    code = "quickbooks_rejected"
    status = 502


class PlanLacks(QuickBooksRejected):
    code = "plan_lacks"


class SettingsError(Exception):
    """The deployment is wrong. Names everything that is wrong at once. Not for the sidebar.

    Its words name settings and never say a value that is secret.
    """

    @property
    def settings(self) -> list[str]:
        """The names of the settings that it speaks of."""
        return list(dict.fromkeys(_SETTING.findall(str(self))))


_SETTING = re.compile(r"\b[A-Z]{1,30}(?:_[A-Z]{1,30})+\b", re.ASCII)
