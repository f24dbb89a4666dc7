"""What is the least that a server of this kind can do with a bundle? Flask under the same gunicorn: unpack, read, keep the rows.

No account, no signature, no chain, no verdict, no journal, no record, no trail; one transaction with one fsync per request.
`python -m benchmarks.loading.bare PORT DATABASE-URL`.
"""

import json
import sqlite3
import sys
import threading
import zlib
from typing import Any

import psycopg
from flask import Flask, Response, request

from onevisit.serving import Server

MADE = "CREATE TABLE IF NOT EXISTS bare (id TEXT PRIMARY KEY, visit TEXT, seq INTEGER, raw TEXT)"
here = threading.local()
one_writer = threading.Lock()


def connection(url: str) -> Any:
    """This thread's own."""
    if not hasattr(here, "connection"):
        if url.startswith("sqlite"):
            here.connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000"):
                here.connection.execute(f"PRAGMA {pragma}")
        else:
            here.connection = psycopg.connect(url.replace("+psycopg", ""))
    return here.connection


def application(url: str) -> Flask:
    """One route."""
    app = Flask("bare")
    mark = "?" if url.startswith("sqlite") else "%s"
    insert = f"INSERT INTO bare VALUES ({', '.join([mark] * 4)})"

    def keep() -> Response:
        operations = json.loads(zlib.decompress(request.get_data(), 31))["bundles"][0]["operations"]
        rows = [
            (one["id"], one["visit"], one["seq"], json.dumps(one, ensure_ascii=False)) for one in operations
        ]
        with one_writer:
            there = connection(url)
            if url.startswith("sqlite"):
                there.execute("BEGIN IMMEDIATE")
                there.executemany(insert, rows)
            else:
                there.cursor().executemany(insert, rows)
            there.commit()
        verdicts = ",".join(f'{{"id":"{one["id"]}","verdict":"applied"}}' for one in operations)
        return Response(f'{{"answers":[{{"verdicts":[{verdicts}]}}]}}', mimetype="application/json")

    app.add_url_rule("/api/sync/bundles", "keep", keep, methods=["POST"])
    app.add_url_rule("/readyz", "readyz", lambda: "{}")
    return app


class Bare(Server):
    """gunicorn as OneVisit sets it up, with another application."""

    url = ""

    def load(self) -> Flask:
        """The bare one."""
        return application(self.url)


def main(port: str, url: str) -> None:
    """Make the table, serve."""
    made = connection(url)
    made.execute(MADE)
    made.commit()
    made.close()
    del here.connection
    Bare.url = url
    settings = {
        "bind": f"127.0.0.1:{port}", "workers": 2, "threads": 8, "worker_class": "gthread", "keepalive": 30,
        "control_socket_disable": True, "loglevel": "warning",
    }  # fmt: skip
    Bare(settings).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
