"""Do the scripts of docs/, written from the specification and importing nothing of ours, say the same?"""

import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from tests.draws.cases import BUNDLES, BY_NAME, EXAMPLES, FOLDER, cases, edited

from onevisit.cli import main
from onevisit.draws.bundle import verify
from onevisit.draws.signing import signature_checker
from onevisit.draws.terms import CheckCode

DOCS = Path(__file__).parents[2] / "docs"
KEYS = BUNDLES["public_keys"]
CHECK = signature_checker({kid: pem.encode() for kid, pem in KEYS.items()})
SMALL = BY_NAME["one_subject"]["bundle"]
RECOMPUTED = set(CheckCode) - {CheckCode.FORM, CheckCode.EVENTS, CheckCode.SHORTFALLS, CheckCode.SIGNATURE}
SIGNATURE = runpy.run_path(str(DOCS / "verify_signature.py"))


def script(name, *files):
    done = subprocess.run(
        [sys.executable, "-I", str(DOCS / name), *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).strip().splitlines()[-1]


@pytest.fixture
def kept(tmp_path):
    def keep(content, name="bundle.json"):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return keep


def checks_of(bundle):
    """What the script finds wrong, without starting a process for each of thousands of changes."""
    space = {"__name__": "script"}
    source = (DOCS / "verify_draw.py").read_text(encoding="utf-8").rsplit("bundle = json.load", 1)[0]
    exec(compile(source, "verify_draw.py", "exec"), space)
    return lambda changed: [name for name, ok in space["checks"](changed) if not ok]


FAILED_BY_SCRIPT = checks_of(SMALL)


def test_the_script_is_short_and_stands_alone():
    lines = (DOCS / "verify_draw.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 80
    for name in ("verify_draw.py", "verify_teams.py", "verify_signature.py"):
        words = (DOCS / name).read_text(encoding="utf-8")
        assert "onevisit." not in words.split('"""', 2)[2]


@pytest.mark.parametrize("case", BUNDLES["cases"], ids=lambda case: case["name"])
def test_the_scripts_agree_on_every_frozen_bundle(case, kept):
    file = kept(case["bundle"])
    code, said = script("verify_draw.py", file)
    assert (code == 0) == (not case["failed"]), said
    if case["failed"]:
        assert said.startswith("FAILED: root of class")
    kid = case["bundle"]["signature"]["kid"]
    assert script("verify_signature.py", file, kept(KEYS[kid], "key.pem"), kid)[0] == 0
    if "teams" in case["bundle"]:
        earlier = [kept(BY_NAME[one]["bundle"], f"{one}.json") for one in case["earlier"]]
        assert script("verify_teams.py", file, *earlier)[0] == 0


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_scripts_agree_on_the_examples_of_the_specification(name):
    assert script("verify_draw.py", FOLDER / f"draw_{name}.json") == (0, "every check passed")


@pytest.mark.parametrize("case", cases("tampering"), ids=lambda case: f"{case['base']}, {case['name']}")
def test_the_scripts_refuse_what_the_program_refuses(case):
    tampered = edited(BY_NAME[case["base"]]["bundle"], case["edits"])
    assert not signed_by(tampered)


def signed_by(bundle):
    try:
        kid = bundle["signature"]["kid"]
        return kid in KEYS and SIGNATURE["published_by"](bundle, KEYS[kid], kid)
    except Exception:
        return False


def test_every_byte_of_the_small_bundle_is_tried():
    """Whatever a byte is changed into, either JSON is broken, or nothing changed, or it is refused with the reason."""
    text = json.dumps(SMALL, ensure_ascii=False, separators=(",", ":")).encode()
    broken = tried = by_content = 0
    for at, byte in enumerate(text):
        try:
            changed = json.loads(text[:at] + bytes([byte ^ 1]) + text[at + 1 :])
        except ValueError:
            broken += 1
            continue
        tried += 1
        result = verify(changed, CHECK)
        assert not result.ok, f"byte {at} is accepted"
        assert all(check.detail for check in result.checks if not check.ok)
        if RECOMPUTED & set(result.failed):
            by_content += 1
            assert named_by_script(changed), (
                f"byte {at}: the program names {result.failed}, the script nothing"
            )
        if tried % 50 == 0:
            assert not signed_by(changed)
    print(
        f"{len(text)} bytes: {tried} changes of content refused, {by_content} also without the signature; {broken} break the JSON"
    )
    assert tried > len(text) / 2


def named_by_script(bundle):
    try:
        return FAILED_BY_SCRIPT(bundle)
    except Exception as found:
        return [repr(found)]


def test_the_command_says_what_the_scripts_say(kept, capsys):
    good, bad = kept(SMALL), kept(edited(SMALL, [{"path": "leaves/0/risk", "value": "A"}]), "bad.json")
    key = kept(KEYS["example-key"], "key.pem")
    signer = ["--key", str(key), "--kid", "example-key"]
    assert main(["draw", "verify", str(good), *signer]) == 0
    assert main(["draw", "verify", str(bad), *signer]) == 1
    assert "✗ 各类" in capsys.readouterr().out


def test_what_is_no_bundle_or_no_key_is_said_in_words(kept, capsys):
    good, none, broken = kept(SMALL), kept("[]", "none.json"), kept("{", "broken.json")
    for line in ([none], [broken], [good, "--earlier", broken], [good, "--earlier", none]):
        assert main(["draw", "verify", *map(str, line)]) == 1
        assert "不是抽取包" in capsys.readouterr().err
    assert main(["draw", "verify", str(good), "--key", str(kept("x", "key.pem"))]) == 1
    assert "不是平台公钥" in capsys.readouterr().err


def test_a_bundle_without_teams_is_told_so(kept):
    bare = {name: value for name, value in SMALL.items() if name not in ("teams", "inspectors")}
    assert script("verify_teams.py", kept(bare)) == (
        1, "no teams in this file: give the full bundle of a draw of inspectors"
    )  # fmt: skip
