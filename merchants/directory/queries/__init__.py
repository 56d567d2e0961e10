"""Reading the merchant directory."""

from merchants.directory.queries.contacts import (
    contact_choices,
    contact_of,
    contacts_there,
    masked,
    revealed_on,
    reveals,
)
from merchants.directory.queries.contracts import NOTICE_UNTIL, clause_for, contracts_on
from merchants.directory.queries.duplicates import (
    Group,
    Signs,
    groups_of_same,
    last_merge_of,
    merges_of,
    signs_of,
    told_apart,
    told_of,
    with_aliases,
)
from merchants.directory.queries.merchants import (
    by_id,
    by_number,
    categories,
    category_names,
    list_merchants,
    managers_for,
    managers_in_use,
    names_of,
    one_merchant,
    own_merchant_ids,
    standing_for_merged,
)
from merchants.directory.queries.pages import MerchantCard, card_of
from merchants.directory.queries.partners import (
    digest_of,
    lacks_for,
    partner_snapshot,
    pending_request,
)
from merchants.directory.queries.places import (
    city_sizes,
    division_names,
    find_divisions,
    full_names,
    one_division,
    places_in_use,
    size_of,
)

__all__ = [
    "Group", "MerchantCard", "NOTICE_UNTIL", "Signs", "by_id", "by_number", "card_of", "categories",
    "category_names", "city_sizes", "clause_for", "contact_choices", "contact_of", "contacts_there",
    "contracts_on", "digest_of", "division_names", "find_divisions", "full_names", "groups_of_same",
    "lacks_for", "last_merge_of", "list_merchants", "managers_for",
    "managers_in_use", "masked", "merges_of", "names_of", "one_division", "one_merchant",
    "own_merchant_ids", "partner_snapshot", "pending_request", "places_in_use", "revealed_on",
    "reveals", "signs_of", "size_of", "standing_for_merged", "told_apart", "told_of",
    "with_aliases",
]  # fmt: skip
