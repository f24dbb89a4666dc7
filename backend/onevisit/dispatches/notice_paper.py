"""When is a check notice printed? When somebody asks for it; sealed and entered among the visit's papers once for every state of its facts."""

from onevisit.core import clock, trail
from onevisit.core.db import transaction
from onevisit.core.sealed import mac_text
from onevisit.dispatches.models import Visit
from onevisit.dispatches.paper import notice_facts
from onevisit.papers.issued import IssuedPaper, find_by_token, issue
from onevisit.papers.render import Metadata, render_pdf
from onevisit.papers.seal import current_sealer
from onevisit.papers.terms import PAPER_LABELS, PaperKind


def issued_notice(visit: Visit) -> IssuedPaper:
    """The paper of what the notice says now; rendered outside of a transaction, because it takes a second."""
    facts = notice_facts(visit)
    token = mac_text("paper-token", [PaperKind.NOTICE.value, visit.id, facts["digest"]])
    if (known := find_by_token(token)) is not None:
        return known
    label = PAPER_LABELS[PaperKind.NOTICE]
    visit_id, region_id = visit.id, visit.region_id
    metadata = Metadata(label, facts["issued_by"], clock.now(), facts["digest"], facts["no"])
    pdf = current_sealer().seal(render_pdf("notice", facts, metadata=metadata))
    with transaction():
        paper = issue(
            PaperKind.NOTICE, "visit", visit_id, number=facts["no"], digest=facts["digest"], pdf=pdf, sealed=True,
            token=token, issuer=facts["issued_by"],
        )  # fmt: skip
        trail.record(
            "paper.issued", "visit", visit_id, region_id=region_id, paper=paper.id, kind=PaperKind.NOTICE.value,
            number=facts["no"], digest=facts["digest"],
        )  # fmt: skip
    return paper
