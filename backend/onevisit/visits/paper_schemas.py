"""What travels of the papers of a visit?"""

import marshmallow as ma


class PaperSchema(ma.Schema):
    """A paper as the register knows it."""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    kind_label = ma.fields.String(required=True)
    number = ma.fields.String(required=True)
    issued_at = ma.fields.AwareDateTime(required=True)
    digest = ma.fields.String(required=True)
    short_code = ma.fields.String(required=True)
    sealed = ma.fields.Boolean(required=True)
    current = ma.fields.Boolean(required=True)
    url = ma.fields.String(required=True)
    genuine_url = ma.fields.String(required=True)


class PaperListSchema(ma.Schema):
    """All papers of a visit."""

    items = ma.fields.List(ma.fields.Nested(PaperSchema), required=True)
