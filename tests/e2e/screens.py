"""Which field screens are there, and is each one usable: by axe, at 320 pixels, by a thumb?"""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

PWA = Path(__file__).parents[2] / "pwa"
AXE = PWA / "node_modules" / "axe-core" / "axe.min.js"
ROOMS = re.compile(r"features/\{([a-z,]+)\}/routes\.ts")
SMALL = {"width": 320, "height": 640}

# What a thumb can press, and how large it is; a link inside a sentence is read, not aimed at.
MEASURE = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth
  const said = wide > 0 ? [`${wide} px wider than the screen`] : []
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !one.closest('.vh, [inert]')
  for (const one of document.querySelectorAll('button, a[href], input, select, textarea, summary')) {
    if (!shown(one) || one.classList.contains('vh')) continue
    const target = one.matches('input, textarea, select') ? one.closest('label') ?? one : one
    if (one.matches('a') && getComputedStyle(one).display === 'inline') continue
    const { width, height } = target.getBoundingClientRect()
    if (width < 47.5 || height < 47.5) said.push(`${one.outerHTML.slice(0, 90)} is ${Math.round(width)}×${Math.round(height)}`)
  }
  for (const one of document.querySelectorAll('.group, .row, .card, .note, .foot, .box')) {
    const cut = one.scrollWidth - one.clientWidth
    if (shown(one) && cut > 1 && ['hidden', 'clip'].includes(getComputedStyle(one).overflowX)) said.push(`${cut} px cut off: ${one.innerText.slice(0, 40)}`)
  }
  return said
}"""
CHECK = """(only) => axe.run(document, { resultTypes: ['violations'], ...(only ? { runOnly: { type: 'rule', values: only } } : {}) }).then(({ violations }) =>
  violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 140)} ${failureSummary.slice(0, 160)}`)))"""
GO = """(path) => { history.pushState({ back: null, current: path, forward: null, replaced: false, position: history.length, scroll: null }, '', path)
  dispatchEvent(new PopStateEvent('popstate', { state: history.state })) }"""


def routes() -> list[str]:
    """The address of every field screen, as the router's own files have them."""
    rooms = ROOMS.search((PWA / "src" / "router.ts").read_text())
    assert rooms
    found: list[str] = []
    for room in rooms[1].split(","):
        text = (PWA / "src" / "features" / room / "routes.ts").read_text()
        found += re.findall(r"path: '([^']+)'", text)
    return found


def go(page: Page, path: str) -> None:
    """Within the app, as a link would: no new PIN."""
    page.evaluate(GO, path)
    page.wait_for_function("path => location.pathname + location.search === path", arg=path)
    page.locator("main.screen, main").first.wait_for()


def faults(page: Page, *, everything: bool = True) -> list[str]:
    """What is wrong with the screen that is open; axe's serious and critical rules, width, targets."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found: list[Any] = page.evaluate(CHECK, None if everything else ["color-contrast"])
    return [*found, *(page.evaluate(MEASURE) if everything else [])]
