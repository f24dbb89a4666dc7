"""Does a web process stay small? What only papers need is loaded by the first paper."""

import subprocess
import sys

ASKED = "import sys, onevisit.serving, onevisit.app; print([one for one in ('weasyprint', 'pyhanko', 'aiohttp') if one in sys.modules])"


def test_a_server_that_prints_nothing_carries_no_press() -> None:
    done = subprocess.run([sys.executable, "-c", ASKED], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"
