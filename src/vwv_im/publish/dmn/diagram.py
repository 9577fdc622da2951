"""The picture of a decision model: inputs at the bottom, each decision above what it reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree as ET

from vwv_im.publish.dmn.model import Model

DMNDI = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
DC = "http://www.omg.org/spec/DMN/20180521/DC/"
DI = "http://www.omg.org/spec/DMN/20180521/DI/"
WIDTH, HEIGHT, GAP, STOREY = 220, 70, 30, 150


class Box(NamedTuple):
    """Where a decision or an input stands."""

    x: int
    y: int

    @property
    def top(self) -> tuple[int, int]:
        """The middle of its upper edge."""
        return self.x + WIDTH // 2, self.y

    @property
    def bottom(self) -> tuple[int, int]:
        """The middle of its lower edge."""
        return self.x + WIDTH // 2, self.y + HEIGHT


def draw(root: ET.Element, model: Model) -> None:
    """Add the picture to a document."""
    picture = ET.SubElement(ET.SubElement(root, f"{{{DMNDI}}}DMNDI"), f"{{{DMNDI}}}DMNDiagram", id="bild")
    boxes = places(model)
    for name, box in boxes.items():
        shape = ET.SubElement(picture, f"{{{DMNDI}}}DMNShape", id=f"bild_{name}", dmnElementRef=name)
        size = {"x": box.x, "y": box.y, "width": WIDTH, "height": HEIGHT}
        ET.SubElement(shape, f"{{{DC}}}Bounds", {key: str(value) for key, value in size.items()})
    for name, need in _arrows(model):
        reference = f"{name}_braucht_{need}"
        edge = ET.SubElement(picture, f"{{{DMNDI}}}DMNEdge", id=f"bild_{reference}", dmnElementRef=reference)
        for x, y in (boxes[need].top, boxes[name].bottom):
            ET.SubElement(edge, f"{{{DI}}}waypoint", x=str(x), y=str(y))


def places(model: Model) -> dict[str, Box]:
    """Return a box for each input and decision, a decision one storey above the highest it reads."""
    storeys = dict.fromkeys(model.inputs, 0)
    for name, decision in model.decisions.items():
        storeys[name] = 1 + max((storeys[need] for need in decision.needs if need in storeys), default=0)
    highest, rows = max(storeys.values()), dict.fromkeys(storeys.values(), 0)
    boxes = {}
    for name, storey in storeys.items():
        boxes[name] = Box(rows[storey] * (WIDTH + GAP), (highest - storey) * STOREY)
        rows[storey] += 1
    return boxes


def _arrows(model: Model) -> Iterator[tuple[str, str]]:
    """Yield each decision with each input or decision it reads."""
    drawn = {*model.inputs, *model.decisions}
    for name, decision in model.decisions.items():
        yield from ((name, need) for need in decision.needs if need in drawn)
