"""Reading negotiations."""

from merchants.negotiation.queries.digests import digest_of
from merchants.negotiation.queries.negotiations import (
    agreed_offer,
    agreement_of,
    history_of,
    in_talks_of,
    latest_signed,
    list_negotiations,
    of_partnership,
    offers_of,
    one_negotiation,
    request_of,
    signed_of,
)
from merchants.negotiation.queries.promised import promised_known
from merchants.negotiation.queries.records import records_of
from merchants.negotiation.queries.renewals import (
    Ending,
    contract_that_ended,
    contract_to_renew,
    endings_within,
    follows_on,
    reminders_within,
    stands_still,
)
from merchants.negotiation.queries.standing import (
    Figure,
    NoRule,
    basis_of,
    beside_records,
    facts_of,
    figures_of,
    first_of_bank,
    limits_on,
    rules_set,
)

__all__ = [
    "Ending", "Figure", "NoRule", "agreed_offer", "agreement_of", "basis_of", "beside_records",
    "contract_that_ended", "contract_to_renew", "digest_of", "endings_within", "facts_of",
    "figures_of", "first_of_bank", "follows_on", "history_of", "in_talks_of", "latest_signed",
    "limits_on", "list_negotiations", "of_partnership", "offers_of", "one_negotiation",
    "promised_known", "records_of", "reminders_within", "request_of", "rules_set", "signed_of",
    "stands_still",
]  # fmt: skip
