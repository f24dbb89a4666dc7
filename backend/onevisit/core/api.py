"""What do all routes share? The API object, problem answers, request ids, safe headers, paging, ETags."""

import json
import logging
import re
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any

import marshmallow as ma
from flask import Flask, Response, g, jsonify, request
from flask_smorest import Api
from flask_smorest import Blueprint as SmorestBlueprint
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from webargs.core import is_json, missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, HTTPException

from onevisit.core.db import db, is_clash
from onevisit.core.field_words import say_in_chinese
from onevisit.core.problems import Problem, not_found, stale
from onevisit.core.texts import unstorable

say_in_chinese()  # before the first schema is made: fields take their words along
log = logging.getLogger("onevisit.request")
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'",
        "img-src 'self' blob: data:", "media-src 'self' blob:", "connect-src 'self'", "worker-src 'self' blob:",
        "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
    )
)  # fmt: skip
REQUEST_ID = re.compile(
    r"[A-Za-z0-9_-]{1,64}", re.ASCII
)  # what a proxy makes; a log takes no other text of strangers
SAFE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(self), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HTTP_PROBLEMS = {
    400: ("api.bad_request", "请求内容不完整或无法读取。请检查后重新提交。"),
    404: ("api.not_found", "没有找到这个地址。请返回首页重新打开。"),
    405: ("api.method_not_allowed", "这个地址不接受这种操作。"),
    413: ("api.too_large", "内容太大，没有写入。请减小后重试。"),
    415: ("api.wrong_type", "内容的格式不对，没有写入。"),
    429: ("api.too_many", "操作太频繁，请稍后再试。"),
}


class Strict(ma.Schema):
    """A schema that names every unknown field instead of dropping it."""

    class Meta:
        unknown = ma.RAISE
        ordered = True


class ProblemSchema(ma.Schema):
    """RFC 9457 with our members."""

    type = ma.fields.String()
    title = ma.fields.String()
    status = ma.fields.Integer()
    code = ma.fields.String(required=True)
    detail = ma.fields.String(required=True)
    retry = ma.fields.String(required=True)


class PageQuery(ma.Schema):
    """Where to go on, and how many rows at most."""

    class Meta:
        unknown = ma.EXCLUDE

    after = ma.fields.String(load_default=None)
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(1, 250))
    q = ma.fields.String(load_default="")


class CarefulParser(FlaskParser):
    """Reads what came as its schema says, after refusing what no database can keep."""

    def load_json(self, req: Any, schema: Any) -> Any:
        """The body; one that Python will not read (a number of 5,000 digits, nesting without end) is the asker's fault."""
        try:
            return super().load_json(req, schema)
        except (ValueError, RecursionError) as error:
            raise BadRequest from error

    def _raw_load_json(self, req: Any) -> Any:
        if not is_json(req.mimetype):
            return missing
        return json.loads(req.get_data(cache=True).decode(), parse_constant=_no_constant)

    def pre_load(self, location_data: Any, *, schema: Any, req: Any, location: str) -> Any:
        """What came, when it can be kept."""
        given = req.args.to_dict(flat=False) if location == "query" else location_data
        if unstorable(given):
            raise _unstorable()
        return location_data


def _no_constant(name: str) -> Any:
    raise json.JSONDecodeError(f"{name} is no JSON", name, 0)


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """A step's routes."""

    ARGUMENTS_PARSER = CarefulParser()


def blueprint(step: str) -> Blueprint:
    """The blueprint of a step: its routes lie under /api/<step>."""
    return Blueprint(step, step, url_prefix=f"/api/{step.replace('_', '-')}")


def page_of(rows: Sequence[Any], limit: int, key: Callable[[Any], str]) -> dict[str, Any]:
    """Rows fetched with `limit + 1` as a page: items, and the cursor of the next one or null."""
    return {"items": list(rows[:limit]), "next": key(rows[limit - 1]) if len(rows) > limit else None}


def revision_seen() -> int:
    """Which revision the client looked at (If-Match); whoever did not look may not write."""
    wanted = request.headers.get("If-Match", "").strip('"')
    if not wanted:
        raise Problem("api.revision_needed", "请先打开最新内容再修改。", 428)
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
        raise stale()
    return int(wanted)


def check_revision(revision: int) -> None:
    """Refuse when the If-Match the client sent is not the revision it would overwrite."""
    if revision_seen() != revision:
        raise stale()


def answer_problem(problem: Problem) -> Response:
    """The problem as an answer."""
    response = jsonify(problem.as_json())
    response.status_code, response.mimetype = problem.status, "application/problem+json"
    if "retry_after" in problem.extra:
        response.headers["Retry-After"] = str(problem.extra["retry_after"])
    return response


def set_up_api(app: Flask) -> Api:
    """Give the application its API, its problem answers and its headers."""
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.config.update(
        API_TITLE="OneVisit 一次查", API_VERSION="1", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json", MAX_CONTENT_LENGTH=32 * 1024 * 1024,
        API_SPEC_OPTIONS={"info": {"description": "双随机、一公开联合检查"}},
    )  # fmt: skip
    api = Api(app)
    app.register_error_handler(Problem, answer_problem)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(OperationalError, _answer_database)
    app.register_error_handler(DataError, _answer_unfitting)
    app.register_error_handler(OverflowError, _answer_unfitting)
    app.register_error_handler(IntegrityError, _answer_clash)
    app.register_error_handler(
        RecursionError, lambda _: _answer_http(BadRequest())
    )  # JSON nested without end
    app.register_error_handler(Exception, _answer_unexpected)
    app.before_request(_begin_request)
    app.after_request(_end_request)
    return api


def _answer_http(error: HTTPException) -> Response:
    if isinstance(error.response, Response):
        return error.response
    if error.code is not None and 300 <= error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    if error.code == 422:
        fields = getattr(error, "data", {}).get("messages", {})
        return answer_problem(
            Problem(
                "api.invalid", "有些内容不符合要求，没有写入。请按提示修改后重新提交。", 422, errors=fields
            )
        )
    code, detail = HTTP_PROBLEMS.get(
        error.code or 500, ("api.failed", "操作没有成功，什么都没有改变。请稍后再试。")
    )
    return answer_problem(
        Problem(code, detail, error.code or 500, "later" if (error.code or 500) >= 429 else "never")
    )


def _answer_database(error: OperationalError) -> Response:
    log.error("%s database: %s", g.get("request_id"), error.orig)
    return answer_problem(
        Problem(
            "api.database_unavailable",
            "服务器暂时写不进数据，您的内容没有丢，稍后会再试。",
            503,
            "later",
            retry_after=5,
        )
    )


def _unstorable() -> Problem:
    return Problem(
        "api.unstorable_text", "内容里有不能保存的字符，或者太长，没有写入。请检查后重新提交。", 422
    )


def _answer_unfitting(error: DataError | OverflowError) -> Response:
    """What the database cannot keep and no schema refused: the asker's fault, and a schema of ours to mend."""
    log.error("%s unfitting: %s", g.get("request_id"), getattr(error, "orig", error))
    db.session.rollback()
    return answer_problem(_unstorable())


def _answer_clash(error: IntegrityError) -> Response:
    """Two wrote the same at once (also one who pressed twice); the first stays, nothing of the second is kept."""
    db.session.rollback()
    if not is_clash(error):
        return _answer_unexpected(error)
    log.warning("%s clash", g.get("request_id"))
    return answer_problem(
        Problem("api.clash", "同一件事刚才已有人提交，这一次没有写入。请刷新页面查看结果。", 409, "now")
    )


def _answer_unexpected(error: Exception) -> Response:
    log.exception("%s unexpected", g.get("request_id"))
    detail = "服务器出了意外，这次操作没有写入。请稍后再试；反复出现时请把请求编号告诉管理员。"
    return answer_problem(Problem("api.unexpected", detail, 500, "later", request_id=g.get("request_id")))


def _begin_request() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    g.began = time.perf_counter()
    if unstorable(request.view_args):
        raise not_found()


def _end_request(response: Response) -> Response:
    headers = response.headers
    headers["X-Request-Id"] = g.get("request_id", "")
    for name, value in SAFE_HEADERS.items():
        headers.setdefault(name, value)  # a stored file brings a stricter policy of its own
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.path.startswith("/api/"):
        headers["Cache-Control"] = "no-store"
    millis = (time.perf_counter() - g.get("began", time.perf_counter())) * 1000
    log.info(
        "%s %s %s %d %.1fms",
        g.get("request_id"),
        request.method,
        request.url_rule or "-",
        response.status_code,
        millis,
    )
    return response
