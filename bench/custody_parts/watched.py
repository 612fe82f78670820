"""A port with somebody around each of its calls: to take time, to kill, to write down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Around = Callable[..., Any]  # of (label, call, arguments…): makes the call, or does not


class Watched:
    """Fits whatever port it stands before. Calls are named "records.get", "intuit.refresh" …"""

    def __init__(self, name: str, port: Any, around: Around) -> None:
        self._name = name
        self._port = port
        self._around = around

    def __getattr__(self, method: str) -> Any:
        call = getattr(self._port, method)
        label = f"{self._name}.{method}"
        around = self._around

        def watched(*args: Any, **named: Any) -> Any:
            return around(label, call, *args, **named)

        self.__dict__[method] = watched
        return watched
