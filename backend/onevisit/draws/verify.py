"""Is a draw what its bundle says? Recomputes everything in it and names what fails (draw.md §7)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from onevisit.core.problems import Problem
from onevisit.draws import verify_lists, verify_lot
from onevisit.draws.case import Bundle as Bundle
from onevisit.draws.case import Case
from onevisit.draws.case import CheckSignature as CheckSignature
from onevisit.draws.lot import Hashing, tickets
from onevisit.draws.terms import CHECK_LABELS, CheckCode
from onevisit.draws.verdict import Check as Check
from onevisit.draws.verdict import Mismatch as Mismatch
from onevisit.draws.verdict import Unchecked, Verification

_ALL: Final = {**verify_lot.LOOKS, **verify_lists.LOOKS}
_LOOKS: Final = {code.value: _ALL[code.value] for code in CheckCode}  # in the order in which they are told


def verify(
    bundle: Bundle,
    public_key: CheckSignature | None = None,
    *,
    earlier: Sequence[Bundle] = (),
    hashing: Hashing = tickets,
) -> Verification:
    """Every check that the bundle's content allows, in the order of `CheckCode`.

    `public_key` says whether a signature is by the named key. `earlier` are the bundles of the draws that
    an inspectors' draw refers to (`subjects_draw`); without them the visits are taken as stated: a warning.
    """
    case = Case(bundle, public_key, earlier, hashing)
    checks = tuple(_looked_at(code, look, case) for code, look in _LOOKS.items() if _applies(code, bundle))
    return Verification(all(check.ok for check in checks), checks)


def _applies(code: str, bundle: Any) -> bool:
    needed = verify_lists.NEEDS.get(code)
    return needed is None or (isinstance(bundle, Mapping) and needed in bundle)


def _looked_at(code: str, look: Callable[[Case], int], case: Case) -> Check:
    label = CHECK_LABELS[CheckCode(code)]
    try:
        return Check(code, label, True, look(case))
    except Mismatch as found:
        return Check(code, label, False, 0, str(found))
    except Unchecked as found:
        return Check(code, label, True, 0, str(found), warning=True)
    except Problem as found:
        return Check(code, label, False, 0, found.detail)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as found:
        return Check(code, label, False, 0, f"缺少内容或读不懂：{found!r}")
