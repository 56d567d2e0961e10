"""Writing to the merchant directory."""

from merchants.directory.operations.apart import tell_apart
from merchants.directory.operations.keeping import (
    ClauseFacts,
    ContactFacts,
    ContractFacts,
    MerchantFacts,
    StoreFacts,
    assign_manager,
    save_clause,
    save_contact,
    save_contract,
    save_merchant,
    save_store,
)
from merchants.directory.operations.loading import (
    MerchantRecord,
    UnusableKey,
    load_categories,
    load_merchants,
)
from merchants.directory.operations.merging import merge_merchants, undo_merge
from merchants.directory.operations.partners import (
    APPROVAL_KIND,
    ask_partner,
    carry_partner,
    leave_partner,
)
from merchants.directory.operations.refusing import DirectoryRefused
from merchants.directory.operations.renewing import extend_contracts
from merchants.directory.operations.revealing import reveal_contact

__all__ = [
    "APPROVAL_KIND", "ClauseFacts", "ContactFacts", "ContractFacts", "DirectoryRefused",
    "MerchantFacts", "MerchantRecord", "StoreFacts", "UnusableKey", "ask_partner",
    "assign_manager", "carry_partner", "extend_contracts", "leave_partner", "load_categories",
    "load_merchants", "merge_merchants", "reveal_contact", "save_clause", "save_contact",
    "save_contract", "save_merchant", "save_store", "tell_apart", "undo_merge",
]  # fmt: skip
