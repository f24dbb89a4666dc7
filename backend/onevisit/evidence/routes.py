"""Who may bring a file, and who may see it? tus 1.0 under /api/evidence/files/, and the stored files."""

from email.utils import format_datetime
from typing import Any

from flask import Response, g, request

from onevisit.core import storage
from onevisit.core.api import blueprint
from onevisit.core.auth import acting, needs, public
from onevisit.core.problems import Problem, not_found
from onevisit.evidence import actions, queries, receiving, rules
from onevisit.evidence.models import Upload
from onevisit.evidence.schemas import FileQuery
from onevisit.evidence.terms import PICTURES

bp = blueprint("evidence")
UPLOAD = "/files/<upload_id>"


@bp.after_request
def _say_tus(response: Response) -> Response:
    if g.get("tus") or request.method == "OPTIONS":
        response.headers["Tus-Resumable"] = rules.VERSION
    if request.method == "OPTIONS" or response.status_code == 412:
        response.headers["Tus-Version"] = rules.VERSION
    if request.method == "OPTIONS":
        response.headers["Tus-Extension"] = rules.EXTENSIONS
        response.headers["Tus-Max-Size"] = str(rules.MOST_BYTES)
        response.headers["Tus-Checksum-Algorithm"] = ",".join(rules.CHECKSUMS)
    return response


def _tus() -> None:
    """Both sides must speak the same version."""
    g.tus = True
    if request.headers.get("Tus-Resumable") != rules.VERSION:
        raise Problem("evidence.wrong_tus_version", "上传协议的版本不对，请更新应用。", 412)


def _state(upload: Upload, status: int) -> Response:
    response = Response(status=status)
    response.headers["Upload-Offset"] = str(upload.offset)
    if upload.finished_at is None:
        response.headers["Upload-Expires"] = format_datetime(upload.expires_at, usegmt=True)
    return response


def _taken_in(account_id: str | None, upload: Upload, start: int) -> Upload:
    """What comes is kept while it comes, unless a checksum is to prove it first."""
    given = request.headers.get("Upload-Checksum")
    proof = rules.proof_of(given) if given is not None else None
    if given is not None and proof is None:
        raise Problem("evidence.unknown_checksum", "不认识这种校验方式。", 400)
    coming = receiving.body(upload.size - start, whole=proof is not None)
    return actions.receive(account_id, upload.id, start, coming, proof)


@bp.route("/files/", methods=["OPTIONS"], provide_automatic_options=False)
@public
def options() -> Response:
    """What this tus server can do."""
    return Response(status=204)


@bp.post("/files/")
@needs("inspector")
def create() -> Response:
    """Begin an upload of a file that a record of mine names."""
    _tus()
    size, given = rules.whole_number(request.headers.get("Upload-Length")), _metadata()
    if size is None or not rules.is_hash(given.get("hash", "")) or "visit" not in given:
        raise Problem(
            "evidence.bad_creation", "缺少 Upload-Length，或 Upload-Metadata 里的 hash、visit。", 400
        )
    if size > rules.MOST_BYTES:
        raise Problem(
            "evidence.too_large", f"文件超过 {rules.MOST_BYTES // 1024 // 1024} MB，没有接收。", 413
        )
    account = acting().account_id or ""
    upload = actions.begin_upload(
        queries.file_to_bring(account, given["visit"], given["hash"]), account, size
    )
    if request.mimetype == rules.OCTETS:
        upload = _taken_in(account, upload, 0)
    response = _state(upload, 201)
    response.headers["Location"] = f"/api/evidence/files/{upload.id}"
    return response


def _metadata() -> dict[str, str]:
    try:
        return rules.metadata_of(request.headers.get("Upload-Metadata", ""))
    except ValueError as error:
        raise Problem("evidence.bad_metadata", "Upload-Metadata 读不懂。", 400) from error


@bp.route(UPLOAD, methods=["HEAD"], provide_automatic_options=False)
@needs("inspector")
def look(upload_id: str) -> Response:
    """How far has it come?"""
    _tus()
    upload = actions.go_on_from(acting().account_id, upload_id)
    response = _state(upload, 200)
    response.headers["Upload-Length"] = str(upload.size)
    return response


@bp.route(UPLOAD, methods=["PATCH"], provide_automatic_options=False)
@needs("inspector")
def go_on(upload_id: str) -> Response:
    """The next stretch of bytes."""
    _tus()
    if request.mimetype != rules.OCTETS:
        raise Problem("evidence.wrong_content_type", f"内容类型应为 {rules.OCTETS}。", 415)
    start = rules.whole_number(request.headers.get("Upload-Offset"))
    if start is None:
        raise Problem("evidence.no_offset", "缺少 Upload-Offset。", 400)
    account = acting().account_id
    return _state(_taken_in(account, queries.upload_of(account, upload_id), start), 204)


@bp.route(UPLOAD, methods=["DELETE"], provide_automatic_options=False)
@needs("inspector")
def end(upload_id: str) -> Response:
    """Do not go on with it."""
    _tus()
    actions.end_upload(acting().account_id, upload_id)
    return Response(status=204)


@bp.post(UPLOAD)
@needs("inspector")
def as_named(upload_id: str) -> Response:
    """For lines that let no PATCH or DELETE through: the method that the header names (tus core)."""
    _tus()
    named = {"PATCH": go_on, "DELETE": end, "HEAD": look}.get(
        request.headers.get("X-HTTP-Method-Override", "")
    )
    if named is None:
        queries.upload_of(
            acting().account_id, upload_id
        )  # of another's upload nothing is said, not even this
        raise Problem("evidence.wrong_method", "上传地址不接受这种操作。", 405)
    told: Response = named(upload_id)
    return told


@bp.get("/files/<hash_>")
@needs("inspector", "desk", "deputy_head", "principal_head", "joint_office")
@bp.arguments(FileQuery, location="query")
@bp.response(200, content_type="image/jpeg")
def file(given: dict[str, Any], hash_: str) -> Response:
    """A stored file of a visit that is mine, whole or small."""
    found = queries.file_to_see(acting(), given["visit"], hash_)
    small = given["size"] == "thumb"
    if small and found.kind not in PICTURES:
        raise not_found("缩略图")
    content = actions.thumb(hash_) if small else storage.get(storage.key_of(hash_))
    response = Response(content, mimetype="image/jpeg" if small else found.mime)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
