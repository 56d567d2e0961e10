"""Persons of the demo bank who hold a reward twice: a file of customers gave two numbers one ID
number, after both had it. One stands open, one was looked at, three were asked back."""

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from campaigns.models import Grant
from campaigns.rewards import operations as rewards
from journeys.customers.enums import CustomerKind
from journeys.demo.customers import id_number_of
from portal.approvals import operations as approvals
from portal.approvals import queries as approval_queries
from portal.approvals.enums import Verdict
from portal.intake import operations as intake
from portal.staff.access import Scope
from portal.staff.models import Staff

_BANK = Scope(branch_path="")
_OWN = "ZJ01"  # the branch of the demo's branch manager comes first
_PAIRS = 5
_DAY = dt.timedelta(days=1)
_LOOKED = "客户经理已与客户核实，留作开户礼遇，不予收回"
# Why it is asked, and what became of it.
_ASKED = (
    ("核心系统确认为同一人，后一份礼品收回", ""),
    ("核心系统确认为同一人，积分与礼品收回", Verdict.APPROVE),
    ("两个客户号证件号码相同", Verdict.RETURN),
)


def make_known(*, of: str, group: tuple[str, str], at: dt.datetime) -> None:
    """This will let a file say that holders of a gift of the campaign `of`, and two of the
    campaigns of a group, are one person each, and settle some of what comes of that."""
    pairs = list(_pairs(of))
    both = _one_each(group, {row.customer_id for pair in pairs for row in pair})
    _send_file([*pairs, *both], at)
    later = [pair[1] for pair in pairs]
    if len(later) < _PAIRS:
        return  # a small bank
    actor = Staff.objects.get(username="campaign_manager")
    rewards.look_at(
        grant_id=later[1].pk, of_group=False, reason=_LOOKED, scope=_BANK, actor=actor,
        at=at + _DAY / 24,
    )  # fmt: skip
    for grant, (reason, verdict) in zip(later[2:], _ASKED, strict=True):
        _ask(grant, reason, verdict, actor, at + _DAY / 12)


def _persons(campaign: str) -> list[Grant]:
    """What stands of a campaign's gifts to persons, those of the demo's own branch first."""
    rows = Grant.objects.filter(
        campaign__code=campaign, reversal=None, customer__kind=CustomerKind.PERSON,
        customer__birth_date__isnull=False,
    ).select_related("customer__branch")  # fmt: skip
    found: dict[int, Grant] = {}
    for row in rows.order_by("id"):
        found.setdefault(row.customer_id, row)
    return sorted(found.values(), key=lambda row: (row.customer.branch.code != _OWN, row.pk))


def _pairs(campaign: str) -> Iterator[tuple[Grant, Grant]]:
    rows = _persons(campaign)[: 2 * _PAIRS]
    for place in range(0, len(rows) - 1, 2):
        first, later = sorted(rows[place : place + 2], key=lambda row: row.pk)
        yield first, later


def _one_each(group: tuple[str, str], taken: set[int]) -> list[tuple[Grant, Grant]]:
    """Two persons of whom each has the gift of another campaign of the group."""
    found = [
        next((row for row in _persons(code) if row.customer_id not in taken), None)
        for code in group
    ]
    first, later = found
    return [(first, later)] if first and later else []


def _send_file(pairs: list[tuple[Grant, Grant]], at: dt.datetime) -> None:
    """Core banking's file of customers: the later number of each pair is the first one's person."""
    rows = []
    for place, (first, later) in enumerate(pairs):
        one = first.customer
        born = one.birth_date or at.date()
        number = id_number_of(random.Random(f"twice {place}"), born, "m")
        rows += [_row(one, one, number), _row(later.customer, one, number)]
    if rows:
        intake.import_rows(
            kind="customers", rows=rows, actor=None, at=at, source_name="customers-again.csv"
        )


def _row(customer: Any, person: Any, id_number: str) -> dict[str, str]:
    return {
        "number": customer.number, "name": person.name, "id_number": id_number,
        "birth_date": str(person.birth_date), "branch": customer.branch.code,
        "registered_date": str(customer.registered_date), "source": customer.source,
        "lawful_basis": customer.lawful_basis,
    }  # fmt: skip


def _ask(grant: Grant, reason: str, verdict: str, actor: Staff, at: dt.datetime) -> None:
    """One person asks for it back; another has decided where there is a verdict."""
    row = rewards.ask_back(grant_id=grant.pk, reason=reason, scope=_BANK, maker=actor, at=at)
    if not verdict:
        return
    history = approval_queries.history_of(
        kind=rewards.CLAW_BACK_APPROVAL, target_key=str(row.pk)
    )  # fmt: skip
    approvals.decide(
        submission_id=history.get().pk, checker=Staff.objects.get(username="approver"),
        verdict=verdict, reason="请附核心系统的确认记录" if verdict == Verdict.RETURN else "",
        at=at + _DAY / 24,
    )  # fmt: skip
