"""Which rights stand on an order (行政复议法, 行政诉讼法), in whose words? The phone's paper and the PDF say the same."""

from onevisit.regions.profiles import Profile


def own_remedies(profile: Profile) -> str | None:
    """The region's own wording, where its profile has one."""
    try:
        own = profile.value("papers.remedies").value
    except KeyError:
        return None
    return str(own) if own else None


def usual_remedies(region: str) -> str:
    """The wording where the region has none of its own; the phone says the same (pwa/src/ui/letters.ts)."""
    return (
        f"如不服本通知，可以自收到本通知书之日起六十日内向{region}人民政府申请行政复议，"
        "也可以自收到之日起六个月内依法向有管辖权的人民法院提起行政诉讼。"
    )
