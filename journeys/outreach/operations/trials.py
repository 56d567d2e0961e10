"""Sending a wording to oneself, to see how it arrives."""

import contextlib
import datetime as dt
import hashlib
from collections.abc import Mapping

from django.db import connection, transaction
from django.utils.translation import gettext as _

from journeys.contact.enums import Address, Channel
from journeys.outreach import channels, queries, rules
from journeys.outreach.channels.protocol import Outcome, Parcel
from journeys.outreach.enums import Result
from journeys.outreach.models import TextTest
from journeys.outreach.operations import handing, owning
from portal.audit import operations as audit
from portal.kit import sealed
from portal.staff.models import Staff

# So few that they need no place in the pace of the gateway.
MOST_IN_AN_HOUR = 10
_HOUR = dt.timedelta(hours=1)


class NotTested(Exception):
    """Raised when somebody has no own address for a channel, or has asked too often; its text is a
    sentence for a person."""


def send_test(
    *,
    code: str,
    channel: str,
    language: str,
    subject: str,
    body: str,
    values: Mapping[str, str],
    actor: Staff,
    at: dt.datetime,
) -> TextTest:
    """This will send a wording, filled with `values`, to the own address of `actor` by the
    channel's own gateway, and keep that it was done. Nobody else can be named, and it is no contact
    of a customer.

    The row stands before anything goes out: what is never heard of again counts, too. Raises
    NotTested, rules.BadTemplate and rules.VariableMissing.
    """
    words = rules.render(subject, values), rules.render(body, values)
    destination = own_address(channel=channel, actor=actor)
    row = _begin(
        TextTest(
            sent_by=actor, code=code, channel=channel, language=language, asked_at=at,
            words_hash=hashlib.sha256(f"{subject}\n{body}".encode()).hexdigest(),
            destination_masked=_masked(channel, destination),
        )
    )  # fmt: skip
    outcome = handing.as_kept(_hand_over(row, destination, *words), destination)
    row.result, row.detail = outcome.result.value, outcome.detail
    _finish(row, actor, at)
    return row


def own_address(*, channel: str, actor: Staff) -> str:
    """This will return where a person of the bank is reached by a channel. Raises NotTested."""
    if Channel(channel).address == Address.EMAIL and actor.email:
        return actor.email
    if Channel(channel).address == Address.EMAIL:
        raise NotTested(
            _("Your account has no e-mail address. The administrator can add it; then try again.")
        )
    if channel not in rules.OWN_CHANNELS:
        raise NotTested(
            _(
                "{channel}: a call is made by a person, and mobile bank shows messages to "
                "customers alone. Look at the preview."
            ).format(channel=Channel(channel).label)
        )
    row = queries.own_addresses(actor.pk).get(channel)
    if row is None or row.confirmed_at is None:
        raise NotTested(
            _(
                "You have no confirmed address for this channel: {channel}. Enter it under My test "
                "addresses; then try again."
            ).format(channel=Channel(channel).label)
        )
    address = sealed.unseal(bytes(row.address_sealed or b""), "ownaddress.address")
    # Whose it is may have changed since it was confirmed.
    if fault := owning.fault_of_own(channel, address):
        raise NotTested(fault)
    return address


def _masked(channel: str, destination: str) -> str:
    if channel in rules.OWN_CHANNELS:
        return rules.masked_own(channel, destination)
    return channels.kind_of(channel).mask(destination)


@transaction.atomic
def _begin(row: TextTest) -> TextTest:
    """One after another for each person, so that two at once count each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"test:{row.sent_by_id}"])
    mine = TextTest.objects.filter(sent_by=row.sent_by, asked_at__gt=row.asked_at - _HOUR)
    if mine.count() >= MOST_IN_AN_HOUR:
        raise NotTested(
            _("You have sent {most} tests within an hour. Wait a little.").format(
                most=MOST_IN_AN_HOUR
            )
        )
    row.save(force_insert=True)
    return row


def _hand_over(row: TextTest, destination: str, subject: str, body: str) -> Outcome:
    parcel = Parcel(
        key=f"test-{row.pk}",
        destination=destination,
        subject=_("[Test] {subject}").format(subject=" ".join(subject.split())),
        body=body,
    )
    with contextlib.closing(channels.kind_of(row.channel).gateway()) as gateway:
        return gateway.hand_over(parcel)


@transaction.atomic
def _finish(row: TextTest, actor: Staff, at: dt.datetime) -> None:
    row.save(update_fields=["result", "detail"])
    audit.record(
        action="template.tested",
        actor=actor,
        at=at,
        target=row,
        changes={
            "template": str(row), "channel": row.channel, "result": row.result,
            "hash": row.words_hash,
        },
    )  # fmt: skip


def words_of(result: str) -> str:
    """This will say what became of a test, for the one who sent it."""
    return {
        Result.SENT: _("Taken by the gateway: it is on its way to you."),
        Result.NO_ANSWER: _("The gateway gave no answer; it may arrive all the same."),
        Result.UNREACHABLE: _("The gateway cannot be reached. Try again later."),
        Result.BUSY: _("The gateway took nothing just now. Try again later."),
        Result.REFUSED: _("The gateway refused the text."),
        Result.BAD_ADDRESS: _("The gateway refused your own address. Ask the administrator."),
    }[Result(result)]
