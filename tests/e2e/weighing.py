"""Which bytes does a phone fetch before 我的任务 is usable? Those before its first contact, and what of later ones is no second stage."""

import re
import urllib.request

CHANGES = "/api/sync/changes"


def before_usable(weighed: list[tuple[str, int]], rest: set[str]) -> tuple[int, list[tuple[str, int]]]:
    """The place of the first contact, and the rows that count: the second stage runs on beside the first screen."""
    contact = next(place for place, (path, _) in enumerate(weighed) if path.startswith(CHANGES))
    return contact, [row for place, row in enumerate(weighed) if place <= contact or row[0] not in rest]


def kept_files(url: str) -> tuple[set[str], set[str]]:
    """What the service worker keeps at once, and what later: read from itself."""
    text = urllib.request.urlopen(f"{url}/sw.js", timeout=10).read().decode()
    start, rest = set(), set()
    for entry in re.findall(r"\{[^{}]*\burl[\"']?:[^{}]*\}", text):
        name = re.search(r"url[\"']?:\s*[\"'`]([^\"'`]+)", entry)
        if name:
            (rest if re.search(r"[\"'`]later[\"'`]", entry) else start).add(f"/{name[1].lstrip('/')}")
    assert len(start) > 5
    assert rest
    return start, rest
