"""Is this document genuine? Answers for a scanned or typed code, and for a whole file that somebody brings."""

from typing import Any

from sqlalchemy.exc import OperationalError

from onevisit.core.db import db
from onevisit.papers.issued import IssuedPaper, find_by_code, find_by_file, find_by_token
from onevisit.papers.rules import is_token
from onevisit.papers.seal import CHANGED, Verdict, current_sealer
from onevisit.papers.terms import FINDING_LABELS, PAPER_LABELS, Finding, PaperKind


def looked_up(code_or_token: str) -> dict[str, Any]:
    """What the register says publicly of a paper: kind, number, day and who issued it, never about whom."""
    paper = find_by_code(code_or_token)
    if paper is None and is_token(code_or_token):
        paper = find_by_token(code_or_token)
    return {"genuine": paper is not None, "paper": said_publicly(paper) if paper else None}


def said_publicly(paper: IssuedPaper) -> dict[str, Any]:
    """Field by field, so that nothing added later is said by accident."""
    return {
        "kind": paper.kind, "kind_label": PAPER_LABELS[PaperKind(paper.kind)], "number": paper.number,
        "issued_by": paper.issuer, "issued_at": paper.issued_at, "short_code": paper.short_code,
        "digest": paper.digest, "sealed": paper.sealed,
    }  # fmt: skip


def checked(pdf: bytes) -> dict[str, Any]:
    """Untouched, changed or not ours; by whom it was sealed, and whether the register knows it."""
    verdict = current_sealer().verify(pdf)
    same, named = _registered(pdf, verdict)
    finding, paper = _finding(verdict, same), same or named
    return {
        "verdict": finding.value,
        "verdict_label": FINDING_LABELS[finding],
        "reason": verdict.reason,
        "signed_by": verdict.signed_by,
        "signed_at": verdict.signed_at,
        "timestamped": verdict.timestamped,
        "sha256": verdict.sha256,
        "digest": verdict.digest,
        "same_as_kept": same is not None,
        "digest_is_kept": named is not None,
        "paper": said_publicly(paper) if paper else None,
    }


def _finding(verdict: Verdict, same: IssuedPaper | None) -> Finding:
    if same is not None or verdict.untouched:
        return Finding.UNTOUCHED
    return Finding.CHANGED if verdict.sealed and verdict.reason == CHANGED else Finding.UNKNOWN


def _registered(pdf: bytes, verdict: Verdict) -> tuple[IssuedPaper | None, IssuedPaper | None]:
    """The paper that is this file, and the paper of the digest it carries; the command line may have no database."""
    try:
        return find_by_file(pdf), find_by_code(verdict.digest) if verdict.digest else None
    except OperationalError:
        db.session.rollback()
        return None, None
