"""Does the house keep its own rules? Every route asks who, one migration head, every word labelled."""

import importlib
from enum import EnumMeta, StrEnum
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from onevisit.core.db import db

STEPS = Path(importlib.import_module("onevisit").__file__).parent
OURS = ("/api/openapi.json",)


def test_every_route_says_who_may_ask(app: Flask) -> None:
    silent = [
        str(rule)
        for rule in app.url_map.iter_rules()
        if str(rule) not in OURS and not getattr(app.view_functions[rule.endpoint], "__who__", None)
    ]
    assert silent == []


def test_nobody_unknown_gets_past_a_guarded_route(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        who = getattr(app.view_functions[rule.endpoint], "__who__", frozenset({"public"}))
        if "public" in who or str(rule) in OURS:
            continue
        for method in rule.methods - {"OPTIONS", "HEAD"}:
            url = rule.build(dict.fromkeys(rule.arguments, "x"))[1]
            answer = client.open(url, method=method)
            assert (answer.status_code, answer.json["code"]) == (401, "auth.login_needed"), (method, url)


def test_the_migrations_make_exactly_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_there_is_one_migration_head(app: Flask) -> None:
    assert len(ScriptDirectory(str(app.config["ONEVISIT"].migrations)).get_heads()) == 1


@pytest.mark.parametrize("file", sorted(STEPS.glob("*/terms.py")), ids=lambda file: file.parent.name)
def test_every_word_has_a_chinese_label(file: Path) -> None:
    module = importlib.import_module(f"onevisit.{file.parent.name}.terms")
    tables = [table for name, table in vars(module).items() if name.endswith("_LABELS")]
    labelled = {key for table in tables for key in table}
    silent = {
        f"{type(word).__name__}.{word.name}"
        for thing in vars(module).values()
        if isinstance(thing, EnumMeta) and thing.__module__ == module.__name__ and issubclass(thing, StrEnum)
        for word in thing
        if not getattr(word, "label", None) and word not in labelled
    }
    assert sorted(silent) == []
