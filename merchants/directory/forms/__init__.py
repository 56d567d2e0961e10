"""What a person may ask of the directory, and say about a merchant."""

from merchants.directory.forms.entries import ClauseForm, ContactForm, ContractForm, StoreForm
from merchants.directory.forms.filters import MerchantFilter
from merchants.directory.forms.keeping import (
    AssignForm,
    MerchantForm,
    MergeForm,
    PartnerForm,
    RevealForm,
)

__all__ = [
    "AssignForm", "ClauseForm", "ContactForm", "ContractForm", "MerchantFilter", "MerchantForm",
    "MergeForm", "PartnerForm", "RevealForm", "StoreForm",
]  # fmt: skip
