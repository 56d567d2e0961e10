"""What the database refuses, as a sentence for a person."""

from contextlib import AbstractContextManager

from django.utils.translation import gettext_lazy as _

from portal.kit import refused


class DirectoryRefused(Exception):
    """Raised where nothing is written; the text is for a person."""


_SENTENCES = {
    "merchant_credit_code_form": _("This is not a unified social credit code."),
    "merchant_credit_code_checks": _(
        "The check sign of the unified social credit code does not fit; look for a slip of a sign."
    ),
    "merchant_contract_no_overlap": _(
        "Another contract of the merchant holds on some of these days. Two never hold on one day: "
        "change the days, or let the other one end before."
    ),
    "merchant_contract_ends_after_start": _("The last day must be after the first one."),
    "merchant_contract_signed_before_end": _("The day of signing is after the last day."),
    "merchant_contract_notice_short": _("Notice is given at most 366 days before."),
    "merchant_contract_renewal_said": _(
        "A contract that goes on by itself needs a last day and for how many months it goes on (1 "
        "to 60); any other says no months."
    ),
    "merchant_contract_number_once": _("There is another contract of this number."),
    "merchant_contract_is_signed": _(
        "This contract was signed by a negotiation: its number and days stand, and it can only end "
        "earlier. What is to change is negotiated as an amendment."
    ),
    "data_clause_is_signed": _(
        "This clause was signed by a negotiation and can only end earlier. What is to change is "
        "negotiated as an amendment."
    ),
    "data_clause_no_overlap": _(
        "Another signed clause of the merchant holds on some of these days. Change the days, or "
        "let the other one end before."
    ),
    "data_clause_one_in_talks": _("A clause of the merchant is in talks already; go on with it."),
    "data_clause_signed_says_all": _(
        "A signed clause says from when to when it holds, the purposes, the kinds of data and how "
        "they are handled; one in talks has no days."
    ),
    "data_clause_ends_after_start": _("The last day is before the first one."),
    "store_closed_has_date": _("A store that is closed for good, and no other, has a day of it."),
    "store_closed_after_opening": _("It was closed before it was opened."),
    "merchant_contact_one_main": _(
        "The merchant has a main contact already. Take that mark from the other person first."
    ),
    "merchant_led_is_kept": _(
        "The one that goes has an open partnership, whose history stays with it: keep that one, or "
        "end its partnership before."
    ),
    "merchant_bound_is_kept": _(
        "The one that goes signed a contract that holds, which stays with who signed it: keep that "
        "one, or let the contract end before."
    ),
    "contract_stays_with_signer": _("A signed contract stays with the merchant that signed it."),
    "clause_stays_with_signer": _("A signed clause stays with the merchant that signed it."),
    "merchant_led_by_its_manager": _(
        "An open partnership with it is led by somebody else by now. Look at the page again."
    ),
    "merchant_not_into_itself": _("A merchant is not merged into itself."),
    "partner_request_one_pending": _("A request about this merchant waits for approval already."),
}


def in_words() -> AbstractContextManager[None]:
    """This will turn what a constraint of the directory refuses into DirectoryRefused; what is
    written within goes back alone."""
    return refused.in_words(_SENTENCES, lambda sentence, _rule: DirectoryRefused(sentence))
