"""Changing a tree of conditions that a person is building. It is plain JSON; unlike that of a
version it may hold groups without parts. A part is named by its way from the root: "0-2" is the
third part of the first; the root's way is empty, and what `not` turns round is its part 0."""

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from campaigns.conditions.rules import tree
from campaigns.design.enums import Change

Raw = dict[str, Any]
_TOKEN = re.compile(r"\[(\d+)\]|\.(not)")
_JOINS = (tree.ALL, tree.ANY)


class WayLost(Exception):
    """Raised when a way leads to no part of the tree: somebody changed it meanwhile."""


def whole(raw: Any) -> Raw:
    """This will return a tree whose root is a group, so that something can be added to it."""
    if isinstance(raw, dict) and join_of(raw) in _JOINS:
        return raw
    return {tree.ALL: [raw] if raw else []}


def join_of(raw: Raw) -> str:
    """This will tell how a part joins others; "" for a condition."""
    return next((join for join in (*_JOINS, tree.NOT) if join in raw), "")


def parts_of(raw: Raw) -> list[Raw]:
    """This will list the parts of a group, or what a `not` turns round."""
    join = join_of(raw)
    if not join:
        return []
    return [raw[tree.NOT]] if join == tree.NOT else raw[join]


def _steps(way: str) -> list[int]:
    if not re.fullmatch(r"(\d{1,3}(-\d{1,3})*)?", way):
        raise WayLost
    return [int(step) for step in way.split("-")] if way else []


def find(root: Raw, way: str) -> Raw:
    """This will return the part at a way. Raises WayLost."""
    for step in _steps(way):
        parts = parts_of(root)
        if step >= len(parts):
            raise WayLost
        root = parts[step]
    return root


def _above(way: str) -> tuple[str, int]:
    above, _dash, last = way.rpartition("-")
    return above, int(last)


def replaced(root: Raw, way: str, part: Raw) -> Raw:
    """This will return the tree with another part at a way. Raises WayLost."""
    find(root, way)
    if not way:
        return part
    made = copy.deepcopy(root)
    above, place = _above(way)
    parent = find(made, above)
    if tree.NOT in parent:
        parent[tree.NOT] = part
    else:
        parts_of(parent)[place] = part
    return made


def added(root: Raw, way: str, part: Raw) -> Raw:
    """This will return the tree with a part more, the last in the group at a way; where no group
    is there, one of all is made around it. Raises WayLost."""
    group = find(root, way)
    join = join_of(group)
    if join in _JOINS:
        return replaced(root, way, {join: [*group[join], part]})
    return replaced(root, way, {tree.ALL: [group, part]})


def changed(root: Raw, way: str, change: str) -> tuple[Raw, str]:
    """This will return the tree after a change of the part at a way, and the way of what a person
    looks at next. Raises WayLost."""
    part = find(root, way)
    if change == Change.REMOVE:
        return _removed(root, way)
    if change in (Change.UP, Change.DOWN):
        return _moved(root, way, -1 if change == Change.UP else 1)
    if change in (Change.ADD_ALL, Change.ADD_ANY):
        join = tree.ALL if change == Change.ADD_ALL else tree.ANY
        place = len(parts_of(part)) if join_of(part) in _JOINS else 1
        return added(root, way, {join: []}), f"{way}-{place}" if way else str(place)
    return whole(replaced(root, way, _TURNS[Change(change)](part))), way


def _negated(part: Raw) -> Raw:
    return part.get(tree.NOT, {tree.NOT: part})


def _grouped(part: Raw) -> Raw:
    return {tree.ALL: [part]}


def _ungrouped(part: Raw) -> Raw:
    parts = parts_of(part)
    return parts[0] if len(parts) == 1 else part


def _joined(part: Raw) -> Raw:
    join = join_of(part)
    if join not in _JOINS:
        return part
    return {tree.ANY if join == tree.ALL else tree.ALL: part[join]}


_TURNS: dict[Change, Callable[[Raw], Raw]] = {
    Change.NEGATE: _negated,
    Change.GROUP: _grouped,
    Change.UNGROUP: _ungrouped,
    Change.JOIN: _joined,
}


def _removed(root: Raw, way: str) -> tuple[Raw, str]:
    if not way:
        return {tree.ALL: []}, ""
    above, place = _above(way)
    parent = find(root, above)
    if tree.NOT in parent:
        return _removed(root, above)
    parts = parts_of(parent)
    rest = {join_of(parent): parts[:place] + parts[place + 1 :]}
    return replaced(root, above, rest), above


def _moved(root: Raw, way: str, by: int) -> tuple[Raw, str]:
    if not way:
        return root, way
    above, place = _above(way)
    parent = find(root, above)
    parts, new = list(parts_of(parent)), place + by
    if tree.NOT in parent or not 0 <= new < len(parts):
        return root, way
    parts[place], parts[new] = parts[new], parts[place]
    return replaced(root, above, {join_of(parent): parts}), f"{above}-{new}" if above else str(new)


def pruned(raw: Raw) -> Raw | None:
    """This will return the tree without groups that have no parts yet; None where nothing is
    left."""
    join = join_of(raw)
    if not join:
        return raw
    left = [part for part in map(pruned, parts_of(raw)) if part is not None]
    if not left:
        return None
    return {tree.NOT: left[0]} if join == tree.NOT else {join: left}


def way_of(place: str) -> str:
    """This will read the way out of a place such as "rule.all[2].not.any[0].days"."""
    return "-".join(number or "0" for number, _is_not in _TOKEN.findall(place))


@dataclass(frozen=True)
class Shown:
    """A part as the editor shows it: `way` is that of the part itself, `outer` that of the `not`
    around it where it is turned round, else the same."""

    way: str
    outer: str
    join: str
    is_negated: bool
    sentence: str = ""
    title: str = ""
    parts: list["Shown"] = field(default_factory=list)
    is_first: bool = True
    is_last: bool = True

    @property
    def is_any(self) -> bool:
        return self.join == tree.ANY

    @property
    def has_one(self) -> bool:
        return len(self.parts) == 1


def shown(
    root: Raw, say: Callable[[Raw], tuple[str, str]], way: str = "", place: tuple[int, int] = (0, 1)
) -> Shown:
    """This will lay out a tree for the editor; `say` gives title and sentence of a condition."""
    outer, is_negated = way, False
    while tree.NOT in root:
        root, way, is_negated = root[tree.NOT], f"{way}-0" if way else "0", not is_negated
    join = join_of(root)
    title, sentence = ("", "") if join else say(root)
    found = parts_of(root)
    return Shown(
        way, outer, join, is_negated, sentence, title,
        [shown(part, say, f"{way}-{n}" if way else str(n), (n, len(found)))
         for n, part in enumerate(found)],
        place[0] == 0, place[0] == place[1] - 1,
    )  # fmt: skip
