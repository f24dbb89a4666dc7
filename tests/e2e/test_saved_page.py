"""Does the saved page check a draw from disk, with no network at all?"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.draws.cases import BUNDLES, BY_NAME, cases, edited

SAVED = Path(os.environ.get("ONEVISIT_PWA", Path(__file__).parents[2] / "pwa" / "dist")) / "verify.html"
PLACE = '<script type="application/json" id="published-key">null</script>'
GOOD = BY_NAME["together_public"]["bundle"]


@pytest.fixture
def page(chromium: Any) -> Any:
    context: BrowserContext = chromium.new_context(offline=True, viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: asked.append(f"error: {error}"))
    yield opened
    assert [one for one in asked if not one.startswith(("file:", "blob:", "data:"))] == []
    context.close()


@pytest.fixture
def on_disk(tmp_path: Path) -> Any:
    def keep(content: Any, name: str) -> Path:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return keep


def with_key(on_disk: Any) -> Path:
    """The page as the server's page hands it out: with the published key inside."""
    kid, pem = next(iter(BUNDLES["public_keys"].items()))
    text = SAVED.read_text(encoding="utf-8")
    assert PLACE in text
    return on_disk(
        text.replace(PLACE, PLACE.replace("null", json.dumps({"kid": kid, "pem": pem}))), "saved.html"
    )


def dropped(page: Page, *files: Path) -> None:
    page.locator("input[type=file]").set_input_files([str(one) for one in files])


def test_the_saved_page_is_one_file() -> None:
    text = SAVED.read_text(encoding="utf-8")
    assert not any(f'{word}="/' in text for word in ("src", "href"))
    assert "http://" not in text.replace("http://www.w3.org", "")


def test_a_draw_is_checked_without_a_network(page: Page, on_disk: Any) -> None:
    page.goto(with_key(on_disk).as_uri())
    dropped(page, on_disk(GOOD, "draw.json"))
    expect(page.get_by_role("heading", name="相符。这次抽取可以重算")).to_be_visible()
    expect(page.locator("li.late, li.soon")).to_have_count(0)  # the signature too
    if pictures := os.environ.get("ONEVISIT_PICTURES"):
        page.screenshot(path=f"{pictures}/saved-check.png", full_page=True)
    dropped(page, on_disk(edited(GOOD, [{"path": "leaves/3/leaf", "value": "0" * 64}]), "changed.json"))
    expect(page.get_by_role("heading", name="不符：")).to_be_visible()
    expect(page.locator("li.late")).not_to_have_count(0)


def test_a_key_may_be_handed_in_and_without_one_it_is_said(page: Page, on_disk: Any) -> None:
    page.goto(SAVED.as_uri())
    dropped(page, on_disk(GOOD, "draw.json"))
    expect(page.locator("li.soon")).to_contain_text("没有提供平台公钥")
    kid, pem = next(iter(BUNDLES["public_keys"].items()))
    dropped(page, on_disk(GOOD, "draw.json"), on_disk(pem, f"{kid}.pem"))
    expect(page.locator("li.soon")).to_have_count(0)


def test_a_drawn_subject_sees_why(page: Page, on_disk: Any) -> None:
    proof = next(one for one in cases("proofs") if not one["failed"])
    page.goto(f"{SAVED.as_uri()}#proof={proof['text']}")
    dropped(page, on_disk(BY_NAME[proof["base"]]["bundle"], "draw.json"))
    expect(page.get_by_text("证明有效，抽中属实。")).to_be_visible()


def test_nonsense_is_refused_in_words(page: Page, on_disk: Any) -> None:
    page.goto(SAVED.as_uri())
    dropped(page, on_disk("not json", "photo.json"))
    expect(page.get_by_role("alert")).to_contain_text("这个文件不是抽取文件")
