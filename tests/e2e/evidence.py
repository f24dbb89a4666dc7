"""Is what is kept what was signed? Reads the server's own files with nothing of the application's code."""

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def independent_digest(value: Any) -> str:
    """SHA-256 over RFC 8785 text; the records hold no floats and ASCII keys, so sorted compact JSON is it."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Kept:
    """The folder of a stopped or running server."""

    var: Path

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What a statement finds in the database."""
        with sqlite3.connect(f"file:{self.var / 'onevisit.db'}?mode=ro", uri=True) as connection:
            return connection.execute(statement).fetchall()

    def manifests(self) -> list[tuple[str, Any, str]]:
        """Every signed manifest in the order of signing: digest, content, state."""
        found = self.rows("select digest, manifest, state from signed_manifests order by confirmed_at, id")
        return [(digest, json.loads(manifest), state) for digest, manifest, state in found]

    def operations(self) -> list[dict[str, Any]]:
        """Every operation as it came from a phone."""
        return [json.loads(raw) for (raw,) in self.rows("select raw from operations order by position")]

    def photo_hashes(self) -> set[str]:
        """What the operations call photos."""
        return {one["body"]["hash"] for one in self.operations() if one["kind"] == "photo.add"}

    def file(self, sha256: str) -> bytes:
        """The stored bytes of a file."""
        return next(self.var.glob(f"storage/**/{sha256}")).read_bytes()


def short(digest: str) -> str:
    """The first half of a digest, in fours, as people compare it."""
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4))
