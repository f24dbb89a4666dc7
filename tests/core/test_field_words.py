"""Is every sentence beside a field Chinese, of every schema that there is?"""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import marshmallow as ma
import pytest
from flask import Flask
from marshmallow import class_registry, fields, validate
from tests.factories import make_account
from tests.factories.desk import LEAD

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def sentences(thing: Any) -> Iterator[str]:
    """Everything a field may say, its validators and inner fields included."""
    yield from thing.error_messages.values()
    for validator in thing.validators:
        told = {
            name: getattr(validator, name)
            for name in dir(validator)
            if name.startswith(("message_", "default_message"))
        }
        operators = {"message_gte", "message_gt", "message_lte", "message_lt"}
        yield from (text for name, text in told.items() if name not in operators)
        yield from filter(None, [getattr(validator, "error", None)])
    for inner in (getattr(thing, name, None) for name in ("inner", "key_field", "value_field")):
        if isinstance(inner, fields.Field):
            yield from sentences(inner)


def test_every_kind_of_field_speaks_chinese(app: Flask) -> None:
    kinds = [
        kind for _, kind in inspect.getmembers(fields, inspect.isclass) if issubclass(kind, fields.Field)
    ]
    for kind in kinds:
        told = {
            name: text
            for base in reversed(kind.__mro__)
            for name, text in getattr(base, "default_error_messages", {}).items()
        }
        if not kind.__name__.startswith("_"):
            assert all(CHINESE.search(text) for text in told.values()), (kind, told)
    for _, kind in inspect.getmembers(validate, inspect.isclass):
        for name in vars(kind):
            if "message" in name and isinstance(getattr(kind, name), str):
                assert CHINESE.search(getattr(kind, name)), (kind, name)


def test_every_schema_was_made_with_these_words(app: Flask) -> None:
    schemas = [one for many in class_registry._registry.values() for one in many if isinstance(one, type)]
    ours = [one for one in schemas if one.__module__.startswith("onevisit.")]
    assert len(ours) > 150
    for schema in ours:
        assert CHINESE.search(schema().error_messages["unknown"]), schema
        for name, field in schema._declared_fields.items():
            for text in sentences(field):
                assert CHINESE.search(text), (schema, name, text)


@pytest.mark.parametrize(
    ("path", "given", "wanted"),
    [
        ("/api/accounts/login", {"username": "x"}, {"json": {"password": ["必填。"]}}),
        ("/api/accounts/login", {"username": None, "password": "x"}, {"json": {"username": ["不能为空。"]}}),
        ("/api/accounts/login", {"username": 5, "password": [1]}, {"json": {"username": ["应是文字。"], "password": ["应是文字。"]}}),
        ("/api/accounts/login", [1], {"json": {"_schema": ["格式不对。"]}}),
    ],
)  # fmt: skip
def test_a_refused_body_says_why_in_chinese(
    app: Flask, client_for: Any, path: str, given: Any, wanted: Any
) -> None:
    answer = client_for().post(path, json=given)
    assert answer.status_code == 422
    assert answer.json["errors"] == wanted


def test_a_refused_question_says_why_in_chinese(app: Flask, client_for: Any) -> None:
    client = client_for(make_account(["desk"], LEAD))
    answer = client.get("/api/visits", query_string={"limit": "0"})
    assert answer.json["errors"] == {"query": {"limit": ["应不小于 1，不大于 250。"]}}
    answer = client.get("/api/visits", query_string={"limit": "many"})
    assert answer.json["errors"] == {"query": {"limit": ["应是整数。"]}}


def test_moments_name_what_they_are() -> None:
    class When(ma.Schema):
        day = fields.Date()
        at = fields.AwareDateTime()
        choice = fields.String(validate=[validate.OneOf(["甲", "乙"]), validate.Length(max=2)])

    assert When().validate({"day": "x", "at": "x", "choice": "丙丙丙"}) == {
        "day": ["日期的格式不对。"], "at": ["日期时间的格式不对。"], "choice": ["应是下列之一：甲, 乙。", "太长，最多 2。"],
    }  # fmt: skip
