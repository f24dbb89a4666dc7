"""Is a credit code right? The same answer as rules.check_digit_warning, by table, for a million rows. Pure (GB 32100)."""

from collections.abc import Callable
from itertools import product

from onevisit.subjects.rules import credit_code_fault

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {letter: at for at, letter in enumerate(ALPHABET)}
_WEIGHTS = [pow(3, at, 31) for at in range(17)]
_HEADS = 100_000


def _sums(start: int, length: int) -> dict[str, int]:
    """Every piece of that length at that place -> its part of the sum."""
    return {
        "".join(letters): sum(_VALUE[one] * _WEIGHTS[start + at] for at, one in enumerate(letters))
        for letters in product(ALPHABET, repeat=length)
    }


def code_reader() -> Callable[[str], bool]:
    """A reader that says whether the check digit differs; KeyError or IndexError where the shape is wrong.

    A letter that is not allowed in the last place is a doubt as well: the caller asks `credit_code_fault` then.
    """
    first, second, third, fourth = (_sums(at, 2) for at in (8, 10, 12, 14))
    last, heads = _sums(16, 1), dict[str, int]()
    right = [ALPHABET[(31 - total) % 31] for total in range(31)]

    def head_of(code: str) -> int:
        if credit_code_fault(code) is not None:
            raise KeyError(code)
        found = sum(_VALUE[one] * _WEIGHTS[at] for at, one in enumerate(code[:8]))
        if len(heads) < _HEADS:
            heads[code[:8]] = found
        return found

    def doubtful(code: str) -> bool:
        head = heads.get(code[:8])
        if head is None:
            head = head_of(code)
        total = (
            head
            + first[code[8:10]]
            + second[code[10:12]]
            + third[code[12:14]]
            + fourth[code[14:16]]
            + last[code[16]]
        )
        return code[17:] != right[total % 31]

    return doubtful
