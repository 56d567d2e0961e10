"""What a customer is near to: a reward for which nothing but a sum of spending is missing.

Who spends that sum, by the last day given, comes to qualify. So all that is asked beside the sum
must hold already, and must go on holding whatever is spent: a rule that asks for a card at rest has
nobody near to it. Of a rule whose every tier asks more it is not known whether who meets it reaches
one; there it is the tier that one can be near to.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from campaigns.conditions.rules import spending, tree


@dataclass(frozen=True)
class Goal:
    """A sum of spending, one of the steps of a rule or of what a tier asks beyond it; `others` is
    what else has to hold, and `missed` what nobody who is near may have."""

    leaf: tree.Leaf
    others: tuple[tree.Node, ...]
    missed: tuple[tree.Node, ...] = ()


def goals_of(rule: tree.Node, needs: Sequence[tree.Node | None]) -> list[Goal]:
    """This will list what can be near, in the order in which it is looked at: the lower tiers come
    first."""
    if not needs or None in needs:
        return list(_goals(tree.steps(rule), ()))
    asked, before = tree.in_line(rule, needs), tree.steps(rule)
    return [
        Goal(one.leaf, one.others, tuple(asked))
        for tier in asked
        for one in _goals(tree.steps(tier), before)
    ]


def _goals(steps: Sequence[tree.Node], before: Sequence[tree.Node]) -> Iterator[Goal]:
    for step in steps:
        if not isinstance(step, tree.Leaf) or type(step.condition) is not spending.SpendingInWindow:
            continue
        others = (*before, *(one for one in steps if one is not step))
        if all(_stays(one, 1) for one in others):
            yield Goal(step, others)


def _stays(node: tree.Node, sign: int) -> bool:
    """Whether a tree that holds (`sign` 1), or fails (-1), still does whatever is spent."""
    if isinstance(node, tree.Leaf):
        moves = node.condition.by_spending
        return moves is not None and moves * sign >= 0
    turn = -sign if node.join == tree.NOT else sign
    return all(_stays(part, turn) for part in node.parts)


def gap_sql(goals: Sequence[Goal], truth: Callable[[tree.Node], str],
            value: Callable[[tree.Leaf], str]) -> tuple[str, str]:  # fmt: skip
    """This will return the expressions of what is missing (CNY) and of the last day for it, not
    after the parameter `last_day`; both are NULL where nobody is near. `truth` and `value` give a
    tree's verdict and a leaf's value in the row `subject`."""
    gaps, days = [], []
    for goal in goals:
        condition: spending.SpendingInWindow = goal.leaf.condition  # type: ignore[assignment]
        mark = goal.leaf.mark
        last = f"LEAST({condition.deadline_sql(mark)}, %(last_day)s::date)"
        tests = [
            f"NOT {truth(goal.leaf)}",
            *(truth(one) for one in goal.others),
            *(f"NOT ({truth(one)})" for one in goal.missed),
            # The day `on` has ended: what is to come can only post after it.
            f"{last} > %(on)s",
            f"{last} >= ({condition.first_sql(mark)})",
            f"({condition.first_sql(mark)}) IS NOT NULL",
        ]
        near = " AND ".join(tests)
        gaps.append(f"WHEN {near} THEN {condition.gap_sql(mark, value(goal.leaf))}")
        days.append(f"WHEN {near} THEN {last}")
    if not goals:
        return "NULL::numeric", "NULL::date"
    return f"CASE {' '.join(gaps)} END", f"CASE {' '.join(days)} END"
