"""What do the tests of papers share? Fonts unpacked once, and a way to print."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from onevisit.papers.render import Metadata, render_pdf
from onevisit.papers.terms import PAPER_LABELS, PaperKind
from tests.papers.facts import DIGEST

Print = Callable[..., bytes]


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A font folder of this test run."""
    return tmp_path_factory.mktemp("fonts")


def metadata_of(kind: str) -> Metadata:
    """What the file says about itself, on a fixed day."""
    made = datetime(2023, 9, 14, 3, 20, tzinfo=UTC)
    return Metadata(PAPER_LABELS[PaperKind(kind)], "贵南县公安局", made, DIGEST, "南双随记〔2023〕0709号")


@pytest.fixture(scope="session")
def print_paper(fonts: Path) -> Print:
    """Facts in, PDF out."""

    def printed(kind: str, facts: Any, **over: Any) -> bytes:
        return render_pdf(kind, facts, metadata=metadata_of(kind), fonts=fonts, **over)

    return printed
