"""Rest for Python's cyclic collector while very many objects are made that hold no circles.

Each time their number grows by a quarter it walks through all of them and finds nothing: a fifth
of the time that a large report takes. What nobody uses goes at once all the same, by its count.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_resting = 0  # how many threads want it to rest
_was_on = False


@contextmanager
def at_rest() -> Iterator[None]:
    """For work without waiting: no circle of another thread's is freed meanwhile either."""
    global _resting, _was_on
    with _lock:
        if _resting == 0:
            _was_on = gc.isenabled()
            gc.disable()
        _resting += 1
    try:
        yield
    finally:
        with _lock:
            _resting -= 1
            if _resting == 0 and _was_on:
                # What was made meanwhile counts as old, or the first thing that happens now is a
                # walk through all of it. A circle among it goes with the next one through the old.
                gc.freeze()
                gc.unfreeze()
                gc.enable()
