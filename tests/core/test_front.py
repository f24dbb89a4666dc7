"""Does a browser get the app at every address, and does every file say how long it may be kept?"""

import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from tests.conftest import make_config

from onevisit.app import create_app
from onevisit.core.api import SAFE_HEADERS
from onevisit.core.problems import Problem
from onevisit.serving import for_phones, refuse_taken_port

HTML = {"Accept": "text/html"}


@pytest.fixture
def browser(tmp_path: Path) -> Any:
    """A client of an application whose pages are built."""
    pwa = tmp_path / "dist"
    (pwa / "assets").mkdir(parents=True)
    (pwa / "index.html").write_text("<title>一次查</title>", encoding="utf-8")
    (pwa / "sw.js").write_text("self")
    (pwa / "assets" / "index-Abc123.js").write_text("export {}")
    config = make_config(tmp_path / "var", f"sqlite:///{tmp_path / 'empty.db'}")
    return create_app(replace(config, pwa=pwa)).test_client()


@pytest.mark.parametrize("path", ["/", "/visits/019fa0a0-0000-7000-8000-000000000001", "/public/genuine/x"])
def test_every_address_of_the_app_is_the_app(browser: Any, path: str) -> None:
    answer = browser.get(path, headers=HTML)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    assert "一次查" in answer.text
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/api/nowhere", "/assets/gone-Abc123.js", "/../config.py"])
def test_what_is_no_address_of_the_app_is_not_there(browser: Any, path: str) -> None:
    answer = browser.get(path, headers=HTML if path.startswith("/api") else {})
    assert (answer.status_code, answer.json["code"]) == (404, "api.not_found")


def test_only_files_that_never_change_are_kept_forever(browser: Any) -> None:
    script, worker = browser.get("/assets/index-Abc123.js"), browser.get("/sw.js")
    assert "immutable" in script.headers["Cache-Control"]
    assert worker.headers["Cache-Control"] == "no-cache"
    assert script.headers["X-Content-Type-Options"] == worker.headers["X-Content-Type-Options"] == "nosniff"


def test_every_kind_of_answer_has_the_safe_headers(browser: Any) -> None:
    for path in ("/", "/assets/index-Abc123.js", "/sw.js", "/healthz", "/api/nowhere", "/api/openapi.json"):
        headers = browser.get(path).headers
        assert SAFE_HEADERS.items() <= dict(headers).items(), path
        assert "Access-Control-Allow-Origin" not in headers


def test_a_foreign_request_id_is_taken_only_when_it_is_one(browser: Any) -> None:
    for given, taken in (("a1-B2_c3", True), ("138 示例", False), ("x" * 65, False)):
        asked = {"X-Request-Id": given.encode().decode("latin-1")}
        assert (browser.get("/healthz", headers=asked).headers["X-Request-Id"] == given) is taken


def test_pages_that_are_not_built_are_said_to_be(tmp_path: Path) -> None:
    config = make_config(tmp_path / "var", f"sqlite:///{tmp_path / 'empty.db'}")
    answer = create_app(config).test_client().get("/", headers=HTML)
    assert (answer.status_code, answer.json["code"]) == (503, "front.not_built")


def test_a_port_in_use_is_said_before_an_address_is_promised() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(Problem) as refused:
        refuse_taken_port("127.0.0.1", other.getsockname()[1])
    assert refused.value.code == "serve.port_taken"


def test_a_phone_can_trust_the_certificate_made_on_the_spot(tmp_path: Path) -> None:
    config = make_config(tmp_path / "var", "sqlite://")
    settings = for_phones(config, 8443)
    leaf = x509.load_pem_x509_certificate(Path(settings["certfile"]).read_bytes())
    authority = x509.load_pem_x509_certificate((config.var / "tls" / "ca.crt").read_bytes())
    leaf.verify_directly_issued_by(authority)
    assert (leaf.not_valid_after_utc - leaf.not_valid_before_utc).days <= 825
    for key in ("server.key", "ca.key"):
        assert (config.var / "tls" / key).stat().st_mode & 0o077 == 0
