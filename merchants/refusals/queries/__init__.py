"""Reading refusals: the tree of reasons, what answers them, and how well."""

from merchants.refusals.queries.evidence import Evidence, evidence_of, tries_by_refusal
from merchants.refusals.queries.refusals import (
    lead_within,
    leads_within,
    list_refusals,
    of_lead,
    of_partnership,
    one_refusal,
    open_of,
    tries_of,
)
from merchants.refusals.queries.tree import Forest, Node, forest

__all__ = [
    "Evidence", "Forest", "Node", "evidence_of", "forest", "lead_within",
    "leads_within", "list_refusals", "of_lead", "of_partnership", "one_refusal", "open_of",
    "tries_by_refusal", "tries_of",
]  # fmt: skip
