"""How a graph is laid out: its names in columns, so that few lines cross."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def untangled(columns: Sequence[Sequence[str]], edges: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return the columns with each name, from right to left, at the height of what it leads to.

    >>> untangled([["a", "b"], ["x", "y"]], [("a", "y"), ("b", "x")])
    [['b', 'a'], ['x', 'y']]
    """
    leads: dict[str, list[str]] = {}
    for source, target in edges:
        leads.setdefault(source, []).append(target)
    height: dict[str, float] = {}
    ordered: list[list[str]] = []
    for column in reversed(columns):

        def aim(name: str) -> float:
            aims = [height[target] for target in leads.get(name, ()) if target in height]
            return sum(aims) / len(aims) if aims else -1.0

        placed = sorted(column, key=aim) if ordered else list(column)
        height.update({name: (index + 0.5) / len(placed) for index, name in enumerate(placed)})
        ordered.insert(0, placed)
    return ordered


def layers(edges: Mapping[str, Iterable[str]], roots: Iterable[str]) -> list[list[str]]:
    """Return the names that `roots` rest on, in columns: each stands left of everything that reads it.

    >>> layers({"c": ["a", "b"], "b": ["a"]}, ["c"])
    [['a'], ['b'], ['c']]
    """
    depth: dict[str, int] = {}

    def below(name: str) -> int:
        if name not in depth:
            depth[name] = 1 + max((below(other) for other in edges.get(name, ())), default=-1)
        return depth[name]

    for root in roots:
        below(root)
    columns: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name in sorted(depth):
        columns[depth[name]].append(name)
    return columns
