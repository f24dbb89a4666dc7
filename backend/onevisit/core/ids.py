"""How is a thing named? UUIDv7: made anywhere, sorts by time, leads an index well."""

import os
import time
import uuid


def new_id() -> str:
    """A fresh UUIDv7 (RFC 9562) as 36 characters of lower-case text."""
    millis = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10), "big")
    value = (millis & (1 << 48) - 1) << 80
    value |= 0x7 << 76 | (noise >> 68 & 0xFFF) << 64
    value |= 0b10 << 62 | noise & (1 << 62) - 1
    return str(uuid.UUID(int=value))
