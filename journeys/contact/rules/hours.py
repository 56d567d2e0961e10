"""Hours of contact as plain values, and what is wrong with them."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

_MIDNIGHT = dt.time(0)


@dataclass(frozen=True, slots=True)
class Hours:
    """From `opens` until just before `closes`; midnight closes the day at its end. Without both,
    closed. `is_overnight` hours go on past midnight. `is_lifted`: a place follows the wider one."""

    opens: dt.time | None = None
    closes: dt.time | None = None
    is_overnight: bool = False
    is_lifted: bool = False


def hours_fault(hours: Hours, division_prefix: str = "") -> str:
    """This will say what is wrong with hours, or nothing."""
    opens, closes = hours.opens, hours.closes
    if hours.is_lifted and not division_prefix:
        return _("Only a place can follow a wider one; everywhere needs hours of its own.")
    if (opens is None) != (closes is None):
        return _("Give both the opening and the closing, or neither for days without contact.")
    if opens is None or closes is None:
        return _("Hours past midnight need an opening and a closing.") if hours.is_overnight else ""
    if hours.is_lifted:
        return _("A place that follows the wider one has no hours of its own.")
    return _overnight_fault(opens, closes, hours.is_overnight)


def _overnight_fault(opens: dt.time, closes: dt.time, is_overnight: bool) -> str:
    if is_overnight and (closes >= opens or closes == _MIDNIGHT):
        return _("These hours do not go past midnight; leave that mark out.")
    if not is_overnight and closes <= opens and closes != _MIDNIGHT:
        return _(
            "The closing comes before the opening. If contact is to go on past midnight, say so."
        )
    return ""
