"""Does the public page tell a genuine paper from a changed or a strange one, and nothing about whom?"""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from onevisit.core.db import transaction
from onevisit.core.ids import new_id
from onevisit.papers import issued
from onevisit.papers.issued import IssuedPaper
from onevisit.papers.seal import current_sealer
from onevisit.papers.terms import PaperKind
from tests.papers.conftest import Print
from tests.papers.facts import DIGEST, make_record

NUMBER = "南双随记〔2026〕0001号"


@pytest.fixture
def sealed(app: Flask, print_paper: Print) -> bytes:
    return current_sealer().seal(print_paper("record", make_record(photos=[])))


@pytest.fixture
def paper(sealed: bytes) -> IssuedPaper:
    with transaction():
        return issued.issue(
            PaperKind.RECORD, "visit", new_id(), number=NUMBER, digest=DIGEST, pdf=sealed, sealed=True,
            token=issued.new_token(), issuer="贵南县公安局（示例）",
        )  # fmt: skip


def check(app: Flask, pdf: bytes) -> Any:
    answer = app.test_client().post(
        "/api/public/papers/check",
        data={"file": (io.BytesIO(pdf), "x.pdf")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 200, answer.json
    return answer.json


def look_up(app: Flask, code: str) -> Any:
    return app.test_client().get(f"/api/public/papers/{code}").json


def test_a_code_or_a_scanned_token_finds_the_paper_and_names_nobody(app: Flask, paper: IssuedPaper) -> None:
    for code in (paper.token, paper.short_code, paper.short_code.replace(" ", "-").upper(), paper.digest):
        found = look_up(app, code)
        assert found["genuine"] is True
        assert set(found["paper"]) == {
            "kind", "kind_label", "number", "issued_by", "issued_at", "short_code", "digest", "sealed",
        }  # fmt: skip
        assert (found["paper"]["number"], found["paper"]["issued_by"]) == (NUMBER, "贵南县公安局（示例）")
        assert paper.subject_id not in json.dumps(found)


@pytest.mark.parametrize("code", ["0000 " * 8, "x" * 43, "'", "a" * 5000, "％００"])
def test_a_strange_code_finds_nothing(app: Flask, paper: IssuedPaper, code: str) -> None:
    assert look_up(app, code) == {"genuine": False, "paper": None}


def test_the_kept_file_is_untouched(app: Flask, paper: IssuedPaper, sealed: bytes) -> None:
    told = check(app, sealed)
    assert (told["verdict"], told["same_as_kept"], told["digest_is_kept"]) == ("untouched", True, True)
    assert (told["digest"], told["paper"]["number"]) == (DIGEST, NUMBER)
    assert told["signed_by"]


def test_a_changed_file_is_changed_however_little(app: Flask, paper: IssuedPaper, sealed: bytes) -> None:
    at = len(sealed) // 2
    for changed in (sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], sealed + b"\n% appended\n"):
        told = check(app, changed)
        assert (told["verdict"], told["same_as_kept"]) == ("changed", False)


def test_an_unsealed_print_with_the_right_digest_is_not_believed(
    app: Flask, paper: IssuedPaper, print_paper: Print
) -> None:
    told = check(app, print_paper("record", make_record(photos=[], summary="另一份")))
    assert (told["verdict"], told["digest_is_kept"]) == ("unknown", True)


@pytest.mark.parametrize("junk", [b"", b"hello", b"%PDF-1.7\n%%EOF", b"\x00" * 1000])
def test_what_is_no_paper_is_unknown(app: Flask, junk: bytes) -> None:
    assert check(app, junk)["verdict"] == "unknown"


def test_a_missing_file_is_refused(app: Flask) -> None:
    answer = app.test_client().post("/api/public/papers/check", data={}, content_type="multipart/form-data")
    assert answer.status_code == 422


def test_the_command_line_says_the_same(app: Flask, sealed: bytes, tmp_path: Path) -> None:
    """`onevisit paper verify` exits 0 for an untouched file and 1 for any other."""
    var = app.config["ONEVISIT"].var
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(sealed)
    bad.write_bytes(sealed[:-200] + b"x" * 200)
    environment = {"ONEVISIT_VAR": str(var), "ONEVISIT_SECRET": "0" * 64, "PATH": "/usr/bin"}
    run = [
        subprocess.run([sys.executable, "-m", "onevisit.cli", "paper", "verify", str(file)], env=environment, capture_output=True, text=True)
        for file in (good, bad)
    ]  # fmt: skip
    assert [one.returncode for one in run] == [0, 1], [one.stderr for one in run]
    assert "一致" in run[0].stdout
    assert "一致" not in run[1].stdout
