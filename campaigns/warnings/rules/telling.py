"""An alert in words, from its figures: what was seen, against what, and what to look at."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.warnings.enums import Kind, Subject
from portal.kit import money

Evidence = Mapping[str, Any]


def sentence(kind: str, subject: str, evidence: Evidence) -> str:
    """This will say in the reader's language what was seen."""
    return _SENTENCES[Kind(kind), subject == Subject.CUSTOMER](evidence)


def _budget(seen: Evidence) -> str:
    return _(
        "At the pace of the last {days} days ({pace} a day) what is left, {left} of {most}, is "
        "used up on {used_up}: in {days_left} days."
    ).format(
        days=seen["days"], pace=money.show(Decimal(seen["pace"])), used_up=seen["used_up"],
        left=money.show(Decimal(seen["left"])), most=money.show(Decimal(seen["most"])),
        days_left=seen["days_left"],
    )  # fmt: skip


def _burst(seen: Evidence) -> str:
    return _(
        "In the hour from {hour} {count} rewards were granted; in a busy hour of the {days} days "
        "before it were {busy}: {times} times as many."
    ).format(**{**seen, "hour": hour_of(seen["hour"])})


def _never_used(seen: Evidence) -> str:
    return _(
        "Of {whole} cards {of} were not used within {wait} days of issue: {percent} % (with "
        "chance allowed for, {low} to {high} %). Of the others it is {others_percent} % of "
        "{others_whole} cards."
    ).format(**seen)


def _splitting(seen: Evidence) -> str:
    return _(
        "{near} rewarded customers made {pieces} purchases and more on one day here that add up to "
        "just what a tier asks, up to a tenth more. Sums somewhat higher, in bands of the same "
        "width, let one expect {expected}."
    ).format(**seen)


def _shared(seen: Evidence) -> str:
    return _(
        "Of {whole} customers whom this person won in {days} days {of} share phone, e-mail or "
        "address with another one of them: {percent} % (with chance allowed for, {low} to {high} "
        "%). With the others' customers it is {others_percent} % of {others_whole}."
    ).format(**seen)


def _self_dealing(seen: Evidence) -> str:
    return _(
        "This person's e-mail address stands with {customers} customers, who were granted {grants} "
        "rewards within {days} days."
    ).format(**seen)


def _desk(seen: Evidence) -> str:
    return _(
        "For one merchant this person recorded benefits of {customers} customers {again} times and "
        "more each within {days} days, {uses} uses in all."
    ).format(**seen)


def _month_end(seen: Evidence) -> str:
    return _(
        "Of {whole} cards issued in {month} {of} were issued in its last {wait} workdays: "
        "{percent} % (with chance allowed for, {low} to {high} %). At the other branches it is "
        "{others_percent} %."
    ).format(**seen)


def _complaints(seen: Evidence) -> str:
    return _(
        "{complaints} complaints were traced to it within {days} days, in which {messages} "
        "messages were sent; at the bank's usual rate it would be {expected}."
    ).format(**seen)


def _refund(seen: Evidence) -> str:
    return _(
        "{customers} customers had purchases refunded here within {wait} days of a reward, "
        "{refunds} times; at the bank's usual rate it would be {expected} for as many purchases."
    ).format(**seen)


def _returner(seen: Evidence) -> str:
    return _(
        "On {times} days of the last {days} this customer had purchases refunded within {wait} "
        "days of a reward."
    ).format(**seen)


def _concentration(seen: Evidence) -> str:
    return _(
        "Of {whole} customers who paid at the {partners} partners {of} paid at one of them: "
        "{percent} % (with chance allowed for, {low} to {high} %). The index of concentration is "
        "{index} of 10,000."
    ).format(**seen)


def _sleeping(seen: Evidence) -> str:
    return _(
        "At the end of {day} {of} of the {whole} cards that the ceiling counts sleep: {percent} %, "
        "where {ceiling} % is the most. {due} more fall asleep within 30 days unless they are used."
    ).format(**seen)


_SENTENCES: Mapping[tuple[Kind, bool], Callable[[Evidence], str]] = {
    (Kind.BUDGET, False): _budget,
    (Kind.BURST, False): _burst,
    (Kind.NEVER_USED, False): _never_used,
    (Kind.SPLITTING, False): _splitting,
    (Kind.SHARED, False): _shared,
    (Kind.SELF_DEALING, False): _self_dealing,
    (Kind.DESK, False): _desk,
    (Kind.MONTH_END, False): _month_end,
    (Kind.COMPLAINTS, False): _complaints,
    (Kind.REFUND, False): _refund,
    (Kind.REFUND, True): _returner,
    (Kind.CONCENTRATION, False): _concentration,
    (Kind.SLEEPING, False): _sleeping,
}

# What to do about it, first of all.
ADVICE: Mapping[str, Any] = {
    Kind.BUDGET: gettext_lazy(
        "Decide whether the budget is raised by a new version, or customers are told that it ends."
    ),
    Kind.BURST: gettext_lazy(
        "Look at the run or sale of that hour: whom did it reach, and was that meant?"
    ),
    Kind.NEVER_USED: gettext_lazy(
        "Call some of these customers: do they know of the card? Then talk to who issued it."
    ),
    Kind.SPLITTING: gettext_lazy(
        "Ask the merchant for the receipts of some of these days: was one purchase paid in parts?"
    ),
    Kind.SHARED: gettext_lazy(
        "Compare the applications: are these families, or one person under several names?"
    ),
    Kind.SELF_DEALING: gettext_lazy(
        "Staff may be customers. Look whether the rewards came about like those of others."
    ),
    Kind.DESK: gettext_lazy("Ask these customers whether they used the benefits themselves."),
    Kind.MONTH_END: gettext_lazy(
        "Look at the cards of these days: are they used, and were customers in a hurry?"
    ),
    Kind.COMPLAINTS: gettext_lazy(
        "Read the complaints: do the words promise what the rule does not give?"
    ),
    Kind.REFUND: gettext_lazy(
        "Look whether the goods came back. The rewards are looked at again by themselves."
    ),
    Kind.CONCENTRATION: gettext_lazy(
        "Ask why the others bring so few: terms, places, or how the campaign is shown there."
    ),
    Kind.SLEEPING: gettext_lazy(
        "Wake those who are about to fall asleep: their list can be the audience of a campaign."
    ),
}

# The figures of the table, in their order; what one of them is called in most kinds.
LABELS: Mapping[str, Any] = {
    "of": gettext_lazy("Counted"),
    "whole": gettext_lazy("Of"),
    "percent": gettext_lazy("Share, %"),
    "low": gettext_lazy("Interval from"),
    "high": gettext_lazy("Interval to"),
    "others_of": gettext_lazy("The others: counted"),
    "others_whole": gettext_lazy("The others: of"),
    "others_percent": gettext_lazy("The others: share, %"),
    "ceiling": gettext_lazy("Ceiling, %"),
    "day": gettext_lazy("Day of the figures"),
    "due": gettext_lazy("Asleep within 30 days unless used"),
    "near": gettext_lazy("Customers with sums just enough"),
    "around": gettext_lazy("Customers with sums somewhat higher"),
    "refunds": gettext_lazy("Refunds soon after a reward"),
    "complaints": gettext_lazy("Complaints"),
    "messages": gettext_lazy("Messages sent"),
    "customers": gettext_lazy("Customers"),
    "purchases": gettext_lazy("Purchases"),
    "grants": gettext_lazy("Rewards"),
    "uses": gettext_lazy("Uses"),
    "count": gettext_lazy("Rewards in the hour"),
    "busy": gettext_lazy("Rewards in a busy hour before"),
    "left": gettext_lazy("Left (CNY)"),
    "most": gettext_lazy("Budget (CNY)"),
    "pace": gettext_lazy("Used a day (CNY)"),
    "used_up": gettext_lazy("Used up on"),
    "last_day": gettext_lazy("Last day of the campaign"),
    "expected": gettext_lazy("Expected"),
    "times": gettext_lazy("Times"),
    "partners": gettext_lazy("Partners"),
    "index": gettext_lazy("Index of concentration"),
    "days": gettext_lazy("Days looked at"),
    "wait": gettext_lazy("Days that a fact may take"),
}


def figures(evidence: Evidence) -> list[tuple[str, str]]:
    """This will list the figures of an alert, each with its label."""
    return [
        (str(label), str(evidence[name]))
        for name, label in LABELS.items()
        if evidence.get(name) not in (None, "")
    ]


def series(evidence: Evidence) -> Sequence[tuple[str, float]]:
    """This will return what the small picture of an alert draws; none where it has none."""
    return [(label, float(value)) for label, value in evidence.get("series", ())]


def hour_of(text: str) -> str:
    """This will write an hour of the evidence as people read it."""
    return text[:16].replace("T", " ")
