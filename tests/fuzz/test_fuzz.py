"""Does the queue go on whatever comes? 2,000 wrong bundles here; `make fuzz N=100000` asks longer."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.fuzz.bundles import block

CASES = {"sqlite": 1400, "postgresql": 600}


def test_wrong_bundles_fail_nothing_and_write_nothing(
    app: Flask, client_for: Callable[..., Any], request: pytest.FixtureRequest
) -> None:
    kind = "sqlite" if app.config["ONEVISIT"].sqlite else "postgresql"
    counts = block(client_for, 1, 1, CASES[kind])
    assert counts["good signature, wrong inside"] > 50
