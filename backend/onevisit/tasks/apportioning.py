"""How is a fixed number shared among the regions below? By their counts, largest remainders, with every step kept. Pure."""

from collections.abc import Mapping
from fractions import Fraction
from math import floor
from typing import Any


def apportioned(number: int, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Region -> its share of `number`: number · count / all, rounded down; what is left goes to the largest remainders.

    No region gets more than it has; a tie goes to the larger region, then to the earlier code. What the regions
    together do not have is given to nobody, and the caller sees it in the sum.
    """
    total = sum(counts.values())
    shares = {one: Fraction(number * count, total) if total else Fraction(0) for one, count in counts.items()}
    given = {one: min(counts[one], floor(share)) for one, share in shares.items()}
    left = min(number, total) - sum(given.values())
    order = sorted(counts, key=lambda one: (floor(shares[one]) - shares[one], -counts[one], one))
    for one in [one for one in order if given[one] < counts[one]][:left]:
        given[one] += 1
    return [
        {
            "region_id": one, "count": count, "share": _decimal(shares[one]), "floor": floor(shares[one]),
            "number": given[one],
        }
        for one, count in counts.items()
    ]  # fmt: skip


def _decimal(share: Fraction) -> str:
    """Three places are enough to see why a remainder won; the comparison itself is exact."""
    whole, rest = divmod(share, 1)
    return f"{int(whole)}.{floor(rest * 1000):03d}"
