"""Things that are made of others, as bundles of offerings and taxes on taxes: nothing may be made of itself."""

from collections.abc import Iterator, Mapping, Sequence


def cycles(parts: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Ways back to where they began, each once, from that of its names which stands first: ``(a, b, a)``.

    Where ways share a part not every way is told, but there are none left once those told are mended one by one.
    """
    place = {name: number for number, name in enumerate(parts)}
    found: dict[frozenset[str], tuple[str, ...]] = {}
    done = set[str]()
    for name in parts:
        for way in _ways_back(name, parts, done):
            first = min(range(len(way)), key=lambda at: place[way[at]])
            turned = (*way[first:], *way[:first])
            found.setdefault(frozenset(way), (*turned, turned[0]))
    return list(found.values())


def _ways_back(root: str, parts: Mapping[str, Sequence[str]], done: set[str]) -> Iterator[list[str]]:
    """Depth first, without recursion: a document may be deep."""
    if root in done:
        return
    path, open_ = [root], [iter(parts[root])]
    while path:
        part = next(open_[-1], None)
        if part is None:
            done.add(path.pop())
            open_.pop()
        elif part in path:
            yield path[path.index(part) :]
        elif part in parts and part not in done:
            path.append(part)
            open_.append(iter(parts[part]))


def all_parts(name: str, parts: Mapping[str, Sequence[str]]) -> list[str]:
    """All that a thing is made of, its parts' parts too, each once; without cycles."""
    found: dict[str, None] = {}
    waiting = list(parts.get(name, ()))
    while waiting:
        part = waiting.pop(0)
        if part not in found:
            found[part] = None
            waiting += parts.get(part, ())
    return list(found)
