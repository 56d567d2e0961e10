"""What detectors are told: counts, each read by an index, a rollup or the rows that are new."""

from campaigns.warnings.queries.facts.giving import (
    accounts_of,
    changed_accounts,
    hours_of,
    purchases_in,
    refunded_at,
    returners_in,
)
from campaigns.warnings.queries.facts.issuing import month_of, shared_by, unused_of
from campaigns.warnings.queries.facts.people import complained_of, own_rewards, sent_in, served_by
from campaigns.warnings.queries.facts.places import bunches_in, partners_of
from campaigns.warnings.queries.facts.sleeping import asleep_in

__all__ = [
    "accounts_of", "asleep_in", "bunches_in", "changed_accounts", "complained_of", "hours_of",
    "month_of", "own_rewards", "partners_of", "purchases_in", "refunded_at", "returners_in",
    "sent_in", "served_by", "shared_by", "unused_of",
]  # fmt: skip
