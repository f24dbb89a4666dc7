"""How do recorded pen strokes become a picture? Integers in, one small SVG out, always the same."""

from collections.abc import Sequence
from itertools import pairwise

Strokes = Sequence[Sequence[Sequence[int]]]

PEN = "#15233a"
MARGIN = 4
MOST_POINTS = 20_000


def drawn(strokes: Strokes) -> str:
    """An SVG of the strokes, cut to what was written; a tap is a dot.

    The pen is as thick as a ballpoint at the height a signature is printed, whatever the pad's size.
    """
    points = [point for stroke in strokes for point in stroke]
    if not points:
        raise ValueError("a signature without strokes")
    if len(points) > MOST_POINTS or any(len(point) < 2 or not _whole(point) for point in points):
        raise ValueError("strokes are lists of whole [x, y]")
    left, top = min(x for x, *_ in points), min(y for _, y, *_ in points)
    width, height = max(x for x, *_ in points) - left, max(y for _, y, *_ in points) - top
    pen = max(2, max(width // 4, height) // 24)
    edge = MARGIN + pen
    path = "".join(_line(stroke, left - edge, top - edge) for stroke in strokes if stroke)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + 2 * edge}" height="{height + 2 * edge}" '
        f'viewBox="0 0 {width + 2 * edge} {height + 2 * edge}"><path d="{path}" fill="none" stroke="{PEN}" '
        f'stroke-width="{pen}" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


def _whole(point: Sequence[int]) -> bool:
    return all(isinstance(part, int) and not isinstance(part, bool) for part in point[:2])


def _line(stroke: Sequence[Sequence[int]], left: int, top: int) -> str:
    """Quadratic curves through the midpoints, so that few points still look written."""
    spots = [(point[0] - left, point[1] - top) for point in stroke]
    first, *rest = spots
    parts = [f"M{first[0]} {first[1]}"]
    if not rest:
        return f"{parts[0]}l0 0"
    for (x, y), (next_x, next_y) in pairwise(rest):
        parts.append(f"Q{x} {y} {(x + next_x) // 2} {(y + next_y) // 2}")
    return "".join([*parts, f"L{rest[-1][0]} {rest[-1][1]}"])
