"""Work shared with a child: its pieces come in order, and what a child fails is done here."""

import os
from collections.abc import Iterator

import pytest

from onevisit.core import spread


def _pieces(dies_at: int | None = None, in_child: int | None = None) -> Iterator[bytes]:
    for at in range(40):
        if at == dies_at and os.getpid() != in_child:
            os._exit(7)
        yield bytes([at]) * (at * 5000)


def test_pieces_come_whole_and_in_order() -> None:
    assert list(spread.stream_beside(_pieces)) == list(_pieces())


@pytest.mark.parametrize("dies_at", [0, 1, 39])
def test_what_a_dead_child_left_is_made_here(dies_at: int) -> None:
    here = os.getpid()
    assert list(spread.stream_beside(lambda: _pieces(dies_at, here))) == list(_pieces())


def test_who_stops_reading_leaves_no_child() -> None:
    beside = spread.stream_beside(_pieces)
    next(beside)
    beside.close()  # type: ignore[attr-defined]
    if spread.cores() > 1:
        with pytest.raises(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)
