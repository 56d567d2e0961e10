"""The receipt of a decision: what each condition found for one customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.conditions.enums import Finding
from campaigns.conditions.rules import base, tree

Fact = Sequence[Any]


@dataclass(frozen=True)
class ReceiptLine:
    """One condition of the rule; `explanation` is None where it was not examined."""

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

    Without a card of the campaign there are no facts: no condition was examined.
    """
    found = tree.leaves(rule)
    padded = facts or [(None, None)] * len(found)
    return [
        _line(leaf, fact, leaf.position == failed_at, subject)
        for leaf, fact in zip(found, padded, strict=True)
    ]


def _line(
    leaf: tree.Leaf, fact: Fact, is_first_failed: bool, subject: base.Subject | None
) -> ReceiptLine:
    is_met, value = fact
    name, sentence = leaf.condition.short_name(), leaf.condition.sentence()
    if is_met is None or subject is None:
        return ReceiptLine(leaf.position, name, sentence, Finding.NOT_EXAMINED, None, False)
    finding = Finding.MET if is_met else Finding.NOT_MET
    explanation = leaf.condition.explain(value, is_met, subject)
    return ReceiptLine(leaf.position, name, sentence, finding, explanation, is_first_failed)
