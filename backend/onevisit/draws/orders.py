"""When may a region's inspectors be drawn? Read from its rule profile: the notices differ (S1 art. 3, S2 art. 15). Pure."""

from collections.abc import Mapping, Sequence

from onevisit.draws.states import DrawOrder

_CLAIM, _INSPECTORS = "claim_compare_confirm", "draw_inspectors"


def orders_offered(order: Sequence[str] | None, drawn_by: Sequence[str] | None) -> tuple[DrawOrder, ...]:
    """The orders a department may choose from, the usual one first.

    `order` and `drawn_by` are the profile's `draw.order` and `draw.inspectors_drawn_by`.
    """
    steps = list(order or ())
    if _CLAIM in steps and _INSPECTORS in steps and steps.index(_CLAIM) < steps.index(_INSPECTORS):
        return (DrawOrder.AFTER_CLAIM,)
    if "each_department_for_itself" in (drawn_by or ()):
        return (DrawOrder.TOGETHER, DrawOrder.BY_DEPARTMENT)
    return (DrawOrder.TOGETHER,)


def exceptions_of(
    class_rules: Mapping[str, Mapping[str, object]] | None, risk: str
) -> tuple[str, ...] | None:
    """When somebody of this class must be gone to all the same; None where the class may not be waived (S3)."""
    rule = (class_rules or {}).get(risk) or {}
    if rule.get("on_site") != "not_on_own_initiative":
        return None
    stated = rule.get("except")
    return tuple(str(one) for one in stated) if isinstance(stated, list | tuple) else ()
