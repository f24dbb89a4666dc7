"""When is the draw certificate made? By the job runner, once a draw is done; sealed, and entered in the register of papers."""

from onevisit.core import clock
from onevisit.core.db import db, transaction
from onevisit.core.trail import TrailEntry
from onevisit.draws.models import Draw
from onevisit.draws.paper import certificate_facts
from onevisit.papers.issued import IssuedPaper, issue, latest_of, new_token
from onevisit.papers.render import Metadata, render_pdf
from onevisit.papers.seal import current_sealer
from onevisit.papers.terms import PAPER_LABELS, PaperKind


def issue_certificate(entry: TrailEntry) -> None:
    """Render and seal outside of any transaction: it takes a second, and nobody waits for it."""
    if certificate_of(entry.object_id) is not None:
        return
    draw = db.session.get_one(Draw, entry.object_id)
    facts = certificate_facts(draw)
    made = Metadata(
        PAPER_LABELS[PaperKind.CERTIFICATE], facts["issued_by"], clock.now(), facts["digest"], facts["no"]
    )
    draw_id, pdf = draw.id, current_sealer().seal(render_pdf("certificate", facts, metadata=made))
    with transaction():
        issue(
            PaperKind.CERTIFICATE, "draw", draw_id, number=facts["no"], digest=facts["digest"], pdf=pdf, sealed=True,
            token=new_token(),
        )  # fmt: skip


def certificate_of(draw_id: str) -> IssuedPaper | None:
    """The certificate of a draw, once it is made."""
    return latest_of(PaperKind.CERTIFICATE, "draw", draw_id)
