"""Ways through a port: the one path in a tree, and shortest times over a graph."""

import heapq
from collections.abc import Mapping, Sequence


def tree_path(
    ends: Mapping[str, tuple[str, str]], from_node: str, to_node: str, nodes: Sequence[str]
) -> list[tuple[str, bool]]:
    """Return the edges between two nodes of a tree, each with True if sailed first to second end.

    Raises:
        KeyError: one of the nodes is not among ``nodes``.
    """
    for node in (from_node, to_node):
        if node not in nodes:
            raise KeyError(node)
    came_by: dict[str, tuple[str, str, bool] | None] = {from_node: None}
    open_nodes = [from_node]
    while open_nodes and to_node not in came_by:
        at = open_nodes.pop()
        for edge, (first, second) in ends.items():
            if first == at and second not in came_by:
                came_by[second] = (at, edge, True)
                open_nodes.append(second)
            elif second == at and first not in came_by:
                came_by[first] = (at, edge, False)
                open_nodes.append(first)
    path: list[tuple[str, bool]] = []
    at = to_node
    while (step := came_by[at]) is not None:
        at, edge, forward = step
        path.append((edge, forward))
    return path[::-1]


def shortest_minutes(edges: Sequence[tuple[str, str, float]], start: str) -> dict[str, float]:
    """Return the least minutes from a place to every place it can reach, both ways on each edge."""
    neighbours: dict[str, list[tuple[str, float]]] = {}
    for first, second, minutes in edges:
        neighbours.setdefault(first, []).append((second, minutes))
        neighbours.setdefault(second, []).append((first, minutes))
    reached: dict[str, float] = {}
    queue: list[tuple[float, str]] = [(0.0, start)]
    while queue:
        minutes, at = heapq.heappop(queue)
        if at in reached:
            continue
        reached[at] = minutes
        for other, more in neighbours.get(at, ()):
            if other not in reached:
                heapq.heappush(queue, (minutes + more, other))
    return reached
