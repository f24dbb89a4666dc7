"""Does an office see each rule in the words of its own notice, or that it is our default?"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from tests.factories import make_account


def test_every_rule_says_where_it_comes_from(app: Flask, client_for: Callable[..., Any]) -> None:
    shown = client_for(make_account()).get("/api/regions/mine").json
    assert len(shown["rules"]) > 100
    assert [
        one["key"]
        for one in shown["rules"]
        if one["from_notice"] and not one["sentence"] and one["group"] != "identity"
    ] == []
    assert [one["key"] for one in shown["rules"] if not one["from_notice"] and one["sentence"]] == []
    limits = {one["key"]: one for one in shown["limits"]}
    assert (limits["entry"]["number"], limits["entry"]["start_label"]) == (7, "抽查任务完成之日")
    assert "7个工作日" in limits["entry"]["sentence"]
    assert (limits["claim"]["number"], limits["claim"]["from_notice"], limits["claim"]["sentence"]) == (
        5,
        False,
        None,
    )
