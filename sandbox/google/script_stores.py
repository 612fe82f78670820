"""PropertiesService: texts kept per script, per person and per spreadsheet."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from sandbox.google.cells import GridError

# https://developers.google.com/apps-script/guides/services/quotas
LONGEST_VALUE = 9 * 1024
LARGEST_STORE = 500 * 1024


class Properties:
    def __init__(self) -> None:
        self._stores: dict[str, dict[str, str]] = {}
        self._guard = threading.Lock()

    def read(self, store: str) -> dict[str, str]:
        with self._guard:
            return dict(self._stores.get(store, {}))

    def change(self, store: str, changes: Mapping[str, str | None], *, alone: bool = False) -> None:
        """None deletes; `alone` deletes whatever is not named. Raises GridError over a quota."""
        with self._guard:
            made: dict[str, str] = {} if alone else dict(self._stores.get(store, {}))
            for key, value in changes.items():
                if value is None:
                    made.pop(key, None)
                    continue
                if len(value.encode()) > LONGEST_VALUE:
                    raise GridError("Argument too large: value")
                made[key] = value
            if sum(len(k.encode()) + len(v.encode()) for k, v in made.items()) > LARGEST_STORE:
                raise GridError(
                    "You have exceeded the property storage quota. "
                    "Please remove some properties and try again."
                )
            self._stores[store] = made
