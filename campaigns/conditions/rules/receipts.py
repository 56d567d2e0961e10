"""The receipt of a decision: what each condition found for one customer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from campaigns.conditions.enums import Finding
from campaigns.conditions.rules import base, tree, wording

Fact = Sequence[Any]


@dataclass(frozen=True)
class ReceiptLine:
    """One condition of the rule; `explanation` is None where it was not examined, and
    `is_first_failed` tells that it is the first of those missing at the step that failed first."""

    position: int
    name: str
    sentence: str
    finding: Finding
    explanation: base.Explanation | None
    is_first_failed: bool

    @property
    def tone(self) -> str:
        return {"met": "success", "not_met": "danger"}.get(self.finding, "secondary")


def lines_of(
    rule: tree.Node, facts: Sequence[Fact], failed_at: int | None, subject: base.Subject | None
) -> list[ReceiptLine]:
    """This will explain the facts of a decision, one line a condition, in the rule's order.

    Without a card of the campaign there are no facts: no condition was examined. `failed_at` is the
    step that failed first; of that, the condition is marked that is missing first.
    """
    found = tree.leaves(rule)
    padded = facts or [(None, None)] * len(found)
    lines = [_line(leaf, fact, subject) for leaf, fact in zip(found, padded, strict=True)]
    step = next((one for one in tree.steps(rule) if tree.first_position(one) == failed_at), None)
    missing = missing_of(step, lines) if step is not None else []
    for first in missing[:1]:
        lines[first.position] = replace(first, is_first_failed=True)
    return lines


def missing_of(node: tree.Node, lines: Sequence[ReceiptLine]) -> list[ReceiptLine]:
    """This will tell what is missing for a tree to hold, by the shortest way there is; nothing
    where it holds or was not examined."""
    if isinstance(node, tree.Leaf):
        line = lines[node.position]
        return [line] if line.finding == Finding.NOT_MET else []
    if node.join == tree.NOT:
        # It fails because of what holds in it; where that is a "not" itself, of what does not.
        known = [one for one in tree.leaves(node) if lines[one.position].explanation]
        met = [one for one in known if lines[one.position].finding == Finding.MET] or known
        name = wording.short_name_of(node)
        holds = tree.holds(node, [line.finding == Finding.MET for line in lines])
        return [] if holds else [replace(lines[one.position], name=name) for one in met[:1]]
    ways = [missing_of(part, lines) for part in node.parts]
    if node.join == tree.ALL:
        return [line for way in ways for line in way]
    return min(ways, key=distance_of)


def distance_of(way: Sequence[ReceiptLine]) -> tuple[int, bool, bool, Decimal]:
    """This will tell how far a way is: what can be made up for comes first, then what is known as a
    figure."""
    said = [line.explanation for line in way if line.explanation]
    figures = [Decimal(one.missing) for one in said if one.missing is not None]
    is_open = all(one.is_open for one in said)
    return len(way), not is_open, len(figures) < len(said), sum(figures, Decimal(0))


def _line(leaf: tree.Leaf, fact: Fact, subject: base.Subject | None) -> ReceiptLine:
    is_met, value = fact
    name, sentence = leaf.condition.short_name(), leaf.condition.sentence()
    if is_met is None or subject is None:
        return ReceiptLine(leaf.position, name, sentence, Finding.NOT_EXAMINED, None, False)
    finding = Finding.MET if is_met else Finding.NOT_MET
    explanation = leaf.condition.explain(value, is_met, subject)
    return ReceiptLine(leaf.position, name, sentence, finding, explanation, False)
