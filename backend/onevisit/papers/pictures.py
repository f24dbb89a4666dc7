"""How does a picture travel inside a document? As a data URI; nothing else may be asked for."""

import base64
from collections.abc import Mapping

KINDS: Mapping[bytes, str] = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


def embedded_svg(svg: str) -> str:
    """An SVG of ours as a data URI."""
    return _uri("image/svg+xml", svg.encode())


def embedded_photo(content: bytes) -> str:
    """A JPEG or PNG as a data URI; the caller brings the reduced derivative, never the original."""
    for start, kind in KINDS.items():
        if content.startswith(start):
            return _uri(kind, content)
    raise ValueError("only JPEG and PNG pictures are printed")


def _uri(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
