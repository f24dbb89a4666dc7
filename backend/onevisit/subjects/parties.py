"""Who answers for a subject: it is notified, signs, and the result stands under its name (process.md 1)?"""

from onevisit.core.db import db
from onevisit.subjects.models import Subject
from onevisit.subjects.terms import LEGAL_PERSONS, SubjectKind


def responsible_for(subject: Subject) -> Subject:
    """The subject itself where it is a legal person; products, projects, sites and behaviours name one."""
    if SubjectKind(subject.kind) in LEGAL_PERSONS or subject.responsible_id is None:
        return subject
    return db.session.get_one(Subject, subject.responsible_id)
