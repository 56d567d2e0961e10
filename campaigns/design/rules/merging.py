"""Two edits of one version brought together, part by part: what only one of them changed is taken,
what both changed is for a person to decide."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

# Parts whose fields are looked at one by one; all others are one part each.
_OPENED = ("budget", "disclosure", "rewards")


@dataclass(frozen=True)
class Clash:
    """A part that both changed, by its place ("budget.total")."""

    place: str
    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Merged:
    """Both edits in one content, and what both changed: of that, `mine` stands unless it was
    decided otherwise. `taken` are the places that came from the other."""

    content: dict[str, Any]
    clashes: list[Clash]
    taken: list[str]


def merge(
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    give_way: Set[str] = frozenset(),
) -> Merged:
    """This will bring two edits of `base` together; in the places of `give_way` what the other
    wrote is taken where both changed it."""
    old, own, other = _parts(base), _parts(mine), _parts(theirs)
    chosen: dict[tuple[str, ...], Any] = {}
    clashes, taken = [], []
    for way in dict.fromkeys([*own, *other, *old]):
        place = ".".join(way)
        was, is_mine, is_theirs = old.get(way), own.get(way), other.get(way)
        chosen[way] = is_mine
        if _same(is_mine, is_theirs) or _same(is_theirs, was):
            continue
        if not _same(is_mine, was):
            clashes.append(Clash(place, is_mine, is_theirs))
        if _same(is_mine, was) or place in give_way:
            chosen[way] = is_theirs
            taken.append(place)
    return Merged(_whole(chosen), clashes, taken)


def _parts(content: Mapping[str, Any]) -> dict[tuple[str, ...], Any]:
    found: dict[tuple[str, ...], Any] = {}
    for name, value in content.items():
        if name in _OPENED and isinstance(value, Mapping):
            found |= {(name, field): inner for field, inner in value.items()}
        else:
            found[name,] = value
    return found


def _whole(parts: Mapping[tuple[str, ...], Any]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for way, value in parts.items():
        if len(way) == 1:
            content[way[0]] = value
        else:
            content.setdefault(way[0], {})[way[1]] = value
    return content


def _same(one: Any, other: Any) -> bool:
    """What is empty is the same as what is not there."""
    return bool(_filled(one) == _filled(other))


def _filled(value: Any) -> Any:
    if isinstance(value, Mapping):
        inner = {name: _filled(one) for name, one in value.items()}
        return {name: one for name, one in inner.items() if one is not None} or None
    if isinstance(value, list):
        return [_filled(one) for one in value] or None
    return None if value in ("", None) else value
