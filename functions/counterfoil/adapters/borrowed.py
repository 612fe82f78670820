"""The access of another service account, an hour at a time, with a line for each borrowing."""

from __future__ import annotations

import logging
import time
from typing import Any

from google.auth import impersonated_credentials
from google.auth.exceptions import GoogleAuthError

log = logging.getLogger("counterfoil.sheets")


class Borrowed(impersonated_credentials.Credentials):
    """Asks for our own token and then for the other account's, when the last one is over."""

    def refresh(self, request: Any) -> None:
        """Raises GoogleAuthError, for one that we may not borrow from as well."""
        began, failed = time.monotonic(), {}
        try:
            super().refresh(request)  # type: ignore[no-untyped-call]
        except GoogleAuthError as error:
            failed = {"error": type(error).__name__}
            raise
        finally:
            took = round((time.monotonic() - began) * 1000)
            outcome = "refused" if failed else "taken"
            fields = {"outcome": outcome, "duration_ms": took, **failed}
            log.info("account borrowed", extra={"fields": fields})
