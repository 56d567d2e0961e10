"""The home panel about the outbox, and what messages add to a customer's timeline."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.contact.enums import Channel
from journeys.contact.models import Contact
from journeys.outreach import queries
from journeys.outreach.enums import MessageState
from journeys.outreach.models import Answer
from portal.kit import charts, clock, masking, timeline
from portal.kit.todo import Todo
from portal.staff.access import scope_of, staff_of
from portal.staff.enums import Role


def outbox(request: HttpRequest) -> dict[str, Any] | None:
    """This will give a campaign manager how the outbox stands."""
    staff = staff_of(request)
    if staff.role != Role.CAMPAIGN_MANAGER:
        return None
    found = queries.figures(scope=scope_of(staff), at=clock.now())
    url = reverse("outbox_page")
    return {
        "figures": found,
        "todo": [
            Todo(
                label=_("Settle the messages in doubt"),
                brief=ngettext(
                    "{count} message in doubt", "{count} messages in doubt", found.in_doubt
                ),
                count=found.in_doubt,
                url=f"{url}?state={MessageState.IN_DOUBT}",
            ),
            Todo(
                label=_("Look at the messages that were set aside"),
                brief=ngettext(
                    "{count} message set aside", "{count} messages set aside", found.parked
                ),
                count=found.parked,
                url=f"{url}?state={MessageState.PARKED}",
            ),
        ],
    }


def picture_of_minutes(
    counts: dict[tuple[dt.datetime, str], int], *, at: dt.datetime, minutes: int
) -> SafeString:
    """This will draw how many messages were sent in each of the last minutes."""
    last = at.replace(second=0, microsecond=0)
    bars = []
    for ago in reversed(range(minutes)):
        minute = last - dt.timedelta(minutes=ago)
        number = sum(many for (when, _channel), many in counts.items() if when == minute)
        label = f"{timezone.localtime(minute):%H:%M}"
        bars.append(charts.Bar(label, number, str(number)))
    return charts.bars_svg(bars, title=_("Messages sent in each minute"), height=110)


def rates_of_channels(
    counts: dict[tuple[dt.datetime, str], int], *, at: dt.datetime
) -> list[tuple[str, int, int]]:
    """This will tell for each channel how many messages the last full minute and the present one
    hold."""
    this = at.replace(second=0, microsecond=0)
    before = this - dt.timedelta(minutes=1)
    channels = sorted({channel for _minute, channel in counts})
    return [
        (str(Channel(code).label), counts.get((before, code), 0), counts.get((this, code), 0))
        for code in channels
    ]


_MESSAGE, _CONTACT, _ANSWER = range(3)


def story(asked: timeline.Asked) -> list[timeline.Row]:
    """This will tell a customer's messages, each as it stands now, the contacts that were made by
    other ways, and what the customer wrote back."""
    messages = queries.messages_to(asked.customer_id)
    answers = queries.answers_of(asked.customer_id)
    contacts = queries.contacts_without_message(asked.customer_id)
    return timeline.cut(
        [
            *(_message(row) for row in timeline.latest(messages, asked, at="stood_at")),
            *(_contact(row) for row in timeline.latest(contacts, asked, at="at", part=_CONTACT)),
            *(_answer(row) for row in timeline.latest(answers, asked, at="at", part=_ANSWER)),
        ],
        asked,
    )


def _message(row: Any) -> timeline.Row:
    words = [row.masked_destination, row.origin_words, row.failure_words]
    return timeline.Row(
        at=row.stood_at,
        id=timeline.part_of(_MESSAGE, row.pk),
        title=f"{row.get_channel_display()} ({row.get_purpose_display()}): "
        f"{row.get_state_display()}",
        detail=masking.mask_text(" · ".join(part for part in words if part)),
        tone=row.state_tone,
        url=reverse("message_page", args=[row.pk]),
    )


def _contact(row: Contact) -> timeline.Row:
    is_off = row.released_at is not None
    state = _("called off, reached nobody") if is_off else _("contact made")
    return timeline.Row(
        at=row.at,
        id=timeline.part_of(_CONTACT, row.pk),
        title=f"{row.get_channel_display()} ({row.get_purpose_display()}): {state}",
        detail=masking.mask_text(queries.words_of_origin(row.origin)),
        tone="secondary" if is_off else "info",
    )


def _answer(row: Answer) -> timeline.Row:
    return timeline.Row(
        at=row.at,
        id=timeline.part_of(_ANSWER, row.pk),
        title=_("{channel}: the customer wrote back").format(channel=row.get_channel_display()),
        detail=" · ".join(part for part in (row.shown_words, row.get_finding_display()) if part),
        tone="warning" if row.is_to_look_at else "secondary",
        url=reverse("answer_list"),
    )
