"""The frozen cases of the draw, read by pytest here and by vitest in pwa/src/rules."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "cases"


def cases(name: str) -> Any:
    """The content of tests/cases/draw_<name>.json."""
    return json.loads((FOLDER / f"draw_{name}.json").read_text(encoding="utf-8"))


_FILES = [cases(name) for name in ("bundles", "bundles_more", "bundles_below")]
BUNDLES = {
    "public_keys": {kid: pem for file in _FILES for kid, pem in file["public_keys"].items()},
    "cases": [case for file in _FILES for case in file["cases"]],
}
BY_NAME = {case["name"]: case for case in BUNDLES["cases"]}
EXAMPLES = ("example_exact_40", "example_at_least_200")


def edited(bundle: dict[str, Any], edits: list[dict[str, Any]]) -> dict[str, Any]:
    """A copy of a bundle with members replaced (`path`, `value`) or removed (`remove`)."""
    copy = json.loads(json.dumps(bundle))
    for edit in edits:
        *way, last = (
            int(step) if step.isdigit() else step for step in edit.get("path", edit.get("remove")).split("/")
        )
        place = copy
        for step in way:
            place = place[step]
        if "remove" in edit:
            del place[last]
        else:
            place[last] = edit["value"]
    return copy
