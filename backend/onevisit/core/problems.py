"""What went wrong, said so that a person knows what to do and a phone knows whether to try again."""

from typing import Any, Literal

Retry = Literal["now", "later", "after_login", "never"]


class Problem(Exception):
    """A refusal: a stable code `step.what_is_wrong` and a Chinese sentence (RFC 9457).

    `retry` tells a phone what to do with the thing it sent; `extra` travels as further members.
    """

    def __init__(
        self, code: str, detail: str, status: int = 422, retry: Retry = "never", **extra: Any
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail, self.status, self.retry, self.extra = code, detail, status, retry, extra

    def as_json(self) -> dict[str, Any]:
        """The body of the answer, `application/problem+json`."""
        return {
            "type": f"urn:onevisit:problem:{self.code}",
            "title": self.code,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "retry": self.retry,
            **self.extra,
        }


def not_found(what: str = "内容") -> Problem:
    """It is not there, or not for you: the answer is the same, so that nobody can probe."""
    return Problem(
        "api.not_found", f"没有找到这个{what}，可能已被移走，或不属于您的范围。请返回列表重新打开。", 404
    )


def forbidden(detail: str = "您的账号没有做这件事的权限。需要时请联系本单位管理员。") -> Problem:
    """Known, but not allowed."""
    return Problem("auth.forbidden", detail, 403)


def stale() -> Problem:
    """Somebody was faster (If-Match)."""
    return Problem("api.stale", "别人刚刚改过这一条，您的修改没有写入。请刷新后对照再改。", 412, "never")
