"""Rectangles whose areas are as given numbers, as square as can be (Bruls, Huizing and van Wijk, 2000)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle by its upper left corner and its sides."""

    x: float
    y: float
    width: float
    height: float

    def within(self, top: float, margin: float) -> Box:
        """What is left of it under a title and within a margin."""
        return Box(
            self.x + margin,
            self.y + top,
            max(0.0, self.width - 2 * margin),
            max(0.0, self.height - top - margin),
        )


def squarify(sizes: Sequence[float], box: Box) -> list[Box]:
    """Part a box into one rectangle per size; sizes are positive and the largest comes first."""
    total = sum(sizes)
    if not total or not box.width or not box.height:
        return [Box(box.x, box.y, 0.0, 0.0) for _ in sizes]
    areas = [size * box.width * box.height / total for size in sizes]
    placed: list[Box] = []
    while len(placed) < len(areas):
        count = _row_length(areas, len(placed), min(box.width, box.height))
        row = areas[len(placed) : len(placed) + count]
        boxes, box = _place(row, box)
        placed += boxes
    return placed


def _row_length(areas: Sequence[float], start: int, side: float) -> int:
    """How many rectangles go side by side before the worst of them gets thinner."""
    total, worst = 0.0, float("inf")
    for at in range(start, len(areas)):
        total += areas[at]
        thickness = total / side
        # In a row all are equally thick, so the thinnest is the first or the last one.
        now = max(_aspect(areas[start] / thickness, thickness), _aspect(areas[at] / thickness, thickness))
        if now > worst:
            return at - start
        worst = now
    return len(areas) - start


def _aspect(one: float, other: float) -> float:
    return max(one / other, other / one)


def _place(row: Sequence[float], box: Box) -> tuple[list[Box], Box]:
    total = sum(row)
    boxes = []
    if box.width >= box.height:
        thickness, y = total / box.height, box.y
        for area in row:
            boxes.append(Box(box.x, y, thickness, area / thickness))
            y += area / thickness
        return boxes, Box(box.x + thickness, box.y, max(0.0, box.width - thickness), box.height)
    thickness, x = total / box.width, box.x
    for area in row:
        boxes.append(Box(x, box.y, area / thickness, thickness))
        x += area / thickness
    return boxes, Box(box.x, box.y + thickness, box.width, max(0.0, box.height - thickness))
