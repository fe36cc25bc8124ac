"""Loops in a graph of things that wait for each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping


def loops(waits_for: Mapping[str, Collection[str]]) -> Iterator[list[str]]:
    """Each loop from its first member on, in the order of the keys; at most one for each last member."""
    order = {name: number for number, name in enumerate(waits_for)}
    finished: set[str] = set()
    closed: set[str] = set()
    for start in waits_for:
        path: list[str] = []
        on_path: set[str] = set()
        waiting = [iter([start])]
        while waiting:
            name = next(waiting[-1], None)
            if name is None:
                waiting.pop()
                if path:
                    finished.add(path[-1])
                    on_path.discard(path.pop())
            elif name in on_path and path[-1] not in closed:
                closed.add(path[-1])
                loop = path[path.index(name) :]
                first = loop.index(min(loop, key=order.__getitem__))
                yield loop[first:] + loop[:first]
            elif name in waits_for and name not in finished and name not in on_path:
                path.append(name)
                on_path.add(name)
                waiting.append(iter(waits_for[name]))
