from __future__ import annotations

import gc
import threading

import pytest

from counterfoil.collector import at_rest


def test_it_rests_while_any_thread_wants_it_to_and_goes_on_afterwards() -> None:
    begun, over = threading.Event(), threading.Event()

    def other() -> None:
        with at_rest():
            begun.set()
            over.wait(10)

    thread = threading.Thread(target=other)
    with at_rest():
        assert not gc.isenabled()
        thread.start()
        assert begun.wait(10)
    assert not gc.isenabled()
    over.set()
    thread.join(10)
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="wrong"), at_rest():
        raise ValueError("wrong")
    assert gc.isenabled()


def test_what_was_made_meanwhile_is_not_walked_through_at_once() -> None:
    with at_rest():
        made = [[] for _ in range(2_000)]
    old = {id(each) for each in gc.get_objects(generation=2)}
    assert all(id(each) in old for each in made)


def test_whoever_had_switched_it_off_finds_it_off() -> None:
    gc.disable()
    try:
        with at_rest():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
