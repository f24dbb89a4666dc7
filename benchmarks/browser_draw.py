"""How long does a browser need to check a draw of 100,000, and can one still use the page meanwhile?

`.venv/bin/python -m benchmarks.browser_draw [subjects]`: the saved page (verify.html) in Chromium, from disk, no network.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from tests.draws.made import drawn

from onevisit.draws.bundle import public_bundle
from onevisit.draws.quota import Rules

SAVED = Path(os.environ.get("ONEVISIT_PWA", Path(__file__).parents[1] / "pwa" / "dist")) / "verify.html"
# The longest wait between two frames while the check runs: what a reader would feel as a hang.
WATCH = """() => { let last = performance.now(); window.gaps = []; window.longest = 0
  const look = () => { const now = performance.now(); window.longest = Math.max(window.longest, now - last); last = now; requestAnimationFrame(look) }
  requestAnimationFrame(look) }"""


def measure(count: int, times: int = 3) -> list[dict[str, float]]:
    """Seconds from the drop to the verdict, of them in the worker, and the longest gap between frames."""
    _, bundle = drawn("示例十万", count, Rules("0.03"))
    found = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "draw.json"
        file.write_text(json.dumps(public_bundle(bundle), separators=(",", ":")), encoding="utf-8")
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for _ in range(times):
            page = browser.new_context(offline=True).new_page()
            page.goto(SAVED.as_uri())
            page.evaluate(WATCH)
            page.evaluate("() => { window.began = performance.now() }")
            page.locator("input[type=file]").set_input_files(str(file))
            page.locator(".verdict").wait_for(timeout=120_000)
            whole = page.evaluate("() => performance.now() - window.began") / 1000
            assert page.locator(".verdict h2").inner_text().startswith("相符"), "the check failed"
            said = page.locator(".verdict p").inner_text().split("用时 ")[1].split(" 秒")[0]
            found.append(
                {"whole": whole, "worker": float(said), "gap": page.evaluate("() => window.longest")}
            )
            page.context.close()
        browser.close()
    return found


def main() -> None:
    """Prints one line for each run."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(f"{count} subjects, Chromium, the saved page from disk; target 5 s")
    for one in measure(count):
        print(
            f"  from the drop to the verdict {one['whole']:.2f} s (recomputed in {one['worker']:.2f} s), "
            f"longest gap between frames {one['gap']:.0f} ms"
        )


if __name__ == "__main__":
    main()
