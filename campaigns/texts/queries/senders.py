"""Reading the names under which the bank may send, and what goes under each."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.texts.models import SenderName
from campaigns.texts.queries import standing
from journeys.outreach import queries as outreach
from journeys.outreach import rules as filling
from portal.kit.registry import BreachRule

# For the auditor. A name that somebody entered counts once it stands in the trail, whatever day it
# is said to count from; one without a trail from its day on.
_UNDER_A_NAME_THAT_IS_GONE = r"""
SELECT made.* FROM made
JOIN (
    SELECT id, btrim(coalesce(substring(body FROM '^\s*【([^【】]{2,20})】'),
                              substring(body FROM '^\s*\[([^][]{2,40})\]'),
                              substring(body FROM '【([^【】]{2,20})】\s*$'))) AS sender
    FROM journeys_messagetemplate WHERE channel = 'sms'
) AS text ON text.id = made.template_id
CROSS JOIN LATERAL (
    SELECT is_permitted FROM campaigns_sendername AS row
    WHERE row.name = text.sender AND row.effective_date <= made.on_date
      AND coalesce((SELECT min(entry.at) FROM portal_auditentry AS entry
                    WHERE entry.target_kind = 'campaigns.sendername'
                      AND entry.target_key = row.id::text), '-infinity')
          <= made.at - make_interval(secs => %(grace)s)
    ORDER BY row.effective_date DESC LIMIT 1
) AS latest
WHERE is_asked AND made.channel = 'sms' AND NOT latest.is_permitted
  AND text.sender IN (SELECT name FROM campaigns_sendername WHERE NOT is_permitted)
"""
SENDER_GONE = BreachRule(
    "sender", _("sent under a sender name that might not be used any more"),
    _UNDER_A_NAME_THAT_IS_GONE,
)  # fmt: skip


def senders_on(on: dt.date) -> tuple[str, ...] | None:
    """This will list the names that an SMS may name as its sender on a day, in the order of their
    letters; None where no list is in force, and every name is taken."""
    latest = _latest(on)
    return tuple(row.name for row in latest if row.is_permitted) if latest else None


def withdrawn_on(on: dt.date) -> frozenset[str]:
    """This will return the names that may not be used any more on a day: nothing is sent under
    them, whatever was approved before."""
    return frozenset(row.name for row in _latest(on) if not row.is_permitted)


def _latest(on: dt.date) -> list[SenderName]:
    rows = SenderName.objects.filter(effective_date__lte=on)
    return list(rows.order_by("name", "-effective_date").distinct("name"))


@dataclass(frozen=True)
class Under:
    """What goes under a name: wordings that were not withdrawn, approved campaigns whose runs and
    touch plans send them, and how many messages with them wait."""

    texts: list[Any]
    versions: list[Any]
    waiting: int

    @property
    def is_any(self) -> bool:
        return bool(self.texts)


def under(name: str) -> Under:
    """This will tell what stops being sent where a sender name may not be used any more."""
    found = [one for one in outreach.texts_naming(name) if filling.sender_of(one.body) == name]
    versions = {row.pk: row for one in found for row in standing.approved_with(one.pk)}
    return Under(
        found,
        [versions[key] for key in sorted(versions)],
        sum(outreach.count_waiting(one.pk) for one in found),
    )
