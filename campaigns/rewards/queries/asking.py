"""The statement that decides, asked about the card of a grant alone."""

from collections.abc import Sequence
from typing import Any

from campaigns.conditions.rules import statement, tree
from campaigns.rewards.models import Grant


def about_card(
    grant: Grant, rule: tree.Node, needs: Sequence[tree.Node | None] | None = None
) -> tuple[str, dict[str, Any]]:
    """This will return the statement that decides whether the card of a grant meets a rule, with
    what tiers need beyond it, and its values but for the day (`on`)."""
    found = statement.decisions_of(rule, needs, of_card=True)
    return found.sql, found.parameters | {
        "first": grant.customer_id, "end": grant.customer_id + 1, "card_id": grant.card_id,
    }  # fmt: skip
