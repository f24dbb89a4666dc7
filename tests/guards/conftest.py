"""What do the guards that only ask stand on? One application with one world on each database, kept for a whole file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from tests.conftest import clients_of, running
from tests.guards.world import make_world


@dataclass(frozen=True)
class Standing:
    """An application that runs through all tests of a file, and the ids of what it keeps."""

    app: Flask
    client_for: Callable[..., Any]
    world: dict[str, str]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def standing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """Kept, because whoever is refused changes nothing: every guard that uses it counts the trail before and after."""
    with running(request, tmp_path_factory.mktemp("standing")) as app:
        clients = clients_of(app)
        yield Standing(app, clients, make_world(clients))
