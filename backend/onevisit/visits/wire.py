"""What did a phone send, word for word? Reads the request of onevisit-sync/1; nothing here touches the database."""

import json
import zlib
from typing import Any, Final

from flask import Response, current_app, request

from onevisit.core.problems import Problem
from onevisit.visits.bundles import MOST_OPERATIONS

SYNC_TYPE: Final = "application/vnd.onevisit.sync+json"
MOST_BUNDLE_BYTES: Final = 1024 * 1024
MOST_BYTES: Final = 8 * MOST_BUNDLE_BYTES
MOST_BUNDLES: Final = 100
MOST_DEPTH: Final = 64


def bundles_sent() -> tuple[list[Any], bool]:
    """The bundles of this request, and whether all of them are no larger than one may be; what is no request of ours is refused whole, before anything is written."""
    if request.mimetype != SYNC_TYPE:
        raise Problem("sync.wrong_type", f"内容类型应为 {SYNC_TYPE}。", 415)
    content = _unpacked()
    body = _json(content)
    bundles = body.get("bundles") if isinstance(body, dict) else None
    if not isinstance(bundles, list) or not bundles or len(body) != 1:
        raise Problem(
            "sync.unreadable", "传送内容读不懂，没有写入。记录都在手机里，请更新应用后再传。", 422, "later"
        )
    if len(bundles) > MOST_BUNDLES or sum(map(_operations, bundles)) > MOST_OPERATIONS:
        raise Problem("sync.too_many", f"一次最多传 {MOST_OPERATIONS} 条记录，请分几次传。", 413, "now")
    return bundles, len(content) <= MOST_BUNDLE_BYTES


def in_our_type(value: Any) -> Response:
    """An answer a phone can tell from that of a captive portal."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Response(body, mimetype=SYNC_TYPE)


def size_of(bundle: object) -> int:
    """How many bytes a bundle has, as compact JSON."""
    return len(json.dumps(bundle, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass"))


def _operations(bundle: object) -> int:
    operations = bundle.get("operations") if isinstance(bundle, dict) else None
    return len(operations) if isinstance(operations, list) else 0


def _unpacked() -> bytes:
    """Flask leaves gzip packed: unpacked here, and never further than the limit (a bomb stays small)."""
    if request.content_length is not None and request.content_length > MOST_BYTES:
        raise _too_large()
    content = request.get_data(cache=False)
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding == "gzip":
        content = _gunzip(content)
    elif encoding not in ("", "identity"):
        raise Problem("sync.wrong_encoding", "只接受 gzip 压缩。", 415)
    if len(content) > MOST_BYTES:
        raise _too_large()
    return content


def _gunzip(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        content = unpacker.decompress(packed, MOST_BYTES + 1)
    except zlib.error as error:
        raise _unreadable() from error
    if len(content) > MOST_BYTES:
        raise _too_large()
    if not unpacker.eof or unpacker.unused_data:
        raise _unreadable()
    return content


def _json(content: bytes) -> Any:
    try:
        # Decoded here: left alone, json would also read UTF-16.
        read = json.loads(content.decode(), parse_constant=_no_constant, object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        current_app.logger.info("unreadable sync request: %s", type(error).__name__)
        raise _unreadable() from error
    if _deeper_than(read, MOST_DEPTH):
        raise _unreadable()
    return read


def _deeper_than(value: Any, most: int) -> bool:
    """Whether it nests deeper than any record of ours; every later reader may then recurse without fear."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(most):
        level = [
            member
            for one in level
            for member in (one.values() if isinstance(one, dict) else one)
            if isinstance(member, dict | list)
        ]
        if not level:
            return False
    return True


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two languages keep another one of two members with one name, so there must not be two."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return made


def _unreadable() -> Problem:
    return Problem("sync.unreadable", "传送内容读不懂，没有写入。记录都在手机里，请稍后再传。", 422, "later")


def _too_large() -> Problem:
    return Problem("sync.too_large", "传送内容太大，没有写入。请分几次传。", 413, "now")
