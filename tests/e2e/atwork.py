"""What does a phone hold, what does the server, and are they the same? A signed-in phone on a line of its own, at its checklist."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.faults import Line
from tests.e2e.field import Phone
from tests.e2e.handset import PIN, Handset, handset
from tests.e2e.screens import go
from tests.e2e.test_phone_itself import answers, at_work, judged_entries

DRAINED = 180  # seconds for everything that waits, on a busy machine
KEPT = 60  # seconds that a busy machine may take to write a photo
# What lies in the account's database, by itself: ids, places and states are not encrypted, what they say is.
ROWS = """async () => {
  const { name } = (await indexedDB.databases()).find(({ name }) => /^onevisit-.+/.test(name))
  const db = await new Promise((resolve, reject) => { const ask = indexedDB.open(name); ask.onsuccess = () => resolve(ask.result); ask.onerror = reject })
  const rows = (store) => new Promise((resolve, reject) => { const ask = db.transaction(store).objectStore(store).getAll(); ask.onsuccess = () => resolve(ask.result); ask.onerror = reject })
  const [operations, blobs] = await Promise.all([rows('operations'), rows('blobs')])
  db.close()
  return { operations: operations.map(({ device, visit, seq, id, hash, own, state }) => ({ device, visit, seq, id, hash, own, state })), blobs: blobs.map(({ hash, state }) => ({ hash, state })) }
}"""
# Thumbs that do not tire: each press waits for its tick, as people do.
PRESS = """async ([names, times, from]) => {
  const said = {}
  for (let n = from; n < from + times; n++) {
    const name = names[n % names.length]
    const card = [...document.querySelectorAll('section.entry')].find((one) => one.getAttribute('aria-label') === name)
    // Another answer than the one that stands: a second press would take it back.
    const choices = [...card.querySelectorAll('.answers button')].slice(0, 3).filter((one) => one.getAttribute('aria-pressed') !== 'true')
    const button = choices[n % choices.length], word = button.textContent.trim()
    button.click()
    const until = Date.now() + 60000
    while (button.getAttribute('aria-pressed') !== 'true') {
      if (Date.now() > until) throw new Error(`no tick: ${name} ${word}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    said[name] = word
  }
  return said
}"""


@dataclass
class Hand:
    """A phone at work, and what was ticked on it."""

    region: Served
    line: Line
    phone: Handset
    visit: str
    item: str
    entries: list[str] = field(default_factory=list)
    ticked: dict[str, str] = field(default_factory=dict)
    pressed: int = 0

    @property
    def page(self) -> Page:
        """The page that is open."""
        return self.phone.page

    @property
    def place(self) -> str:
        """The address of the checklist."""
        return f"/visits/{self.visit}/checklist/{self.item}"

    def tick(self, times: int, page: Page | None = None) -> None:
        """Answer that many entries, waiting for each tick."""
        said = (page or self.page).evaluate(PRESS, [self.entries, times, self.pressed])
        self.pressed += times
        self.ticked |= said

    def shoot(self, entry: int = 1, photos: int = 1) -> None:
        """Photos of an entry, by the phone's camera."""
        card = Phone(self.phone).entry(entry)  # type: ignore[arg-type]
        card.get_by_role("button", name="不合格").click()
        self.ticked[f"第 {entry} 条"] = "不合格"
        card.get_by_text("拍照", exact=True).click()
        shutter = self.page.get_by_role("button", name="拍照", exact=True)
        for taken in range(photos):
            before = self.held("blobs")
            expect(shutter).to_be_enabled()
            shutter.click()
            until = time.monotonic() + KEPT
            while self.held("blobs") <= before:
                assert time.monotonic() < until, f"photo {taken + 1} was not kept"
                self.page.wait_for_timeout(50)
        self.page.get_by_role("button", name="完成").or_(
            self.page.get_by_role("link", name="完成")
        ).last.click()
        card.wait_for()

    def held(self, what: str) -> int:
        """How many rows the phone has."""
        return len(self.page.evaluate(ROWS)[what])

    def waits(self) -> str:
        """What the badge and the page 待传 say."""
        go(self.page, "/outbox")
        self.page.get_by_role("heading", name="待传").wait_for()
        return self.page.locator("main").inner_text()

    def press_now(self) -> None:
        """现在传, if it is there: it goes away by itself when the last thing has arrived."""
        self.page.evaluate("() => document.querySelector('button.next')?.click()")

    def back(self) -> None:
        """To the checklist again."""
        go(self.page, self.place)
        self.page.get_by_role("region", name=self.entries[0], exact=True).wait_for()

    def reopened(self) -> None:
        """The app from the home screen, with the PIN."""
        self.phone.open(self.place)
        self.page.get_by_text("输入本机口令").wait_for()
        self.page.keyboard.type(PIN)
        self.page.get_by_role("region", name=self.entries[0], exact=True).wait_for()

    def drain(self) -> None:
        """The line is good again: 现在传 until nothing waits, as somebody would who wants to go home."""
        go(self.page, "/outbox")
        until = time.monotonic() + DRAINED
        while not self.page.get_by_text("没有待传的").count():
            assert time.monotonic() < until, self.page.inner_text("main")
            self.press_now()
            self.page.wait_for_timeout(200)
        self.back()

    def same(self) -> None:
        """What was ticked stands on the screen and at the server; phone and server hold the same, each once."""
        assert answers(self.page) == self.ticked
        mine = self.page.evaluate(ROWS)
        here = {
            (one["device"], one["seq"], one["id"], one["hash"])
            for one in mine["operations"]
            if one["visit"] == self.visit
        }
        with sqlite3.connect(f"file:{self.region.var / 'onevisit.db'}?mode=ro", uri=True) as db:
            ask = "select device_id, seq, id, hash, verdict from operations where visit_id = ? and device_id not like 'server%'"
            there = db.execute(ask, (self.visit,)).fetchall()
            (state,) = db.execute(
                "select state from visit_states where visit_id = ?", (self.visit,)
            ).fetchone()
            stored = {
                row[0] for row in db.execute("select hash from evidence_files where stored_at is not null")
            }
        assert len(there) == len({row[:4] for row in there})
        assert {row[:4] for row in there} == here
        assert {one["state"] for one in mine["operations"]} <= {"received", "safe"}
        assert {one["hash"] for one in mine["blobs"]} <= stored
        parts = json.loads(state)["parts"].values()
        assert sum(len(part["record"]["answers"].get(self.item, {})) for part in parts) == len(self.ticked)


@contextmanager
def hand_at_work(region: Served, chromium: Browser, username: str, **served: Any) -> Iterator[Hand]:
    """Signed in over a line that can misbehave, all of the app on the phone, the first checklist open."""
    with Line(region.url) as line, handset(chromium, line.url, **served) as phone:
        phone.context.set_default_timeout(60_000)
        visit, item = at_work(phone, username)
        hand = Hand(region, line, phone, visit, item)
        hand.entries = judged_entries(phone.page)
        hand.ticked = answers(phone.page)
        yield hand
