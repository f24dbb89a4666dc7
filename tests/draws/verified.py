"""Every draw that any test of the draw room makes is checked, as a citizen and as supervision would check it."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from onevisit.cli import main
from onevisit.core.db import db
from onevisit.draws.kept import full_text, public_text
from onevisit.draws.keys import draw_key
from onevisit.draws.models import Draw
from onevisit.tasks.models import Task

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_draw.py"
KINDS: Counter[str] = Counter()
_space: dict[str, object] = {"__name__": "script"}
_source = SCRIPT.read_text(encoding="utf-8").rsplit("bundle = json.load", 1)[0]
exec(compile(_source, str(SCRIPT), "exec"), _space)


@pytest.fixture(autouse=True)
def every_draw_is_verified(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """After the test: `onevisit draw verify` and docs/verify_draw.py on both bundles of whatever was drawn."""
    if "app" in request.fixturenames:
        request.getfixturevalue("app")
    yield
    if "app" in request.fixturenames:
        db.session.rollback()
        _verify_all(tmp_path)


def _verify_all(folder: Path) -> None:
    draws = {one.id: one for one in db.session.query(Draw).filter(Draw.bundle.is_not(None))}
    key = folder / "draw-key.pem"
    for draw in draws.values():
        key.write_text(draw_key().public_pem, encoding="ascii")
        signer = ["--key", str(key), "--kid", draw_key().kid]
        earlier = []
        for id_ in dict.fromkeys((draw.subjects_draw_id, draw.rests_on_id)):
            if id_ is not None and id_ not in draws:  # handed down: the list was drawn above
                id_ = db.session.get_one(Draw, id_).rests_on_id
            if id_ in draws:
                earlier += ["--earlier", str(_file(folder, f"{id_}.json", full_text(draws[id_])))]
        full = _file(folder, "full.json", full_text(draw))
        public = _file(folder, "public.json", public_text(draw))
        assert main(["draw", "verify", str(full), *signer, *earlier]) == 0, draw.no
        assert main(["draw", "verify", str(public), *signer]) == 0, draw.no
        for file in (full, public):
            assert not [name for name, ok in _space["checks"](json.loads(file.read_text())) if not ok], (
                draw.no
            )  # type: ignore[operator]
        KINDS[_kind(draw)] += 1


def _file(folder: Path, name: str, text: Iterator[bytes]) -> Path:
    path = folder / name
    path.write_bytes(b"".join(text))
    return path


def _kind(draw: Draw) -> str:
    """What sort of draw it is, for the list that is printed in the end."""
    rules, task = draw.rules, db.session.get_one(Task, draw.task_id)
    marks = {
        rules["bound"]: draw.kind != "inspectors", "number": rules["number"] is not None, "batch": bool(rules["batch"]),
        "typed ratios": bool(rules["class_ratios"]), "widened": bool(draw.match.get("neighbours")),
        "speciality": any(draw.match["specialities"].values()), "sensitive": task.sensitive,
        "several regions": bool(draw.counts.get("regions")), draw.order: True, draw.state: True,
    }  # fmt: skip
    return ", ".join([draw.kind, *(mark for mark, holds in marks.items() if holds)])
