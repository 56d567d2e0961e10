"""Own addresses of staff for tests: a code goes there, and who types it in is believed."""

import contextlib
import datetime as dt
import hmac
import secrets

from django.db import connection, transaction
from django.utils.translation import gettext as _

from journeys.contact import queries as contact
from journeys.contact.enums import Channel
from journeys.customers import queries as customers
from journeys.outreach import channels, rules
from journeys.outreach.channels.protocol import Outcome, Parcel
from journeys.outreach.models import OwnAddress
from journeys.outreach.operations import handing
from portal.audit import operations as audit
from portal.kit import clock, sealed
from portal.kit.registry import registry
from portal.staff.models import Staff

MOST_CODES_IN_AN_HOUR, MOST_TRIES = 5, 5
# To one number or device, whoever asks.
MOST_TO_ONE_IN_A_DAY = 5
_HOUR, _DAY, _HOLDS = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(minutes=10)


class OwnAddressRefused(Exception):
    """Raised where an own address cannot be taken or confirmed; its text is a sentence for a
    person."""


def ask_own_address(*, channel: str, typed: str, actor: Staff, at: dt.datetime) -> str:
    """This will send a code to what `actor` typed as the own address of a channel, in the place of
    the one before, and return what became of the sending (a Result). Nothing else goes there until
    the code is confirmed. The row stands before the code goes out: what is never heard of again
    counts, too. Raises OwnAddressRefused."""
    address = rules.own_address_of(channel, typed)
    if not address:
        raise OwnAddressRefused(
            _("Enter a mobile number of 11 digits.")
            if channel == Channel.SMS
            else _("Enter the id of a test device: TEST- and letters or digits.")
        )
    if fault := fault_of_own(channel, address):
        raise OwnAddressRefused(fault)
    sender = _sender(channel, at)
    code = f"{secrets.randbelow(1_000_000):06}"
    row = _begin(channel, address, code, actor, at)
    outcome = handing.as_kept(_hand_over(row, address, code, sender), address)
    changes = {"channel": channel, "result": outcome.result.value}
    audit.record(action="own_address.asked", actor=actor, at=at, target=row, changes=changes)
    return outcome.result.value


def fault_of_own(channel: str, address: str) -> str:
    """This will say why nothing goes to an own address now: no code and no test for who refused to
    be contacted, nor for a customer's own device; "" where nothing stands against it."""
    if channel == Channel.SMS and contact.refused_among([customers.callee_of(address)]):
        return _("Whoever has this number asked never to be contacted.")
    if channel == Channel.PUSH and customers.id_of(address) is not None:
        return _("This is the number of a customer, and no test device.")
    return ""


@transaction.atomic
def _begin(channel: str, address: str, code: str, actor: Staff, at: dt.datetime) -> OwnAddress:
    to = sealed.lasting_index(f"{channel}:{address}", "ownaddress.address")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"own:{actor.pk}"])
        # Always after the person's: two who ask for one number wait for each other once.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"own-to:{to.hex()}"])
    asked = OwnAddress.objects.filter(staff=actor, code_sent_at__gt=at - _HOUR).count()
    if asked >= MOST_CODES_IN_AN_HOUR:
        raise OwnAddressRefused(
            _("You have asked for {most} codes within an hour. Wait a little.").format(
                most=MOST_CODES_IN_AN_HOUR
            )
        )
    _refuse_too_many(to, at)
    _end(channel, actor, at)
    row = OwnAddress(
        staff=actor,
        channel=channel,
        address_hash=to,
        address_sealed=sealed.seal(address, "ownaddress.address"),
        address_masked=rules.masked_own(channel, address),
        code_hash=_hash_of(actor, channel, code),
        code_sent_at=at,
    )
    row.save(force_insert=True)
    return row


def _refuse_too_many(to: bytes, at: dt.datetime) -> None:
    """Several people could send codes to a stranger, each within the own limit. By a hash that is a
    day old nobody is counted any more."""
    OwnAddress.objects.filter(address_hash__isnull=False, code_sent_at__lte=at - _DAY).update(
        address_hash=None
    )
    sent = OwnAddress.objects.filter(address_hash=to, code_sent_at__gt=at - _DAY).count()
    if sent >= MOST_TO_ONE_IN_A_DAY:
        raise OwnAddressRefused(
            _("This address was sent {most} codes within a day. Wait until tomorrow.").format(
                most=MOST_TO_ONE_IN_A_DAY
            )
        )


def _hash_of(actor: Staff, channel: str, code: str) -> bytes:
    return sealed.lasting_index(f"{actor.pk}:{channel}:{code}", "ownaddress.code")


def _sender(channel: str, at: dt.datetime) -> str:
    """Under which of the bank's permitted names an SMS with a code goes, the usual one if it may;
    "" for other channels, and where no list is in force."""
    listed = registry.senders.permitted(clock.bank_day(at)) if registry.senders else None
    if channel != Channel.SMS or listed is None:
        return ""
    if not listed:
        raise OwnAddressRefused(
            _(
                "No sender name may be used now, so no SMS can be sent. The administrator keeps "
                "the list."
            )
        )
    usual = rules.sender_of(_code_words())
    return usual if usual in listed else listed[0]


def _code_words() -> str:
    return _(
        "[Credit Card Centre] Your code is {code}. It confirms your own address for tests of "
        "message texts and holds for 10 minutes."
    )


def _hand_over(row: OwnAddress, address: str, code: str, sender: str) -> Outcome:
    words = _code_words()
    body = (rules.with_sender(words, sender) if sender else words).format(code=code)
    subject = _("Your code") if channels.kind_of(row.channel).has_subject else ""
    parcel = Parcel(key=f"code-{row.pk}", destination=address, subject=subject, body=body)
    with contextlib.closing(channels.kind_of(row.channel).gateway()) as gateway:
        return gateway.hand_over(parcel)


def confirm_own_address(*, channel: str, code: str, actor: Staff, at: dt.datetime) -> None:
    """This will confirm the own address of a channel by the code that was sent to it. A wrong one
    counts, and after a few of them a new code is needed. Raises OwnAddressRefused."""
    if not _is_right(channel, code.strip(), actor, at):
        raise OwnAddressRefused(_("This is not the code that was sent. Look again."))


@transaction.atomic
def _is_right(channel: str, code: str, actor: Staff, at: dt.datetime) -> bool:
    """The try is kept whether it is right or not."""
    rows = OwnAddress.objects.select_for_update(of=("self",)).filter(
        staff=actor, channel=channel, ended_at=None, confirmed_at=None
    )
    row = rows.first()
    if row is None or at - row.code_sent_at >= _HOLDS or row.tries >= MOST_TRIES:
        raise OwnAddressRefused(_("No code is waiting to be confirmed. Ask for a new one."))
    row.tries += 1
    if hmac.compare_digest(bytes(row.code_hash), _hash_of(actor, channel, code)):
        row.confirmed_at = at
        audit.record(action="own_address.confirmed", actor=actor, at=at, target=row)
    row.save(update_fields=["tries", "confirmed_at"])
    return row.is_confirmed


@transaction.atomic
def end_own_address(*, channel: str, actor: Staff, at: dt.datetime) -> None:
    """This will forget the own address of a channel; its mask stays."""
    if row := _end(channel, actor, at):
        audit.record(action="own_address.ended", actor=actor, at=at, target=row)


def _end(channel: str, actor: Staff, at: dt.datetime) -> OwnAddress | None:
    rows = OwnAddress.objects.select_for_update(of=("self",))
    row = rows.filter(staff=actor, channel=channel, ended_at=None).first()
    if row is not None:
        row.ended_at, row.address_sealed = at, None
        row.save(update_fields=["ended_at", "address_sealed"])
    return row
