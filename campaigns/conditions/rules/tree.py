"""Trees of conditions: leaves joined by `all`, `any` and `not`.

A rule is written `{"all": [{"kind": "activated"}, {"not": {"any": [...]}}]}`. Its leaves are
numbered from left to right; its *steps* are the branches of a topmost `all`, or the whole tree
where the top is something else. Steps without an expensive leaf are examined first; the expensive
leaves only where all those steps hold.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from campaigns.conditions.rules import base, kinds

MOST_LEAVES = 40
MOST_LEVELS = 6
ALL, ANY, NOT = "all", "any", "not"


@dataclass(frozen=True)
class Leaf:
    """One condition; `position` is its number among the leaves of the tree."""

    position: int
    condition: base.Condition

    @property
    def mark(self) -> str:
        """The prefix of the condition's parameters."""
        return f"c{self.position}"


@dataclass(frozen=True)
class Branch:
    """Parts joined by `all`, `any` or `not`; `not` has one part."""

    join: str
    parts: tuple["Node", ...]


Node = Leaf | Branch


def read_rule(raw: Any, place: str = "rule") -> Node:
    """This will read a rule from plain JSON values. Raises base.RuleWrong."""
    counter = iter(range(MOST_LEAVES))
    return _read(raw, place, counter, level=1)


def _read(raw: Any, place: str, counter: Iterator[int], level: int) -> Node:
    if level > MOST_LEVELS:
        raise base.RuleWrong(
            place, _("is nested too deep; levels allowed: {most}").format(most=MOST_LEVELS)
        )
    if not isinstance(raw, Mapping):
        raise base.RuleWrong(place, _("must be a condition, or one of: all, any, not"))
    if "kind" in raw:
        return _read_leaf(raw, place, counter)
    if len(raw) != 1 or next(iter(raw)) not in (ALL, ANY, NOT):
        raise base.RuleWrong(place, _("must have a kind, or be exactly one of: all, any, not"))
    join = str(next(iter(raw)))
    if join == NOT:
        return Branch(NOT, (_read(raw[NOT], f"{place}.not", counter, level + 1),))
    if not isinstance(raw[join], list) or not raw[join]:
        raise base.RuleWrong(
            f"{place}.{join}", _("must be a list that holds at least one condition")
        )
    parts = (
        _read(part, f"{place}.{join}[{number}]", counter, level + 1)
        for number, part in enumerate(raw[join])
    )
    return Branch(join, tuple(parts))


def _read_leaf(raw: Mapping[str, Any], place: str, counter: Iterator[int]) -> Leaf:
    kind = kinds.KINDS.get(raw["kind"]) if isinstance(raw["kind"], str) else None
    if kind is None:
        known = ", ".join(kinds.KINDS)
        raise base.RuleWrong(f"{place}.kind", _("must be one of: {known}").format(known=known))
    position = next(counter, None)
    if position is None:
        raise base.RuleWrong(
            place, _("is one condition too many; allowed: {most}").format(most=MOST_LEAVES)
        )
    return Leaf(position, kind.read(raw, place))


def as_data(node: Node) -> dict[str, Any]:
    """This will write a tree back as plain JSON values, equal for equal rules."""
    if isinstance(node, Leaf):
        return node.condition.as_data()
    if node.join == NOT:
        return {NOT: as_data(node.parts[0])}
    return {node.join: [as_data(part) for part in node.parts]}


def leaves(node: Node) -> list[Leaf]:
    """This will list the leaves of a tree from left to right."""
    if isinstance(node, Leaf):
        return [node]
    return [leaf for part in node.parts for leaf in leaves(part)]


def holds(node: Node, met: Sequence[bool]) -> bool:
    """This will tell whether a tree holds, given which of its conditions do, by their position."""
    if isinstance(node, Leaf):
        return met[node.position]
    if node.join == NOT:
        return not holds(node.parts[0], met)
    found = (holds(part, met) for part in node.parts)
    return all(found) if node.join == ALL else any(found)


def steps(node: Node) -> tuple[Node, ...]:
    """This will return the steps of a rule: the branches of a topmost `all`."""
    return node.parts if isinstance(node, Branch) and node.join == ALL else (node,)


def is_expensive(node: Node) -> bool:
    """This will tell whether a tree holds an expensive condition."""
    return any(leaf.condition.is_expensive for leaf in leaves(node))


def steps_in_order(node: Node) -> list[Node]:
    """This will return the steps in the order of their examination: the cheap ones first."""
    return sorted(steps(node), key=is_expensive)


def first_position(node: Node) -> int:
    """This will return the position of a step's first leaf, under which its failure is noted."""
    return leaves(node)[0].position


def shifted(node: Node, by: int) -> Node:
    """This will return a tree whose leaves are numbered from `by`."""
    if isinstance(node, Leaf):
        return Leaf(node.position + by, node.condition)
    return Branch(node.join, tuple(shifted(part, by) for part in node.parts))


def both(rule: Node | None, need: Node | None) -> Node | None:
    """This will return the tree of a rule and of what is asked beyond it, step by step; where one
    of them is missing, the other."""
    if rule is None or need is None:
        return rule or need
    (asked,) = in_line(rule, [need])
    return Branch(ALL, (*steps(rule), *steps(asked)))


def in_line(rule: Node, needs: Sequence[Node | None]) -> list[Node]:
    """This will return what the tiers ask beyond a rule, without those that ask nothing, its
    leaves numbered on after those of the rule: in the order in which a decision's facts stand."""
    place, found = len(leaves(rule)), []
    for need in needs:
        if need is not None:
            found.append(shifted(need, place))
            place += len(leaves(need))
    return found
