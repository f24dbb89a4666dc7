"""What travels of a department?"""

import marshmallow as ma


class DepartmentSchema(ma.Schema):
    """A department in a list."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    short_name = ma.fields.String(required=True)
    joint_office = ma.fields.Boolean(required=True)


class DepartmentListSchema(ma.Schema):
    """All departments of a region: few, so no paging."""

    items = ma.fields.List(ma.fields.Nested(DepartmentSchema), required=True)
