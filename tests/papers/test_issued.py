"""Is a paper found again by code, link and file?"""

import pytest
from flask import Flask
from sqlalchemy import select

from onevisit.core.db import db, transaction
from onevisit.core.ids import new_id
from onevisit.papers import issued
from onevisit.papers.issued import IssuedPaper
from onevisit.papers.terms import PaperKind
from tests.papers.facts import DIGEST


def make_issued(visit: str, pdf: bytes = b"%PDF paper", digest: str = DIGEST, **over: object) -> IssuedPaper:
    """A record of a visit, issued now."""
    facts = {"number": "南双随记〔2026〕0001号", "sealed": True, "token": issued.new_token(), **over}
    with transaction():
        return issued.issue(PaperKind.RECORD, "visit", visit, digest=digest, pdf=pdf, **facts)  # type: ignore[arg-type]


def test_a_paper_is_found_by_code_token_and_file(app: Flask) -> None:
    paper = make_issued(new_id())
    assert issued.find_by_code("1CAF 4C9E A5DE 965B 91F9 AD28 D396 2C86") is paper
    assert issued.find_by_token(paper.token) is paper
    assert issued.find_by_file(b"%PDF paper") is paper
    assert issued.pdf_of(paper) == b"%PDF paper"
    assert issued.genuine_url("https://example.invalid", paper.token).endswith(paper.token)


def test_strangers_are_not_found(app: Flask) -> None:
    make_issued(new_id())
    assert issued.find_by_code("0000 " * 8) is None
    assert issued.find_by_code("' OR 1=1") is None
    assert issued.find_by_token("") is None
    assert issued.find_by_file(b"%PDF other") is None


def test_the_same_token_issues_once(app: Flask) -> None:
    visit = new_id()
    first = make_issued(visit, token="t" * 43)
    assert make_issued(visit, token="t" * 43).id == first.id
    assert len(db.session.scalars(select(IssuedPaper)).all()) == 1


def test_the_newest_version_is_the_latest(app: Flask) -> None:
    visit = new_id()
    make_issued(visit)
    second = make_issued(visit, pdf=b"%PDF second", digest="0" * 64)
    assert issued.latest_of(PaperKind.RECORD, "visit", visit) is second
    assert issued.latest_of(PaperKind.NOTICE, "visit", visit) is None


def _take_a_number_and_fail() -> None:
    with transaction():
        issued.next_number("南双随记")
        raise ZeroDivisionError


def test_numbers_run_without_gaps_for_each_prefix(app: Flask) -> None:
    with transaction():
        assert [issued.next_number("南双随记") for _ in range(2)] == [
            "南双随记〔2026〕0001号",
            "南双随记〔2026〕0002号",
        ]
        assert issued.next_number("南双随告") == "南双随告〔2026〕0001号"
    with pytest.raises(ZeroDivisionError):
        _take_a_number_and_fail()
    with transaction():
        assert issued.next_number("南双随记") == "南双随记〔2026〕0003号"
