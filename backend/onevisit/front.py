"""What else does the server answer? The built app, health, readiness; nothing of any step."""

from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request, send_from_directory
from whitenoise import WhiteNoise

from onevisit.config import Config
from onevisit.core import readiness
from onevisit.core.api import SAFE_HEADERS, answer_problem
from onevisit.core.auth import public
from onevisit.core.problems import Problem

FOREVER = "public, max-age=31536000, immutable"


def set_up(app: Flask) -> None:
    """Register health, and serve the PWA: files by WhiteNoise, everything else that a browser opens by '/'."""
    config: Config = app.config["ONEVISIT"]
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
    app.add_url_rule(
        "/onevisit-ca.crt", "authority", public(lambda: authority(config.var / "tls" / "ca.crt"))
    )
    app.add_url_rule("/", "index", public(lambda: page(config.pwa)))
    app.add_url_rule("/public/sign", "subject_page", public(lambda: page(config.pwa, "sign.html")))
    app.register_error_handler(404, lambda error: not_there(config.pwa))
    if config.pwa.is_dir():
        app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
            app.wsgi_app, root=str(config.pwa), index_file=None, immutable_file_test=_is_immutable, max_age=0,
            add_headers_function=_add_headers, allow_all_origins=False,
        )  # fmt: skip


def _is_immutable(path: str, url: str) -> bool:
    return url.startswith("/assets/")


def _add_headers(headers: Any, path: str, url: str) -> None:
    for name, value in SAFE_HEADERS.items():
        headers[name] = value
    if url == "/sw.js":
        headers["Cache-Control"] = "no-cache"


def page(pwa: Path, name: str = "index.html") -> Response:
    """The one page of the app (or the light page of the subject), never kept by a cache without asking."""
    if not (pwa / name).is_file():
        raise Problem("front.not_built", "页面还没有生成。请先运行 make run 或 make build。", 503)
    response = send_from_directory(pwa, name, max_age=0)
    response.headers["Cache-Control"] = "no-cache"
    return response


def authority(certificate: Path) -> Response:
    """The local CA's certificate, so that a phone can learn to trust this machine (make run PHONE=1)."""
    if not certificate.is_file():
        raise Problem("front.no_authority", "这台服务器没有本机证书；它的网址应由正式证书保护。", 404)
    return send_from_directory(certificate.parent, certificate.name, mimetype="application/x-x509-ca-cert")


def not_there(pwa: Path) -> Response:
    """A deep link of the app gets the app; everything else is not there."""
    wants_page = (
        request.method in ("GET", "HEAD")
        and request.accept_mimetypes.accept_html
        and not request.path.startswith("/api/")
    )
    if wants_page and "text/html" in request.headers.get("Accept", ""):
        return page(pwa)
    return answer_problem(Problem("api.not_found", "没有找到这个地址。请返回首页重新打开。", 404))


@public
def healthz() -> Response:
    """Alive."""
    return jsonify({"ok": True})


@public
def readyz() -> tuple[Response, int]:
    """Able to work: each thing that work rests on, by name."""
    found = readiness.everything()
    return jsonify({"ok": all(found.values()), **found}), 200 if all(found.values()) else 503
