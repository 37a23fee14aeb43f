"""A layered layout of a directed graph, read from left to right.

The method is that of K. Sugiyama, S. Tagawa and M. Toda, "Methods for Visual Understanding of
Hierarchical System Structures" (1981), in four steps: turn edges that close a cycle, give each node
a rank (a column) by its longest path, order each column so that few edges cross, and place the
nodes so that edges run straight. An edge that spans several columns passes through a point in each
of them; edges of one source share these points. The same graph always gives the same layout.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from typing import NamedTuple

NODE_GAP = 16.0  # between two boxes of a column, in pixels like all lengths here
PASSING_GAP = 9.0  # around an edge that passes through a column
ARROW = 16.0  # the straight run that an edge without a label has before its target
_ORDER_SWEEPS = 14
_PLACE_SWEEPS = 20


class Box(NamedTuple):
    """Where a node is: its centre, width and height."""

    x: float
    y: float
    width: float
    height: float


class Route(NamedTuple):
    """How an edge runs, from its source to its target.

    Between two points at one height it is straight; else it bends. The label goes to `label`, the
    middle of a level stretch wide enough for it. A `turned` edge closes a cycle: it ends at
    points[0], since it runs against the reading direction.
    """

    points: tuple[tuple[float, float], ...]
    label: tuple[float, float]
    turned: bool


class Layout(NamedTuple):
    """Boxes in the order of the nodes, routes in the order of the edges, and the picture's size."""

    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]
    width: float
    height: float


def arrange(
    sizes: Sequence[tuple[float, float]],
    edges: Sequence[tuple[int, int]],
    labels: Sequence[tuple[float, float]],
) -> Layout:
    """Places nodes of the given (width, height) and routes (source, target) pairs of node numbers.

    `labels` gives the (width, height) of each edge's label, (0, 0) for none. A node grows where the
    labels of its incoming edges need more height. Edges from a node to itself are not allowed.
    """
    if not sizes:
        return Layout((), (), 0.0, 0.0)
    turned = _cycle_edges(len(sizes), edges)
    level = [(t, s) if back else (s, t) for (s, t), back in zip(edges, turned)]
    graph = _Layered(sizes, level, labels)
    graph.order()
    graph.place()
    return graph.layout(turned)


def _cycle_edges(count: int, edges: Sequence[tuple[int, int]]) -> list[bool]:
    """Which edges lead back to a node from which the search came: without them no cycle is left."""
    leaving: list[list[int]] = [[] for _ in range(count)]
    for number, (source, _) in enumerate(edges):
        leaving[source].append(number)
    turned = [False] * len(edges)
    state = [0] * count  # 1: on the way, 2: done
    for root in range(count):
        stack = [(root, 0)] if state[root] == 0 else []
        while stack:
            node, i = stack.pop()
            state[node] = 1
            if i == len(leaving[node]):
                state[node] = 2
                continue
            stack.append((node, i + 1))
            target = edges[leaving[node][i]][1]
            if state[target] == 1:
                turned[leaving[node][i]] = True
            elif state[target] == 0:
                stack.append((target, 0))
    return turned


def ranks(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """The column of each node of a graph without cycles: one more than the highest of its inputs'.

    A node that has no inputs stands right before the first that uses it.
    """
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        before[target].append(source)
        after[source].append(target)
    waiting = [len(sources) for sources in before]
    ready = [node for node in range(count) if waiting[node] == 0]
    rank = [0] * count
    for node in ready:
        for target in after[node]:
            rank[target] = max(rank[target], rank[node] + 1)
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)
    # From the back, so that a chain that starts with such nodes moves as one.
    for node in reversed(ready):
        if after[node] and not before[node]:
            rank[node] = min(rank[target] for target in after[node]) - 1
    return rank


class _Layered:
    """The graph with a point in each column that an edge passes: every link spans one column.

    Items 0 ... n-1 are the nodes, the others are such points.
    """

    def __init__(
        self,
        sizes: Sequence[tuple[float, float]],
        edges: Sequence[tuple[int, int]],
        labels: Sequence[tuple[float, float]],
    ) -> None:
        self.sizes, self.edges, self.labels = sizes, edges, labels
        self.count = len(sizes)
        self.rank = ranks(self.count, edges)
        self.chains: list[list[int]] = []  # for each edge its items, from source to target
        self.before: list[list[int]] = [[] for _ in sizes]
        self.after: list[list[int]] = [[] for _ in sizes]
        self.entering: list[list[int]] = [[] for _ in sizes]  # a node's incoming edges
        points: dict[tuple[int, int], int] = {}
        for number, (source, target) in enumerate(edges):
            chain = [source]
            for rank in range(self.rank[source] + 1, self.rank[target]):
                item = points.get((source, rank))
                if item is None:
                    item = points[source, rank] = len(self.rank)
                    self.rank.append(rank)
                    self.before.append([])
                    self.after.append([])
                    self._link(chain[-1], item)
                chain.append(item)
            self._link(chain[-1], target)
            chain.append(target)
            self.chains.append(chain)
            self.entering[target].append(number)
        self.columns: list[list[int]] = [[] for _ in range(max(self.rank) + 1)]
        self.position = [0] * len(self.rank)

    def _link(self, source: int, target: int) -> None:
        self.after[source].append(target)
        self.before[target].append(source)

    def order(self) -> None:
        """Orders every column by medians of the neighbours, forth and back; the best stays."""
        self._first_order()
        best, fewest = [list(column) for column in self.columns], self._crossings()
        for sweep in range(_ORDER_SWEEPS):
            if fewest == 0:
                break
            forth = sweep % 2 == 0
            neighbours = self.before if forth else self.after
            for column in self.columns if forth else reversed(self.columns):
                self._sort_by_medians(column, neighbours, ties_flip=sweep % 4 >= 2)
            self._swap_neighbours()
            crossings = self._crossings()
            if crossings < fewest:
                best, fewest = [list(column) for column in self.columns], crossings
        for column, items in zip(self.columns, best):
            column[:] = items
            self._number(column)

    def _first_order(self) -> None:
        """Inputs in the order in which a node takes them, from the last nodes backwards."""
        seen = [False] * len(self.rank)
        ends = [item for item in range(len(self.rank)) if not self.after[item]]
        stack = [*reversed(ends)]
        while stack:
            item = stack.pop()
            if not seen[item]:
                seen[item] = True
                self.columns[self.rank[item]].append(item)
                stack += reversed(self.before[item])
        for column in self.columns:
            self._number(column)

    def _number(self, column: list[int]) -> None:
        for place, item in enumerate(column):
            self.position[item] = place

    def _sort_by_medians(
        self, column: list[int], neighbours: list[list[int]], ties_flip: bool
    ) -> None:
        position = self.position
        keys: dict[int, tuple[float, int]] = {}
        for item in column:
            places = sorted([position[other] for other in neighbours[item]])
            middle = len(places) // 2
            if not places:
                median = float(position[item])
            elif len(places) % 2:
                median = places[middle]
            else:
                median = (places[middle - 1] + places[middle]) / 2
            keys[item] = (median, -position[item] if ties_flip else position[item])
        column.sort(key=keys.__getitem__)
        self._number(column)

    def _swap_neighbours(self) -> None:
        """Swaps items that stand one above the other where that saves crossings."""
        position = self.position
        for column in self.columns:
            for i in range(len(column) - 1):
                upper, lower = column[i], column[i + 1]
                saved = 0
                for near in (self.before, self.after):
                    if len(near[upper]) * len(near[lower]) > 64:
                        continue
                    for a in near[upper]:
                        for b in near[lower]:
                            saved += (position[a] > position[b]) - (position[a] < position[b])
                if saved > 0:
                    column[i], column[i + 1] = lower, upper
                    position[upper], position[lower] = i + 1, i

    def _crossings(self) -> int:
        crossings = 0
        for column in self.columns[:-1]:
            passed: list[int] = []
            for item in column:
                places = sorted([self.position[other] for other in self.after[item]])
                for place in places:
                    crossings += len(passed) - bisect_left(passed, place + 1)
                for place in places:
                    insort(passed, place)
        return crossings

    def place(self) -> None:
        """Gives every item its height in the picture, near those to which it is linked."""
        self._find_ports()
        self.y = [0.0] * len(self.rank)
        for column in self.columns:
            self._settle(column, [0.0] * len(column), [1.0] * len(column))
        # The last sweep is one forth, so that a node with one input stands level with it.
        for sweep in range(_PLACE_SWEEPS + 1):
            forth = sweep % 2 == 0
            for column in self.columns if forth else reversed(self.columns):
                wishes = [self._wish(item, forth, sweep == _PLACE_SWEEPS) for item in column]
                # A passing edge stays straight rather than that a box moves nearer.
                weights = [1.0 if item < self.count else 6.0 for item in column]
                self._settle(column, wishes, weights)
        # Then what has no inputs moves to where it is used; all else stays.
        for column in self.columns:
            wishes = [self.y[i] if self.before[i] else self._wish(i, False, False) for i in column]
            self._settle(column, wishes, [1e6 if self.before[i] else 1.0 for i in column])

    def _find_ports(self) -> None:
        """Where edges enter a node, from its middle: one under the other as their sources are."""
        self.port = [0.0] * len(self.edges)
        self.height = [0.0] * len(self.rank)
        for node, (_, height) in enumerate(self.sizes):
            entering = self.entering[node]
            entering.sort(key=lambda e: (self.position[self.chains[e][-2]], e))
            pitches = [max(self.labels[e][1], 9.0) for e in entering]
            self.height[node] = max(height, sum(pitches) if len(pitches) > 1 else 0.0)
            top = -sum(pitches) / 2
            for edge, pitch in zip(entering, pitches):
                self.port[edge] = top + pitch / 2
                top += pitch
        # A label may be higher than its box.
        self.space = list(self.height)
        for node, entering in enumerate(self.entering):
            labels = sum(self.labels[e][1] for e in entering)
            self.space[node] = max(self.height[node], labels)
        # (source item, target item) -> where the link enters; parallel edges share a mean.
        self.entry: dict[tuple[int, int], float] = {}
        for edge, chain in enumerate(self.chains):
            pair = chain[-2], chain[-1]
            known = self.entry.get(pair)
            port = self.port[edge]
            self.entry[pair] = port if known is None else (known + port) / 2

    def _wish(self, item: int, forth: bool, last: bool) -> float:
        y = self.y
        if (forth or not self.after[item]) and self.before[item]:
            # What starts at this node's side (a weight) follows it; a chain of nodes stays level.
            inner = [other for other in self.before[item] if self.before[other]]
            wishes = [y[other] for other in inner or self.before[item]]
        elif self.after[item] and not last:
            wishes = [y[other] + self.entry.get((item, other), 0.0) for other in self.after[item]]
        else:
            return y[item]
        return sum(wishes) / len(wishes)

    def _settle(self, column: list[int], wishes: list[float], weights: list[float]) -> None:
        """The heights nearest to the wishes, by least squares, that keep order and distances.

        Items that would overlap join a block, which takes the mean of its wishes (isotonic
        regression by pooling neighbours that are out of order).
        """
        offset, offsets = 0.0, []
        for i, item in enumerate(column):
            if i:
                offset += self._distance(column[i - 1], item)
            offsets.append(offset)
        blocks: list[tuple[float, float, int]] = []  # mean, weight, items
        for wish, weight, offset in zip(wishes, weights, offsets):
            block = (wish - offset, weight, 1)
            while blocks and blocks[-1][0] >= block[0]:
                mean, heavy, many = blocks.pop()
                total = heavy + block[1]
                block = ((mean * heavy + block[0] * block[1]) / total, total, many + block[2])
            blocks.append(block)
        i = 0
        for mean, _, many in blocks:
            for _ in range(many):
                self.y[column[i]] = mean + offsets[i]
                i += 1

    def _distance(self, upper: int, lower: int) -> float:
        if upper < self.count and lower < self.count:
            return (self.space[upper] + self.space[lower]) / 2 + NODE_GAP
        if upper < self.count or lower < self.count:
            node = min(upper, lower)
            return self.space[node] / 2 + PASSING_GAP + 4
        return PASSING_GAP

    def layout(self, turned: Sequence[bool]) -> Layout:
        """Turns ranks into distances from the left, and chains of items into routes."""
        count, y = self.count, self.y
        top = min(y[i] - (self.space[i] / 2 if i < count else 0.0) for i in range(len(y)))
        bottom = max(y[i] + (self.space[i] / 2 if i < count else 0.0) for i in range(len(y)))
        y = [value - top for value in y]
        columns = len(self.columns)
        widths = [0.0] * columns
        for node in range(count):
            widths[self.rank[node]] = max(widths[self.rank[node]], self.sizes[node][0])
        bends, runs = [0.0] * columns, [0.0] * columns  # before each column
        for edge, chain in enumerate(self.chains):
            for one, other in zip(chain, chain[1:]):
                enters = self.port[edge] if other < count else 0.0
                drop = abs(y[other] + enters - y[one])
                rank = self.rank[other]
                bends[rank] = max(bends[rank], 16.0 + min(drop / 4, 50.0) if drop > 0.5 else 8.0)
            rank = self.rank[chain[-1]]
            label = self.labels[edge][0]
            runs[rank] = max(runs[rank], label + ARROW if label else ARROW)
        left, lefts = 0.0, []
        for rank in range(columns):
            left += bends[rank] + runs[rank]
            lefts.append(left)
            left += widths[rank]
        boxes = tuple(
            Box(
                lefts[self.rank[i]] + widths[self.rank[i]] / 2,
                y[i],
                self.sizes[i][0],
                self.height[i],
            )
            for i in range(count)
        )
        routes = []
        for edge, chain in enumerate(self.chains):
            source, target = boxes[chain[0]], boxes[chain[-1]]
            points = [(source.x + source.width / 2, source.y)]
            for other in chain[1:]:
                rank = self.rank[other]
                enters = y[other] + (self.port[edge] if other < count else 0.0)
                points.append((lefts[rank - 1] + widths[rank - 1], points[-1][1]))
                points.append((lefts[rank] - runs[rank], enters))
            start = points[-1]
            end = target.x - target.width / 2
            points.append((end, start[1]))
            middle = (start[0] + lefts[self.rank[chain[-1]]] - 8.0) / 2
            routes.append(Route(tuple(points), (middle, start[1]), turned[edge]))
        return Layout(boxes, tuple(routes), left, bottom - top)
