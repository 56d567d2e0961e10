"""Reasons of suggestions as sentences, in the language of who reads them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merchants.evidence.rules import sentences
from merchants.partnerships.enums import EvidenceKind as K
from merchants.partnerships.rules import signals
from portal.kit import money

_SENTENCES: dict[str, Any] = {
    K.RIVALS: gettext_lazy(
        "Offers of rivals to the merchant that stand, seen from {first} on: {count}. A move is"
        " suggested from {limit} on."
    ),
    K.CONTRACT: gettext_lazy(
        "The contract ends on {last}, in {days} days, and none follows it. A move is suggested from"
        " {limit} days before its end on."
    ),
    signals.ENDED: gettext_lazy("The contract ended on {last}, and none followed it."),
    K.MERCHANT_BROKE: gettext_lazy(
        "Promises of the merchant that were broken or are overdue, from {first} to {last}: {count}."
        " A move is suggested from {limit} on."
    ),
    K.BANK_BROKE: gettext_lazy(
        "Promises of ours that were broken or are overdue, from {first} to {last}: {count}. A move"
        " is suggested from {limit} on."
    ),
    K.COMPLAINTS: gettext_lazy(
        "Complaints traced to joint campaigns, from {first} to {last}: {count}. A move is suggested"
        " from {limit} on."
    ),
    K.KEPT: gettext_lazy(
        "Promises kept from {first} to {last}: ours {bank}, theirs {merchant}, and nothing stands"
        " against it. A move is suggested from {limit} of each side on."
    ),
    signals.AT_STAKE: gettext_lazy(
        "By the rule in force {percent} % of a year's card turnover counts as at stake: {amount}."
    ),
}


def sentence(reason: Mapping[str, Any]) -> str:
    """This will say one reason, {"code": .., and its numbers}, in words."""
    if reason["code"] not in _SENTENCES:
        return sentences.sentence(reason)
    words = {name: value for name, value in reason.items() if name != "code"}
    if "amount" in words:
        words["amount"] = money.show(Decimal(words["amount"]))
    return str(_SENTENCES[reason["code"]]).format(**words)


def rests_on(reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """This will name the kinds of evidence that reasons are of, each once, in their order."""
    told = [one for one in reasons if one["code"] != signals.AT_STAKE]
    kinds = [signals.kind_of(one) for one in told]
    return [str(kind.label) if kind else _("Card turnover") for kind in dict.fromkeys(kinds)]
