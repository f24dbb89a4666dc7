"""How are the phones driven? One Node process with the shipped phone code; a line of JSON each way, one thing at a time."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).absolute().parents[2]
Json = dict[str, Any]


class PhoneFault(AssertionError):
    """The phone's code threw something that is no Problem: a fault of ours."""


def bundle(into: Path, tree: Path = ROOT) -> Path:
    """The phone code as one file, made anew only when a source changed."""
    sources = sorted([*(tree / "pwa/src").rglob("*.ts"), *(tree / "tests/simulation/phones").glob("*")])
    named = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    file = into / f"phones-{named}.mjs"
    if not file.exists():
        into.mkdir(parents=True, exist_ok=True)
        made = file.with_suffix(f".{id(into)}.tmp.mjs")
        command = ["node", str(tree / "tests/simulation/phones/build.mjs"), str(tree), str(made)]
        subprocess.run(command, check=True, capture_output=True, text=True)
        made.rename(file)
    return file


class Phones:
    """Several phones in one process; `answer` says what becomes of each of their requests."""

    def __init__(self, file: Path) -> None:
        command = ["node", "--no-warnings", str(file)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={"TZ": "Asia/Shanghai", "PATH": "/usr/bin:/bin:/usr/local/bin"},
        )  # fmt: skip
        self.count = 0
        self.now: Callable[[], int] = lambda: 0
        self.answer: Callable[[Json], Json] = lambda _asked: {"error": "no line"}
        self._ended: dict[int, Json] = {}

    def tell(self, do: str, phone: str = "", seed: str = "", **more: Any) -> Json:
        """Have it done, answering what it asks meanwhile; what became of it."""
        self.count += 1
        number = self.count
        self._say({"id": number, "do": do, "phone": phone, "seed": seed, "now": self.now(), **more})
        while number not in self._ended:
            heard = self._hear()
            if "done" in heard:
                self._ended[heard["done"]] = heard
            else:
                self._say({"answer": heard["fetch"], **self.answer(heard)})
        ended = self._ended.pop(number)
        if "fault" in ended and not ended.get("happened") and not ended.get("killed"):
            raise PhoneFault(f"{do} on {phone}: {ended['fault']}")
        return ended

    def told(self, do: str, phone: str = "", seed: str = "", **more: Any) -> Any:
        """The result of something that cannot go wrong."""
        ended = self.tell(do, phone, seed, **more)
        assert "result" in ended, (do, phone, ended)
        return ended["result"]

    def die(self, phone: str) -> None:
        """The page is killed now, in the middle of what it waits for."""
        self._say({"die": phone})

    def _say(self, message: Json) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def _hear(self) -> Json:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the phones' process ended")
        heard: Json = json.loads(line)
        return heard

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(timeout=20)
