"""Requests of persons about their data, by the steps that staff take: answered, refused, near and
over their limit, waiting for a second person, and one person erased with the proof."""

import datetime as dt
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from journeys.contact import operations as contact
from journeys.contact.enums import RefusalSource
from journeys.customers import queries as customers
from journeys.customers.models import Customer
from journeys.rights import operations as rights
from journeys.rights.enums import IdentityCheck, RefusalGround, RightsChannel, RightsKind
from journeys.rights.models import RightsRequest
from journeys.rights.queries import holdings
from journeys.telemarketing.models import Lead
from portal.approvals import operations as approvals
from portal.approvals import queries as submissions
from portal.approvals.enums import Verdict
from portal.kit import clock
from portal.staff.access import Scope, scope_of
from portal.staff.enums import Role
from portal.staff.models import Staff

_TRIES = 400  # of finding a person against whose erasure nothing stands
_WORDS = {
    RightsKind.ACCESS: "想知道银行保存了我的哪些资料，请给我一份。",
    RightsKind.CORRECT: "换了手机号，请更正。",
    RightsKind.DELETE: "不再办卡，请删除我的资料。",
    RightsKind.OBJECT: "不要再给我发营销信息，也不要用系统自动筛选我。",
}


@dataclass
class _Desk:
    """Who works on the requests, and whose they are."""

    rng: random.Random
    numbers: list[str]
    officer: Staff
    approver: Staff
    at: dt.datetime

    def person(self, *, may_be_erased: bool = False) -> Customer:
        """This will draw a customer; where asked, one with a phone against whose erasure nothing
        stands."""
        everywhere = Scope(branch_path="")
        for _try in range(_TRIES):
            number = self.rng.choice(self.numbers)
            found = customers.one_customer(scope=everywhere, number=number)
            if found and not (may_be_erased and _is_needed(found)):
                return found
        raise LookupError("The demo bank has nobody who could be erased.")

    def take_in(
        self, kind: RightsKind, days: int, identity: str = IdentityCheck.ID_DOCUMENT,
        person: holdings.Person | None = None,
    ) -> RightsRequest:  # fmt: skip
        """This will take a request in that came so many days ago."""
        at = self.at - dt.timedelta(days=days)
        return rights.open_request(
            person=person or self.person(),
            kind=kind,
            channel=self.rng.choice(list(RightsChannel)[:4]),
            identity_check=identity,
            details=_WORDS[kind],
            received_date=clock.bank_day(at),
            actor=self.officer,
            at=at,
        )


def _is_needed(customer: Customer) -> bool:
    return customer.phone_sealed is None or bool(holdings.standing_against([customer]))


def build_rights(*, seed: str, ids: Mapping[str, int], on: dt.date, at: dt.datetime) -> None:
    """This will take in requests of the weeks before `on`; `ids` are those of the customers by
    number."""
    rights.set_usual_rule(effective_date=on - dt.timedelta(days=730), at=at)
    officer = Staff.objects.filter(role=Role.COMPLIANCE).order_by("username").first()
    approver = Staff.objects.filter(role=Role.APPROVER).order_by("username").first()
    if officer is None or approver is None or len(ids) < _FEWEST:
        return
    desk = _Desk(random.Random(f"{seed}:rights"), sorted(ids), officer, approver, at)
    desk.take_in(RightsKind.ACCESS, 24)  # over its limit
    desk.take_in(RightsKind.CORRECT, 17)  # near it
    desk.take_in(RightsKind.ACCESS, 3, IdentityCheck.NOT_YET)
    for settle in (_copied, _corrected, _objected, _objected_by_a_lead, _refused):
        settle(desk)
    _waiting(desk)
    _erased(desk)


_FEWEST = 100  # customers, below which a demo bank is for tests alone


def _copied(desk: _Desk) -> None:
    request, at = desk.take_in(RightsKind.ACCESS, 12), desk.at - dt.timedelta(days=9)
    _copy, handle = rights.make_copy(request_id=request.pk, form="xlsx", actor=desk.officer, at=at)
    handle.close()
    rights.finish_request(
        request_id=request.pk, words="资料已当面交付本人。", actor=desk.officer, at=at
    )


def _corrected(desk: _Desk, phone: str = "") -> None:
    request, at = desk.take_in(RightsKind.CORRECT, 10), desk.at - dt.timedelta(days=8)
    rights.correct(
        request_id=request.pk,
        field="phone",
        # Nobody has a number of this block.
        value=phone or f"1700000{desk.rng.randrange(10_000):04d}",
        reason="本人持身份证办理。",
        actor=desk.officer,
        at=at,
    )
    rights.finish_request(
        request_id=request.pk, words="已更正并告知客户。", actor=desk.officer, at=at
    )


def _objected(desk: _Desk) -> None:
    request = desk.take_in(RightsKind.OBJECT, 8, IdentityCheck.CALL_BACK)
    rights.stop_marketing(
        request_id=request.pk,
        words="已停止一切营销联系，并告知客户。",
        actor=desk.officer,
        at=desk.at - dt.timedelta(days=7),
    )


def _objected_by_a_lead(desk: _Desk) -> None:
    """Somebody who was called and is no customer: the phone is barred from then on."""
    lead = Lead.objects.filter(customer=None, phone_sealed__isnull=False).order_by("-id").first()
    if lead is None:
        return
    request = desk.take_in(RightsKind.OBJECT, 6, IdentityCheck.CALL_BACK, person=lead)
    rights.stop_marketing(
        request_id=request.pk,
        words="已停止外呼及一切营销联系，并告知本人。",
        actor=desk.officer,
        at=desk.at - dt.timedelta(days=5),
    )


def _refused(desk: _Desk) -> None:
    request = desk.take_in(RightsKind.DELETE, 15)
    rights.refuse_request(
        request_id=request.pk,
        ground=RefusalGround.NEEDED,
        words="信用卡仍在使用，销卡后可再次申请；已告知可先停止营销。",
        actor=desk.officer,
        at=desk.at - dt.timedelta(days=13),
    )


def _waiting(desk: _Desk) -> None:
    request = desk.take_in(RightsKind.DELETE, 5, person=desk.person(may_be_erased=True))
    rights.ask_erasure(request_id=request.pk, actor=desk.officer, at=desk.at - dt.timedelta(days=2))


def _erased(desk: _Desk) -> None:
    """One who had refused marketing: it holds for whoever was given the phone since."""
    person, asked = desk.person(may_be_erased=True), desk.at - dt.timedelta(days=11)
    phone = holdings.opened(person, "phone")
    contact.record_do_not_contact(
        customer_id=person.pk, words=_WORDS[RightsKind.OBJECT], source=RefusalSource.BRANCH,
        actor=desk.officer, at=asked - dt.timedelta(days=20),
    )  # fmt: skip
    request = desk.take_in(RightsKind.DELETE, 14, person=person)
    erasure = rights.ask_erasure(request_id=request.pk, actor=desk.officer, at=asked)
    waiting = submissions.waiting_for(desk.approver, scope=scope_of(desk.approver))
    approvals.decide(
        submission_id=waiting.get(target_key=request.number).pk,
        checker=desk.approver,
        verdict=Verdict.APPROVE,
        reason="身份核实，无在用卡。",
        at=asked + dt.timedelta(days=1),
    )
    steps: list[Callable[..., object]] = [rights.carry_out, rights.prove_everywhere]
    for step in steps:
        step(erasure_id=erasure.pk, at=asked + dt.timedelta(days=1))
    _corrected(desk, phone)
