"""What a wording must be by its channel, and how long it is."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from journeys.outreach import channels, rules
from journeys.outreach.models import OwnAddress, TextTest


@dataclass(frozen=True)
class Size:
    """How long a text is: its characters and the most there may be, and, where it goes as SMS, how
    many of these it is; None for other channels."""

    characters: int
    most: int
    segments: rules.Segments | None


def text_channels() -> list[str]:
    """This will list the codes of the channels that texts are written for."""
    return list(channels.kinds())


def has_headline(channel: str) -> bool:
    """This will tell whether the texts of a channel have a headline."""
    return channels.kind_of(channel).has_subject


def with_headline() -> list[str]:
    """This will list the codes of the channels whose texts have a headline."""
    return [code for code in text_channels() if has_headline(code)]


def text_faults(
    *,
    channel: str,
    subject: str,
    body: str,
    is_marketing: bool,
    senders: tuple[str, ...] | None = None,
) -> list[rules.TextFault]:
    """This will return what is wrong with a text as it is sent, by its channel's own folder and by
    law; `senders` are the names that an SMS may begin with, where there is a list of them."""
    kind = channels.kind_of(channel)
    return rules.faults_of(
        body=body,
        subject=subject,
        longest=kind.longest,
        has_subject=kind.has_subject,
        is_marketing=is_marketing,
        is_sms=kind.alphabet is not None,
        can_refuse_elsewhere=kind.shows_refusal,
        senders=senders,
    )


def names_senders(channel: str) -> bool:
    """This will tell whether the texts of a channel begin with their sender."""
    return channels.kind_of(channel).alphabet is not None


def size_of(channel: str, body: str) -> Size:
    """This will measure a text as it is sent."""
    kind = channels.kind_of(channel)
    parts = rules.segments_of(body, kind.alphabet) if kind.alphabet else None
    return Size(len(body), kind.longest, parts)


def own_addresses(staff_id: int) -> dict[str, OwnAddress]:
    """This will return where somebody has tests sent to, or wants to, by channel."""
    rows = OwnAddress.objects.filter(staff=staff_id, ended_at=None)
    return {row.channel: row for row in rows.order_by("channel")}


def tests_of(*, staff_id: int, since: dt.datetime) -> QuerySet[TextTest]:
    """This will list what somebody sent to himself since an instant, the latest first."""
    rows = TextTest.objects.filter(sent_by=staff_id, asked_at__gte=since)
    return rows.order_by("-asked_at", "-id")
