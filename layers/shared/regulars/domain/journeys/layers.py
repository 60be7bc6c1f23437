"""Which layer of a picture each box of a graph is in: below everything that leads to it."""

from collections.abc import Collection, Mapping, Sequence


def ranks(names: Sequence[str], edges: Collection[tuple[str, str]], top: str) -> Mapping[str, int]:
    """The most edges that lead to each box, without those that close a circle; of the top one 0, and of no other."""
    ahead = {name: [end for start, end in edges if start == name] for name in names}
    order, back = _walked([top, *names], ahead)
    found = {name: 0 if name == top else 1 for name in names}
    for name in order:
        for other in ahead[name]:
            if (name, other) not in back:
                found[other] = max(found[other], found[name] + 1)
    return found


def _walked(names: Sequence[str], ahead: Mapping[str, Sequence[str]]) -> tuple[Sequence[str], set[tuple[str, str]]]:
    """The boxes so that each edge leads to a later one, but for those that close a circle, which are told too."""
    done: dict[str, None] = {}
    back: set[tuple[str, str]] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        for other in ahead[name]:
            if other in (*path, name):
                back.add((name, other))
            elif other not in done:
                visit(other, (*path, name))
        done[name] = None

    for name in names:
        if name not in done:
            visit(name, ())
    return list(done)[::-1], back
