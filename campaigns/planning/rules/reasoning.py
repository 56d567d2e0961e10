"""What follows from a tree of conditions by plain reasoning on single conditions. What is said here
is so; what is not said may be so all the same.

Conditions are compared by what they write (`as_data`): two of one kind whose other fields are equal
are ordered by a bound. A longer window is not taken as the easier one: a refund in it lowers a sum.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from campaigns.conditions.rules import base, tree

# Bounds by field: whether a value asks at least as much as another; None is no bound.
_MORE_ASKS_MORE = {"at_least", "count"}
_LESS_ASKS_MORE = {"at_most"}
# Of these kinds fewer days ask more.
_FEWER_DAYS = {("issued_within", "days"), ("falling_asleep", "within_days")}


@dataclass(frozen=True)
class Literal:
    """A condition, or its contrary, and where it stands."""

    condition: base.Condition
    place: str
    holds: bool = True


def implies(one: base.Condition, other: base.Condition) -> bool:
    """This will tell whether whoever meets `one` surely meets `other`."""
    mine, theirs = one.as_data(), other.as_data()
    if mine["kind"] != theirs["kind"]:
        return False
    return all(
        _asks_as_much(mine["kind"], name)(mine.get(name), theirs.get(name))
        for name in mine.keys() | theirs.keys()
    )


def _asks_as_much(kind: str, name: str) -> Callable[[Any, Any], bool]:
    if name in _MORE_ASKS_MORE:
        return lambda mine, theirs: _bounded(mine, theirs, lambda a, b: a >= b)
    if name in _LESS_ASKS_MORE or (kind, name) in _FEWER_DAYS:
        return lambda mine, theirs: _bounded(mine, theirs, lambda a, b: a <= b)
    return lambda mine, theirs: bool(mine == theirs)


def _bounded(mine: Any, theirs: Any, asks: Callable[[Any, Any], bool]) -> bool:
    if theirs is None:
        return True
    return mine is not None and asks(_number(mine), _number(theirs))


def _number(value: Any) -> Any:
    return base.read_amount(value, "") if isinstance(value, str) else value


def excludes(one: base.Condition, other: base.Condition) -> bool:
    """This will tell whether nobody can meet both: a lower bound above an upper one."""
    return _lies_above(one.as_data(), other.as_data()) or _lies_above(
        other.as_data(), one.as_data()
    )


def _lies_above(high: Mapping[str, Any], low: Mapping[str, Any]) -> bool:
    least, most = high.get("at_least"), low.get("at_most")
    bounds = {"at_least", "at_most"}
    same = {name: high[name] for name in high.keys() - bounds} == {
        name: low[name] for name in low.keys() - bounds
    }
    return same and least is not None and most is not None and _number(least) > _number(most)


def node_implies(one: tree.Node | None, other: tree.Node | None) -> bool:
    """This will tell whether whoever meets `one` surely meets `other`; None asks nothing."""
    if other is None:
        return True
    if one is None:
        return False
    if isinstance(other, tree.Branch) and other.join == tree.ALL:
        return all(node_implies(one, part) for part in other.parts)
    if isinstance(one, tree.Branch) and one.join == tree.ANY:
        return all(node_implies(part, other) for part in one.parts)
    return _some_implies(one, other)


def _some_implies(one: tree.Node, other: tree.Node) -> bool:
    is_choice = isinstance(other, tree.Branch) and other.join == tree.ANY
    if is_choice and any(node_implies(one, part) for part in _parts_of(other)):
        return True
    if isinstance(one, tree.Branch) and one.join == tree.ALL:
        return any(node_implies(part, other) for part in one.parts)
    if isinstance(one, tree.Leaf) and isinstance(other, tree.Leaf):
        return implies(one.condition, other.condition)
    return _are_denied(one, other) and node_implies(_denied(other), _denied(one))


def _parts_of(node: tree.Node) -> tuple[tree.Node, ...]:
    return node.parts if isinstance(node, tree.Branch) else ()


def _are_denied(*nodes: tree.Node) -> bool:
    return all(isinstance(node, tree.Branch) and node.join == tree.NOT for node in nodes)


def _denied(node: tree.Node) -> tree.Node:
    return _parts_of(node)[0]


# --- what must all hold -----------------------------------------------------------------------
Alternatives = list[list["Placed"]]


@dataclass(frozen=True)
class Placed:
    """A part of a tree, where it stands, and whether it is to hold or not to hold."""

    node: tree.Node
    place: str
    holds: bool = True


def _parts(placed: Placed) -> Iterator[Placed]:
    join = placed.node.join if isinstance(placed.node, tree.Branch) else ""
    for number, part in enumerate(_parts_of(placed.node)):
        at = f"{placed.place}.not" if join == tree.NOT else f"{placed.place}.{join}[{number}]"
        yield Placed(part, at, placed.holds != (join == tree.NOT))


def needed(*all_of: Placed) -> tuple[list[Literal], Alternatives]:
    """This will list what must hold for all the parts to hold, and the choices that are left."""
    literals: list[Literal] = []
    choices: Alternatives = []
    for placed in all_of:
        if isinstance(placed.node, tree.Leaf):
            literals.append(Literal(placed.node.condition, placed.place, placed.holds))
        elif placed.node.join == tree.NOT or (placed.node.join == tree.ALL) == placed.holds:
            more, left = needed(*_parts(placed))
            literals += more
            choices += left
        else:
            choices.append(list(_parts(placed)))
    return literals, choices


def contradiction(
    *all_of: Placed, among: Collection[str] | None = None
) -> tuple[Literal, Literal] | None:
    """This will find two conditions that keep the parts from ever holding together; None where
    plain reasoning finds none. Only kinds of condition `among` these count, or all."""
    literals, choices = _needed_among(among, *all_of)
    if pair := _clash(literals):
        return pair
    for choice in choices:
        clashes = [_clash(literals + _needed_among(among, part)[0]) for part in choice]
        if clashes and all(clashes):
            return clashes[0]
    return None


def _needed_among(
    kinds: Collection[str] | None, *all_of: Placed
) -> tuple[list[Literal], Alternatives]:
    literals, choices = needed(*all_of)
    return [one for one in literals if kinds is None or one.condition.kind in kinds], choices


def _clash(literals: list[Literal]) -> tuple[Literal, Literal] | None:
    for one in literals:
        for other in literals:
            if one.holds and _keeps_out(one.condition, other):
                return one, other
    return None


def _keeps_out(condition: base.Condition, other: Literal) -> bool:
    if other.holds:
        return excludes(condition, other.condition)
    return implies(condition, other.condition)
