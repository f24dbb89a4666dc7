"""Plain functions that make things as a test needs them: `make_account(roles=["desk"])`."""

from tests.factories.people import make_account, make_department, make_region

__all__ = ["make_account", "make_department", "make_region"]
