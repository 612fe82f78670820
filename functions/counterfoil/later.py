"""Things of the package that are loaded when they are first used, not when they are named.

A cold start answers one function's request; it need not load what only the others use. The module
is at the top of the package, so that only `wiring`, which makes everything, may use it.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from typing import Any


def later(module: str, name: str) -> Callable[..., Any]:
    """Stands for a class of the package: what it makes is made on its first use, once for all
    threads. What is wrong with its arguments is said then, too."""

    def make(*args: Any, **kwargs: Any) -> Any:
        return Later(lambda: getattr(importlib.import_module(module), name)(*args, **kwargs))

    return make


class Later:
    """Stands for what `make` makes, from the first attribute that it is asked for."""

    __slots__ = ("__lock", "__made", "__make")

    def __init__(self, make: Callable[[], Any]) -> None:
        self.__lock = threading.RLock()
        self.__make: Callable[[], Any] | None = make
        self.__made: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__held(), name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.__held()(*args, **kwargs)

    def __held(self) -> Any:
        if self.__make is not None:
            with self.__lock:
                if self.__make is not None:
                    self.__made = self.__make()
                    self.__make = None
        return self.__made
