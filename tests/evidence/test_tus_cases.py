"""Does every case of tus hold on two web processes over PostgreSQL and a real S3 server, through a line that breaks?

`make tus N=500` asks the same of SQLite with a folder too, and breaks the line so many times.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from tests.conftest import clients_of, running
from tests.evidence.tus_cases import CASES, Case, cuts, name_of, nothing_left
from tests.evidence.tus_ground import Ground, ground_of
from tests.s3 import environment, s3_server


@pytest.fixture(scope="module", params=["postgresql"])
def ground(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """As on several machines."""
    folder = tmp_path_factory.mktemp("tus")
    with ExitStack() as stack:
        given = stack.enter_context(s3_server(folder))
        stack.enter_context(environment(given))
        app = stack.enter_context(running(request, folder))
        app.config["ONEVISIT"] = replace(app.config["ONEVISIT"], storage=given["ONEVISIT_STORAGE"])
        yield stack.enter_context(ground_of(app, clients_of(app), folder, given))


@pytest.mark.parametrize("case", [*CASES, cuts(5), nothing_left], ids=name_of)
def test_tus(ground: Ground, case: Case) -> None:
    case(ground)
