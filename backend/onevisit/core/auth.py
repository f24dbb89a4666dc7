"""Who is asking, and may they ask at all? Knows no step: create_app brings the account loader."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar, cast

from flask import current_app, g, has_request_context
from flask_jwt_extended import get_jwt_identity, verify_jwt_in_request

from onevisit.core.problems import Problem, forbidden

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Actor:
    """The one who acts: an account, or the system itself."""

    account_id: str | None
    name: str
    roles: frozenset[str] = field(default_factory=frozenset)
    region_id: str | None = None
    department_id: str | None = None
    inspector_id: str | None = None

    def has(self, *roles: str) -> bool:
        """Does the actor hold one of these roles?"""
        return bool(self.roles & set(roles))


SYSTEM = Actor(None, "系统")
PUBLIC = Actor(None, "公众")
AccountLoader = Callable[[str], Actor | None]


def acting() -> Actor:
    """The actor of the running request; outside of one, the system."""
    return cast(Actor, g.get("actor", PUBLIC)) if has_request_context() else SYSTEM


def needs(*roles: str) -> Callable[[F], F]:
    """Only signed-in accounts with one of `roles` (none named: any account) may ask."""

    def decorate(view: F) -> F:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            g.actor = actor = _signed_in()
            if roles and not actor.has(*roles):
                raise forbidden()
            if (earlier := _answer_again()) is not None:
                return earlier
            return view(*args, **kwargs)

        guarded.__who__ = frozenset(roles) or frozenset({"any_account"})  # type: ignore[attr-defined]
        return cast(F, guarded)

    return decorate


def _answer_again() -> Any:
    from onevisit.core.idempotency import answer_again

    return answer_again()


def public(view: F) -> F:
    """Anybody may ask; said aloud, so that no route is open by forgetting."""
    view.__who__ = frozenset({"public"})  # type: ignore[attr-defined]
    return view


def _signed_in() -> Actor:
    verify_jwt_in_request(locations=["headers"])
    loader: AccountLoader = current_app.extensions["onevisit.account_loader"]
    actor = loader(get_jwt_identity())
    if actor is None:
        raise Problem(
            "auth.account_closed",
            "这个账号已停用。您手机里的记录还在，请联系本单位管理员。",
            401,
            "after_login",
        )
    return actor


def mine(region_id: str | None, department_id: str | None = None) -> bool:
    """Does a thing of this region (and department) lie within the actor's own?

    The joint office sees its whole region, everybody else only the own department where one is named.
    """
    actor = acting()
    if region_id is not None and actor.region_id != region_id:
        return False
    return department_id is None or actor.has("joint_office") or actor.department_id == department_id
