"""Are these credit codes right? The same answer as rules.check_digit_warning, for many at once. Pure (GB 32100).

Every place of the codes is one string of bytes, one byte for each code: what each sign adds to the sum is looked up for
all of them at once, and the sums are added as one long number whose bytes never carry over.
"""

from collections.abc import Callable, Sequence

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH, _LAST = 18, 17
_WEIGHTS = [pow(3, place, 31) for place in range(_LAST)]
_ALLOWED = ALPHABET.encode()
_DIGITS = ALPHABET[:10].encode()
_REGION = range(2, 8)  # digits only
_AT_ONCE = 8  # places whose parts, each below 31, are added without leaving their bytes


def _table(part: Callable[[int], int]) -> bytes:
    """Sign -> what it adds; signs that are not allowed are refused before."""
    return bytes(part(ALPHABET.index(chr(sign))) if sign in _ALLOWED else 0 for sign in range(256))


_PARTS = [_table(lambda value, by=weight: value * by % 31) for weight in _WEIGHTS]  # type: ignore[misc]
_CHECK = _table(lambda value: value)
_REST = bytes(total % 31 for total in range(256))


def doubtful(codes: Sequence[str]) -> list[bool]:
    """Whether each check digit differs from the one that follows from the others; KeyError where a shape is wrong."""
    text = "".join(codes).encode("ascii", "replace")
    if len(text) != _LENGTH * len(codes) or any(len(one) != _LENGTH for one in codes):
        raise KeyError("length")
    if text.translate(None, _ALLOWED):
        raise KeyError("signs")
    places = [text[place::_LENGTH] for place in range(_LENGTH)]
    if b"".join(places[place] for place in _REGION).translate(None, _DIGITS):
        raise KeyError("region")
    total = int.from_bytes(places[_LAST].translate(_CHECK), "little")
    for start in range(0, _LAST, _AT_ONCE):
        some = 0
        for place in range(start, min(start + _AT_ONCE, _LAST)):
            some += int.from_bytes(places[place].translate(_PARTS[place]), "little")
        total += int.from_bytes(some.to_bytes(len(codes), "little").translate(_REST), "little")
    return [rest != 0 for rest in total.to_bytes(len(codes), "little").translate(_REST)]
