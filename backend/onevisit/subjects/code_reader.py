"""Is a credit code right? The same answer as rules.check_digit_warning, by table, for a million rows. Pure (GB 32100)."""

from collections.abc import Callable, Sequence
from functools import cache

from onevisit.subjects.rules import credit_code_fault

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {letter: at for at, letter in enumerate(ALPHABET)}
_WEIGHTS = [pow(3, at, 31) for at in range(17)]
_MOST_HEADS = 100_000


def _sums(start: int) -> dict[str, int]:
    """Every three letters at that place -> their part of the sum."""
    one, two, three = (
        [(letter, at * _WEIGHTS[place]) for at, letter in enumerate(ALPHABET)]
        for place in range(start, start + 3)
    )
    return {a + b + c: x + y + z for a, x in one for b, y in two for c, z in three}


@cache
def _tables() -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    return _sums(8), _sums(11), _sums(14)


def code_reader() -> Callable[[Sequence[str]], list[bool]]:
    """A reader that says of each code whether the check digit differs; KeyError where a shape is wrong.

    A letter that is not allowed in the last place, or too many of them, is a doubt as well: the caller asks
    `credit_code_fault` then.
    """
    first, second, third = _tables()
    heads = _Heads()
    right = [ALPHABET[(31 - total) % 31] for total in range(31)]

    def doubtful(codes: Sequence[str]) -> list[bool]:
        return [
            right[(heads[code[:8]] + first[code[8:11]] + second[code[11:14]] + third[code[14:17]]) % 31]
            != code[17:]
            for code in codes
        ]

    return doubtful


class _Heads(dict[str, int]):
    """The first eight characters -> their part of the sum: kind and region, which a list repeats."""

    def __missing__(self, head: str) -> int:
        if credit_code_fault(head + "0" * 10) is not None:
            raise KeyError(head)
        found = sum(_VALUE[one] * _WEIGHTS[at] for at, one in enumerate(head))
        if len(self) < _MOST_HEADS:
            self[head] = found
        return found
