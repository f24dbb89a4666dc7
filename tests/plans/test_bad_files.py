"""Does every file that breaks readers end in a sentence, with the memory and the time of a small server?

Each file is read in a child process that may take MEMORY above what Python has and SECONDS of a processor:
by the plan reader, and by the reader of list files under the codes of the three libraries.
"""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.plans.bad_files import FILES, ROWS, SECONDS, Bad
from tests.plans.layouts.forms import text

from onevisit.plans.terms import DOUBT_LABELS

ROOT = Path(__file__).parents[2]
LISTS = ("subjects", "inspectors", "items")
LISTED = [one for one in FILES if one.list]


@cache
def said() -> dict[tuple[str, str], dict[str, Any]]:
    """What came of every file and reader."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.plans.bad_files"], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert run.returncode == 0, run.stderr
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    return {(one["reader"], one["name"]): one for one in answers}


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 60
    assert len({one.name for one in FILES}) == len(FILES)


@pytest.mark.parametrize("one", FILES, ids=lambda one: one.name)
def test_the_plan_reader_refuses_or_flags_it(one: Bad) -> None:
    answer = said()["plan", one.name]
    if one.plan.startswith("+"):
        assert one.plan[1:] in answer["flags"], answer
        assert answer["tasks"] >= 1
        assert all(DOUBT_LABELS[code] for code in answer["flags"])
    else:
        refused_in_words(answer, f"plans.{one.plan}")
    assert answer["status"] == 0


@pytest.mark.parametrize("library", LISTS)
@pytest.mark.parametrize("one", LISTED, ids=lambda one: one.name)
def test_the_list_reader_refuses_it(one: Bad, library: str) -> None:
    answer = said()[library, one.name]
    refused_in_words(answer, f"{library}.{one.list}")
    assert answer["status"] == 0


def refused_in_words(answer: dict[str, Any], code: str) -> None:
    """A stable code, and a Chinese sentence that ends and says what to do."""
    assert answer.get("code") == code, answer
    assert "请" in answer["sentence"] or "表头至少要有" in answer["sentence"]
    assert answer["sentence"].endswith("。")
    assert not any(word in answer["sentence"] for word in ("Error", "Exception", "Traceback", "zip", "XML:"))


def test_no_reader_used_up_its_time() -> None:
    assert all(one["seconds"] < SECONDS for one in said().values())


def test_the_command_refuses_with_its_code(tmp_path: Path) -> None:
    file = tmp_path / "计划.xlsx"
    file.write_bytes(b"%PDF-1.7")
    run = subprocess.run(
        [sys.executable, "-m", "onevisit.cli", "plan", "read", str(file), "--json"], cwd=ROOT, capture_output=True, text=True
    )  # fmt: skip
    assert run.returncode == 1, run.stderr
    assert json.loads(run.stdout)["code"] == "plans.file_kind_unknown"


def test_the_command_reads_without_a_database(tmp_path: Path) -> None:
    file = tmp_path / "计划.csv"
    file.write_bytes(text(ROWS))
    run = subprocess.run(
        [sys.executable, "-m", "onevisit.cli", "plan", "read", str(file), "--region", "云溪县", "--json"],
        cwd=ROOT, capture_output=True, text=True, env={"PATH": "/usr/bin", "ONEVISIT_DATABASE": "sqlite:////nowhere/x.db"},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    result = json.loads(run.stdout)
    assert result["tasks"][0]["facts"]["ratio"]["sure"] == "certain"
