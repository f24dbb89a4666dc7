"""What travels of a paper on the public page "is this document genuine"?"""

import marshmallow as ma
from flask_smorest.fields import Upload


class PublicPaperSchema(ma.Schema):
    """What may be said of a paper to anybody: no subject, no person."""

    kind = ma.fields.String(required=True)
    kind_label = ma.fields.String(required=True)
    number = ma.fields.String(required=True)
    issued_by = ma.fields.String(required=True)
    issued_at = ma.fields.AwareDateTime(required=True)
    short_code = ma.fields.String(required=True)
    digest = ma.fields.String(required=True)
    sealed = ma.fields.Boolean(required=True)


class GenuineSchema(ma.Schema):
    """Is there such a paper?"""

    genuine = ma.fields.Boolean(required=True)
    paper = ma.fields.Nested(PublicPaperSchema, required=True, allow_none=True)


class FileSchema(ma.Schema):
    """A PDF to be checked."""

    file = Upload(required=True)


class CheckedSchema(ma.Schema):
    """What can be said about a file."""

    verdict = ma.fields.String(required=True)
    verdict_label = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    signed_by = ma.fields.String(required=True, allow_none=True)
    signed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    timestamped = ma.fields.Boolean(required=True)
    sha256 = ma.fields.String(required=True)
    digest = ma.fields.String(required=True, allow_none=True)
    same_as_kept = ma.fields.Boolean(required=True)
    digest_is_kept = ma.fields.Boolean(required=True)
    paper = ma.fields.Nested(PublicPaperSchema, required=True, allow_none=True)
