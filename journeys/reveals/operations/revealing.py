"""Revealing one value of one customer: limited, with a reason, and recorded first; and the limits
themselves."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journeys.customers.models import Customer
from journeys.reveals import queries
from journeys.reveals.enums import RevealField
from journeys.reveals.models import USUAL_DIALS, USUAL_SEARCHES, Reveal, RevealRule
from journeys.reveals.operations.counting import count_alone
from portal.audit import operations as audit
from portal.kit import clock, masking, revealing, sealed
from portal.kit.fields import SealedField
from portal.staff.models import Staff

USUAL_SOURCE = (
    "个人信息保护法第六条、第五十一条：处理个人信息限于最小范围，合理确定操作权限，采取去标识化等措施；"
    "次数由合规部门按岗位需要核定。Personal Information Protection Law, art. 6 and 51: least "
    "extent, access by need; the number is set by compliance."
)


_FAULTS = {
    revealing.Fault.SHORT: gettext_lazy(
        "The reason is too short. Write at least {length} characters: what the value is needed for."
    ),
    revealing.Fault.REPEATED: gettext_lazy(
        "The reason repeats the same characters. Say in words what the value is needed for, such "
        "as: the customer asks whether the number is right."
    ),
}


class RevealRefused(Exception):
    """Raised where a value is not shown; the text is for a person."""


class NoRule(RevealRefused):
    """Raised where no limit is in force: then nothing is shown."""


class LimitReached(RevealRefused):
    """Raised where the person has revealed as much as the day allows."""


class NoReason(RevealRefused):
    """Raised where the words are too short to be a reason, or one letter again and again."""


class NothingHeld(RevealRefused):
    """Raised where the customer has no such value, or where it is not masked anyway."""


class CannotBeOpened(RevealRefused):
    """Raised where the sealed value does not open."""


class RuleNotAllowed(Exception):
    """Raised where a rule would apply from a day that has its own already."""


@dataclass(frozen=True)
class Revealed:
    """A value in full, for one answer to one person and nothing else."""

    value: str
    reveal: Reveal


def reveal(
    *, customer: Customer, field: str, kind: str, words: str, actor: Staff, at: dt.datetime
) -> Revealed:
    """This will record that a value is shown, commit that, and only then return the value.

    Raises NoRule, LimitReached, NoReason, NothingHeld, CannotBeOpened; then nothing is recorded.
    """
    # Durable: an outer transaction could still take the record back after the value is out.
    with transaction.atomic(durable=True):
        row = record_reveal(
            customer=customer, field=field, kind=kind, words=words, actor=actor, at=at
        )
        value = _value_of(customer, field)
    return Revealed(value, row)


@transaction.atomic
def record_reveal(
    *, customer: Customer, field: str, kind: str, words: str, actor: Staff, at: dt.datetime
) -> Reveal:
    """This will count and record a reveal in the caller's transaction, without opening anything.

    Raises NoRule, LimitReached, NoReason, NothingHeld.
    """
    on = clock.bank_day(at)
    rule = _rule_for(on, words)
    if not is_held(customer, field):
        raise NothingHeld(_("There is nothing to reveal here."))
    count_alone(what="reveal", actor=actor)
    used = queries.used_on(actor=actor, day=on)
    if used >= rule.per_day:
        raise LimitReached(
            _(
                "You have revealed {used} of {limit} values today. Tomorrow you can go on; if it "
                "cannot wait, ask a colleague or the compliance officer."
            ).format(used=used, limit=rule.per_day)
        )
    row = Reveal.objects.create(
        customer=customer,
        actor=actor,
        branch=actor.branch,
        field=field,
        kind=kind,
        words=masking.mask_text(words),
        at=at,
        on_date=on,
        number_of_day=used + 1,
        allowed=rule.per_day,
    )
    audit.record(
        action="reveal.made",
        actor=actor,
        at=at,
        target=customer,
        reason=words,
        changes={"field": field, "kind": kind, "number_of_day": used + 1, "allowed": rule.per_day},
    )
    return row


def _rule_for(on: dt.date, words: str) -> RevealRule:
    """The rule in force, for words that it takes for a reason."""
    rule = queries.rule_on(on)
    if rule is None:
        raise NoRule(
            _(
                "No limit for revealing is in force on {day}, so nothing is shown. An "
                "administrator must add a reveal rule first."
            ).format(day=on)
        )
    if fault := revealing.fault_of(words, rule.reason_length):
        raise NoReason(_FAULTS[fault].format(length=rule.reason_length))
    return rule


def is_held(customer: Customer, field: str) -> bool:
    """This will tell whether there is a value of which pages show less than the whole."""
    shown = queries.masked(customer, field)
    return bool(shown) and not (field == RevealField.NAME and shown == customer.name)


def _value_of(customer: Customer, field: str) -> str:
    if field == RevealField.NAME:
        return customer.name
    column = f"{field}_sealed"
    declared = Customer._meta.get_field(column)
    assert isinstance(declared, SealedField)  # noqa: S101 (of our own model)
    try:
        return sealed.unseal(getattr(customer, column), declared.seal)
    except sealed.SealBroken as broken:
        raise CannotBeOpened(
            _("The value cannot be opened: its key is missing. Tell an administrator.")
        ) from broken


@transaction.atomic
def set_reveal_rule(
    *,
    effective_date: dt.date,
    per_day: int,
    reason_length: int,
    source: str,
    actor: Staff | None,
    at: dt.datetime,
    searches_per_day: int = USUAL_SEARCHES,
    dials_per_day: int = USUAL_DIALS,
) -> RevealRule:
    """This will set the limits from a day on. Raises RuleNotAllowed."""
    if RevealRule.objects.filter(effective_date=effective_date).exists():
        raise RuleNotAllowed(
            _("{day} has its limits already; choose another day.").format(day=effective_date)
        )
    rule = RevealRule.objects.create(
        effective_date=effective_date,
        per_day=per_day,
        searches_per_day=searches_per_day,
        dials_per_day=dials_per_day,
        reason_length=reason_length,
        source=source,
    )
    audit.record(
        action="reveal_rule.set",
        actor=actor,
        at=at,
        target=rule,
        reason=source,
        changes={
            "per_day": per_day,
            "searches_per_day": searches_per_day,
            "dials_per_day": dials_per_day,
            "reason_length": reason_length,
        },
    )
    return rule


def set_usual_rule(*, effective_date: dt.date, at: dt.datetime) -> RevealRule:
    """This will set 20 values, 30 searches and 300 numbers of leads to dial per person and day,
    and reasons of 8 signs. Raises RuleNotAllowed."""
    return set_reveal_rule(
        effective_date=effective_date,
        per_day=20,
        reason_length=8,
        source=USUAL_SOURCE,
        actor=None,
        at=at,
    )
