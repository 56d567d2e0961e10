"""Reasons as sentences, in the language of who reads them."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from merchants.evidence.enums import TurnoverReason as R
from portal.kit import money

_SENTENCES: dict[str, Any] = {
    R.FELL: _(
        "Since the week of {since}, turnover with season and holidays taken out has been"
        " {percent} % lower (between {least} % and {most} %)."
    ),
    R.ROSE: _(
        "Since the week of {since}, turnover with season and holidays taken out has been"
        " {percent} % higher (between {least} % and {most} %)."
    ),
    R.CLOSED: _("There has been as good as no turnover for {weeks} weeks, since {since}."),
    R.LOSS: _("Over a year that makes {amount} less."),
    R.GAIN: _("Over a year that makes {amount} more."),
    R.OF_GROUP: _("In the same time the other merchants of its category moved by {percent} %."),
    R.BY_CHANCE: _(
        "By chance alone a merchant shows as much once in {years} years, or less often."
    ),
    R.NO_CHANGE: _("There is no lasting change in the last year that chance would not explain."),
    R.FEW_POSTINGS: _("There are {found} postings in a mean week; below {needed} nothing is told."),
    R.SHORT_HISTORY: _("Turnover is known for {found} weeks; {needed} are needed."),
    R.TOO_UNEVEN: _(
        "Turnover is so uneven that only a fall by more than {percent} % would show within a"
        " quarter."
    ),
    R.LATE: _(
        "No source has told of any turnover since {day}: the file or the transactions are late, and"
        " the weeks before were judged."
    ),
    R.TWO_SOURCES: _(
        "Turnover comes from transactions and from a file; a change between the two may look like"
        " one of the merchant."
    ),
    R.RECOVERED: _("The fall that was told as of {on} is over: nothing of it shows any more."),
}


def sentence(reason: Mapping[str, Any]) -> str:
    """This will say one reason, {"code": .., and its numbers}, in words."""
    words = {name: _word(name, value) for name, value in reason.items() if name != "code"}
    return str(_SENTENCES[reason["code"]]).format(**words)


def _word(name: str, value: Any) -> str:
    if name == "amount":
        return money.show(Decimal(value))
    if name == "years":
        return f"{value:,}"
    return str(value)


def percent(share: float) -> float | int:
    """This will write a share in per cent, whole from ten on."""
    found = round(share * 100, 1)
    return round(found) if abs(found) >= 10 else found


def day(value: dt.date) -> str:
    """This will write a day as reasons keep it."""
    return value.isoformat()
