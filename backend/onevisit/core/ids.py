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


def new_ids(count: int) -> list[str]:
    """Many at once, in rising order, so that an index grows at its end."""
    millis, noise = time.time_ns() // 1_000_000, os.urandom(10 * count).hex()
    head = f"{millis >> 16 & 0xFFFFFFFF:08x}-{millis & 0xFFFF:04x}-7"
    some = [noise[at : at + 20] for at in range(0, 20 * count, 20)]
    return sorted(f"{head}{one[:3]}-{'89ab'[int(one[3], 16) & 3]}{one[4:7]}-{one[7:19]}" for one in some)
