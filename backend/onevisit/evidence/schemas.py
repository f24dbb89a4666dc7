"""What travels with a file?"""

import marshmallow as ma


class FileQuery(ma.Schema):
    """Of which visit, and how large."""

    class Meta:
        unknown = ma.EXCLUDE

    visit = ma.fields.String(required=True)
    size = ma.fields.String(load_default="full", validate=ma.validate.OneOf(["full", "thumb"]))
