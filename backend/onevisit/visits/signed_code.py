"""What does the visit code say by itself, without a network? The door's facts in short words, deflated and signed (process.md 5.1).

Text: `1.<kid>.<facts>.<signature>`: facts are deflated JSON, the signature is ECDSA P-256 over everything before it.
"""

import base64
import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any

FORMAT = "1"
# A QR of version 20 at level L holds 858 bytes in 97 modules; with its edge that is 3 pixels each on the narrowest phone
# (320): a denser one no old phone reads from another's screen.
LONGEST = 858


def code_text(
    door: Mapping[str, Any], issued: str, kid: str, sign: Callable[[bytes], str], room: int
) -> str | None:
    """The door's facts as a signed text of at most `room` signs; item names give way first, then nothing is said.

    `door` as `shown_at_the_door` gives it; `issued` is the law's day.
    """
    for names in (True, False):
        plain = json.dumps(_facts(door, issued, names), ensure_ascii=False, separators=(",", ":")).encode()
        packed = zlib.compressobj(9, zlib.DEFLATED, -15)
        body = base64.urlsafe_b64encode(packed.compress(plain) + packed.flush()).rstrip(b"=").decode()
        head = f"{FORMAT}.{kid}.{body}"
        text = f"{head}.{sign(head.encode())}"
        if len(text) <= room:
            return text
    return None


def _facts(door: Mapping[str, Any], issued: str, names: bool) -> dict[str, Any]:
    """Short words, because every sign makes the QR denser: the twin is rules/visitCode.ts."""
    return {
        "v": door["visit_no"], "i": issued, "t": door["task"], "o": door["issuer"],
        "s": [door["subject"]["name"], door["subject"]["credit_code"]],
        "n": [door["year_count"], door["cap"]], "w": [door["window"]["start"], door["window"]["end"]],
        "p": [
            [
                part["department"],
                [[one["name"], one["certificate"], int(one["leads"])] for one in part["inspectors"]],
                part["items"] if names else len(part["items"]),
            ]
            for part in door["parts"]
        ],
    }  # fmt: skip
