"""One connection's access token for the length of a step."""

from __future__ import annotations

import threading

from counterfoil.core import faults
from counterfoil.core.errors import AppError
from counterfoil.flows.ports import AccessTokens


class StepToken:
    """Shared by the threads of a step: the store is asked once, a refusal is handled once."""

    def __init__(self, tokens: AccessTokens, connection_id: str) -> None:
        self._tokens = tokens
        self._connection_id = connection_id
        self._lock = threading.Lock()
        self._held: str | None = None

    def current(self) -> str:
        with self._lock:
            if self._held is None:
                self._held = self._tokens.for_connection(self._connection_id)
            return self._held

    def refused(self, token: str) -> str:
        with self._lock:
            if self._held is None or self._held == token:
                self._held = self._tokens.after_refusal(self._connection_id, token)
            return self._held

    def worked(self) -> None:
        """QuickBooks has answered to it."""
        with self._lock:
            if self._held is not None:
                self._tokens.after_read(self._connection_id, self._held)

    def replaced_after(self, error: AppError) -> bool:
        """Whether it was refused for its person's lost rights and another consent took over."""
        with self._lock:
            held, self._held = self._held, None
        if held is None or not faults.is_denial(error):
            return False
        try:
            return self._tokens.after_denial(self._connection_id, held)
        except AppError:
            return False  # what QuickBooks said tells the person more
