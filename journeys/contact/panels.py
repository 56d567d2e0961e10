"""What the home page tells those who keep the rules of contact, and what consents and refusals add
to a customer's timeline."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.contact import queries
from journeys.contact.models import Consent, DoNotContact
from portal.kit import clock, timeline
from portal.kit.todo import Todo

_CONSENT, _REFUSAL = range(2)


def calendar_missing(_request: HttpRequest) -> dict[str, Any] | None:
    """This will warn of a year whose calendar must be entered: nothing is planned into it, or
    only by an assumption."""
    on = clock.today()
    years = queries.years_to_enter(on=on)
    if not years:
        return None
    line = Todo(
        label=_("Enter the calendar of rest days and public holidays"),
        brief=ngettext("{count} calendar to enter", "{count} calendars to enter", len(years)),
        count=len(years),
        url=reverse("calendar_enter", args=[min(years)]),
        due=max(on, dt.date(min(years) - 1, 12, 31)),
    )
    return {"years": list(years.items()), "todo": [line]}


def story(asked: timeline.Asked) -> list[timeline.Row]:
    """This will tell what a customer consented to and took back, each from when on, and the word
    never to be contacted."""
    return timeline.cut([*_consents(asked), *_refusal(asked)], asked)


def _consents(asked: timeline.Asked) -> list[timeline.Row]:
    rows = Consent.objects.filter(customer_id=asked.customer_id)
    return [
        timeline.Row(
            at=row.effective_at,
            id=timeline.part_of(_CONSENT, row.pk),
            title=(_("Consent given") if row.is_granted else _("Consent withdrawn")),
            detail=" · ".join(filter(None, (*_what(row), _recorded(row)))),
            tone="success" if row.is_granted else "danger",
        )
        for row in timeline.latest(rows, asked, at="effective_at", part=_CONSENT)
    ]


def _what(row: Consent) -> tuple[str, str]:
    """The purpose, and the channel where the purpose has one."""
    return row.get_purpose_display(), row.get_channel_display()


def _recorded(row: Consent) -> str:
    """The evidence, and the day of the record where it is another than that of the statement."""
    day = clock.bank_day(row.recorded_at)
    if day == clock.bank_day(row.effective_at):
        return row.shown_evidence
    return _("{evidence} (recorded on {day})").format(evidence=row.shown_evidence, day=day)


def _refusal(asked: timeline.Asked) -> list[timeline.Row]:
    rows = DoNotContact.objects.filter(customer_id=asked.customer_id)
    return [
        timeline.Row(
            at=row.at,
            id=timeline.part_of(_REFUSAL, row.pk),
            title=_("Never contact for marketing again"),
            detail=row.shown_words,
            tone="danger",
        )
        for row in timeline.latest(rows, asked, at="at", part=_REFUSAL)
    ]
