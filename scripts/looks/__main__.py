"""How does every screen of the field app look, with real work in it? `make looks FOLDER=/somewhere`

Walks a visit on real phones against a real server and keeps a picture of each screen at 390×844 and 320×640, light and dark;
`faults.txt` beside them says what axe, the width and the thumb find wrong, and which steps did not come to their screen.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from scripts.looks.entrance import entrance
from scripts.looks.on_site import on_site
from scripts.looks.own import own
from scripts.looks.screen import Looks
from scripts.looks.together import together
from scripts.looks.trouble import trouble
from tests.e2e.conftest import CHROMIUM, Served
from tests.e2e.dispatched import with_visits

WALKS: dict[str, Callable[[Served, Browser, Looks], None]] = {
    "entrance": entrance, "on-site": on_site, "together": together, "own": own, "trouble": trouble,
}  # fmt: skip


def main() -> None:
    """Walk, and say where the pictures are."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--walk", choices=list(WALKS), action="append", help="only this walk; several allowed")
    told = asked.parse_args()
    told.folder.mkdir(parents=True, exist_ok=True)
    looks = Looks(told.folder)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        for name in told.walk or WALKS:
            with (
                tempfile.TemporaryDirectory(prefix="onevisit-looks-") as var,
                with_visits(Path(var)) as served,
            ):
                print(f"{name} …", flush=True)
                with looks.step(name):
                    WALKS[name](served, browser, looks)
        browser.close()
    (told.folder / "faults.txt").write_text("\n".join(looks.wrong) + "\n")
    print(f"{len(looks.names)} screens, {len(looks.wrong)} faults: {told.folder}")


if __name__ == "__main__":
    main()
