"""Every draw that a test of this folder makes is verified after it; the kinds are told in the end."""

from collections.abc import Iterator

import pytest
from tests.draws.verified import KINDS, every_draw_is_verified

__all__ = ["every_draw_is_verified"]


@pytest.fixture(scope="session", autouse=True)
def kinds_are_told() -> Iterator[None]:
    """How many of which kind (pytest -s)."""
    yield
    for kind, count in sorted(KINDS.items()):
        print(f"verified {count:3d} × {kind}")
