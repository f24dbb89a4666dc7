"""What do the papers of the road say? Fetched as an office would, read as a stranger would."""

import io
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber

from tests.e2e.conftest import Served
from tests.e2e.evidence import Kept
from tests.e2e.office import PASSWORD


@dataclass
class Papers:
    """The papers of one server."""

    served: Served

    def ask(self, path: str) -> bytes:
        """An answer of the API for the initiating department's desk."""
        login = json.dumps({"username": "ga-desk", "password": PASSWORD}).encode()
        entrance = urllib.request.Request(
            f"{self.served.url}/api/accounts/login", login, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(entrance) as answer:
            token = json.load(answer)["access_token"]
        request = urllib.request.Request(self.served.url + path, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request) as answer:
            content: bytes = answer.read()
        return content

    def record(self, visit: str, code: str) -> bytes:
        """The newest record whose digest begins with this code, as soon as the job runner has made it."""
        for _ in range(120):
            found: list[dict[str, Any]] = json.loads(self.ask(f"/api/visits/{visit}/papers"))["items"]
            mine = [one for one in found if one["kind"] == "record" and one["short_code"] == code]
            if mine:
                pdf = self.ask(f"/api/papers/files/{mine[0]['id']}.pdf")
                if folder := os.environ.get("ONEVISIT_PICTURES"):
                    Path(folder, "record.pdf").write_bytes(pdf)
                return pdf
            time.sleep(0.5)
        raise AssertionError(found)

    def token(self, code: str) -> str:
        """What the QR of that record says."""
        rows = Kept(self.served.var).rows(
            "select short_code, token, kind from issued_papers order by issued_at desc"
        )
        return next(token for short, token, kind in rows if short == code and kind == "record")

    def untouched(self, pdf: bytes) -> bool:
        """What `onevisit paper verify` says of it."""
        file = self.served.var / "record.pdf"
        file.write_bytes(pdf)
        command = [str(Path(sys.executable).parent / "onevisit"), "paper", "verify", str(file)]
        return (
            subprocess.run(command, env=self.served.environment, capture_output=True, check=False).returncode
            == 0
        )

    def pages(self, pdf: bytes) -> list[str]:
        """The words of each page in the order they were set, without white space."""
        with pdfplumber.open(io.BytesIO(pdf)) as document:
            return [plain("".join(char["text"] for char in page.chars)) for page in document.pages]


def plain(text: str) -> str:
    """Without any white space: lines break differently on paper and on a screen."""
    return re.sub(r"\s+", "", text)


def facts_of(manifest: Any) -> list[str]:
    """Every fact that somebody who signs must be able to read, from the manifest itself."""
    header = manifest["header"]
    facts = [header["task"]["name"], *(header["subject"][key] for key in ("name", "credit_code", "address"))]
    for part in manifest["parts"]:
        facts += [part["department"]["name"], *(one["name"] for one in part["inspectors"])]
        facts += [one["certificate"] for one in part["inspectors"]]
        for item in part["items"]:
            facts += [item["name"], *(entry["text"] for entry in item["entries"])]
            facts += [note["note"] for note in part["record"]["answers"][item["id"]].values() if note["note"]]
        facts += [measure["text"] for measure in part["record"]["measures"]]
    facts += [outcome["label"] for outcome in header["outcomes"]]
    return [plain(fact) for fact in facts]
