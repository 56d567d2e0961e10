"""Reading message texts: what stands, what is on its way, what is found in a wording, and how it
reads."""

from campaigns.texts.queries.checking import Examined, examine, findings_in
from campaigns.texts.queries.deciding import change_of, current_hash, digest_of, unready
from campaigns.texts.queries.filling import (
    Filled,
    campaigns,
    customer_for,
    filled,
    values_of,
)
from campaigns.texts.queries.senders import SENDER_GONE, Under, senders_on, under, withdrawn_on
from campaigns.texts.queries.standing import (
    OnItsWay,
    TextVersion,
    all_on_their_way,
    approved_with,
    find_by_key,
    find_text,
    is_waiting,
    latest_of,
    on_its_way,
    reference_of,
    result_of,
    text,
    texts,
    versions_of,
    waiting_with,
    writers_since_approved,
)

__all__ = [
    "SENDER_GONE", "Examined", "Filled", "OnItsWay", "TextVersion", "Under", "all_on_their_way",
    "approved_with", "campaigns", "change_of", "current_hash", "customer_for", "digest_of",
    "examine", "filled", "find_by_key", "find_text", "findings_in", "is_waiting", "latest_of",
    "on_its_way", "reference_of", "result_of", "senders_on", "text", "texts", "under", "unready",
    "values_of", "versions_of", "waiting_with", "withdrawn_on", "writers_since_approved",
]  # fmt: skip
