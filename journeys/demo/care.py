"""Complaints and service cases of the last months, by the steps that staff take in daily work:
most of them settled, some near their limit, one overdue, one special with more days allowed. Those
that came from a campaign or a text are of people who were sent it."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence

from journeys.care import operations as care
from journeys.care import queries
from journeys.care.enums import CareChannel, CauseKind, Grade
from journeys.care.rules import Cause
from journeys.demo.history import Sent
from portal.approvals import operations as approvals
from portal.approvals import queries as submissions
from portal.approvals.enums import Verdict
from portal.staff.access import scope_of
from portal.staff.enums import Role
from portal.staff.models import Staff

_HISTORY_DAYS = 150
_FEWEST = 14  # enough for every kind of clock to show
_CHANNELS = [CareChannel.HOTLINE, CareChannel.BRANCH, CareChannel.APP, CareChannel.SUPERVISOR]
_WORDS = [
    "一周内收到三条营销短信，太多了。", "首刷礼迟迟没有到账。",
    "活动短信写的条件和柜面说的不一样。",
    "电话推销时间太晚，影响休息。", "年费减免承诺没有兑现。", "退货后积分没有更正。",
    "申请办卡已经两周，没有人告诉我结果。",
]  # fmt: skip
_CAUSES = [Cause(CauseKind.PROCESS), Cause(CauseKind.PRODUCT), Cause(CauseKind.UNFOUNDED)]
_MESSAGE_WORDS = [
    "短信说可以领首刷礼，打开手机银行却找不到。", "活动短信写的条件和柜面说的不一样。",
    "短信里的奖励金额让人误会，以为人人都有。",
]  # fmt: skip
_SHARE_OF_MESSAGES = 0.3
_STAFF_SHARE = 0.06
_REMEDIES = ["已致电道歉并补发权益。", "已更正文案并告知客户。", "已说明规则，客户表示理解。"]
_SUBJECTS = ["补寄账单", "修改账单地址", "查询积分到期日", "咨询境外用卡", "调整信用额度"]
# Open ones: grade, and how many days ago they came in (the limits are 15 and 30).
_OPEN = [
    (Grade.SIMPLE, 17), (Grade.SIMPLE, 14), (Grade.SIMPLE, 13), (Grade.SIMPLE, 4),
    (Grade.COMPLEX, 28), (Grade.COMPLEX, 9), (Grade.SPECIAL, 35), (Grade.SPECIAL, 6),
]  # fmt: skip


def build_care(*, seed: str, ids: Mapping[str, int], on: dt.date, at: dt.datetime) -> None:
    """This will take in the open complaints, and the cases of the months before `on`; `ids` are
    those of the customers by number."""
    care.set_usual_rule(effective_date=on - dt.timedelta(days=730), at=at)
    rng = random.Random(f"{seed}:care")
    numbers = sorted(ids)
    for grade, days in _OPEN:
        _open(rng, grade, ids[rng.choice(numbers)], at - dt.timedelta(days=days), at)
    _cases(rng, [ids[rng.choice(numbers)] for _number in range(max(_FEWEST, len(ids) // 200))], at)


def build_settled(
    *, seed: str, ids: Mapping[str, int], sent: Sequence[Sent], at: dt.datetime
) -> None:
    """This will take in the complaints of the months before `at` that are answered or closed;
    about half came from something of what was `sent`."""
    rng = random.Random(f"{seed}:settled")
    numbers = sorted(ids)
    staff = list(Staff.objects.filter(role=Role.TELEMARKETER).order_by("username")[:3])
    latest = at - dt.timedelta(days=22)  # time enough to settle what it brings
    early = [message for message in sent if message.at < latest]
    for number in range(max(_FEWEST, len(ids) // 300)):
        is_closed = number % 10 != 9
        if early and rng.random() < _SHARE_OF_MESSAGES:
            _about_message(rng, rng.choice(early), is_closed)
            continue
        cause = rng.choice(_CAUSES)
        if staff and rng.random() < _STAFF_SHARE:
            cause = Cause(CauseKind.STAFF, staff_id=rng.choice(staff).pk)
        opened = at - dt.timedelta(days=rng.uniform(20, _HISTORY_DAYS))
        _settled(rng, ids[rng.choice(numbers)], rng.choice(_WORDS), cause, opened, is_closed)
    _opened_again(ids[numbers[0]], at - dt.timedelta(days=60) + dt.timedelta(hours=10))


def _opened_again(customer_id: int, opened: dt.datetime) -> None:
    """One that was answered late, opened again and then answered in time."""
    complaint = care.open_complaint(
        customer_id=customer_id, grade=Grade.SIMPLE, channel=CareChannel.HOTLINE, words=_WORDS[1],
        actor=None, at=opened,
    )  # fmt: skip
    for first, words in ((19, "已说明首刷礼的发放时间。"), (24, "已核实漏发，首刷礼已补发。")):
        answered = opened + dt.timedelta(days=first)
        care.answer_complaint(complaint_id=complaint.pk, words=words, actor=None, at=answered)
        if first == 19:
            care.reopen_complaint(
                complaint_id=complaint.pk, reason="客户来电：仍未到账。", actor=None,
                at=answered + dt.timedelta(days=2),
            )  # fmt: skip
    care.close_complaint(
        complaint_id=complaint.pk, cause=Cause(CauseKind.PROCESS), remedy=_REMEDIES[0], actor=None,
        at=opened + dt.timedelta(days=25),
    )  # fmt: skip


def _about_message(rng: random.Random, message: Sent, is_closed: bool) -> None:
    named = rng.choice([message.cause or message.text, message.text])
    opened = message.at + dt.timedelta(hours=rng.uniform(2, 60))
    cause = queries.cause_of(named)
    if cause is not None:
        words = rng.choice(_MESSAGE_WORDS)
        _settled(rng, message.customer_id, words, cause, opened, is_closed)


def _settled(
    rng: random.Random, customer_id: int, words: str, cause: Cause, opened: dt.datetime,
    is_closed: bool,
) -> None:  # fmt: skip
    complaint = care.open_complaint(
        customer_id=customer_id,
        grade=rng.choices([Grade.SIMPLE, Grade.COMPLEX], [4, 1])[0],
        channel=rng.choice(_CHANNELS),
        words=words,
        actor=None,
        at=opened,
    )
    # A few answers come late.
    answered = opened + dt.timedelta(days=rng.uniform(1, 13) if rng.random() < 0.93 else 17)
    care.answer_complaint(
        complaint_id=complaint.pk, words="已致电客户说明情况。", actor=None, at=answered
    )
    if is_closed:
        care.close_complaint(
            complaint_id=complaint.pk,
            cause=cause,
            remedy=rng.choice(_REMEDIES),
            actor=None,
            at=answered + dt.timedelta(days=rng.uniform(0.5, 2)),
        )


def _open(
    rng: random.Random, grade: Grade, customer_id: int, opened: dt.datetime, at: dt.datetime
) -> None:
    complaint = care.open_complaint(
        customer_id=customer_id,
        grade=grade,
        channel=rng.choice(_CHANNELS),
        words=rng.choice(_WORDS),
        actor=None,
        at=opened,
    )
    if grade != Grade.SPECIAL:
        return
    maker = Staff.objects.filter(role=Role.BRANCH_MANAGER).order_by("username").first()
    checker = Staff.objects.filter(role=Role.COMPLIANCE).order_by("username").first()
    if maker is None or checker is None:
        return
    asked = opened + dt.timedelta(days=5)
    care.ask_extension(
        complaint_id=complaint.pk, reason="需等待商户提供交易凭证。", maker=maker, at=asked
    )
    if asked + dt.timedelta(days=1) >= at:
        return  # the youngest one waits for the second person
    waiting = submissions.waiting_for(checker, scope=scope_of(checker))
    approvals.decide(
        submission_id=waiting.get(target_key=complaint.number).pk,
        checker=checker,
        verdict=Verdict.APPROVE,
        reason="情况属实。",
        at=asked + dt.timedelta(days=1),
    )


def _cases(rng: random.Random, customer_ids: Sequence[int], at: dt.datetime) -> None:
    for customer_id in customer_ids:
        opened = at - dt.timedelta(days=rng.uniform(0.5, _HISTORY_DAYS))
        case = care.open_case(
            customer_id=customer_id,
            channel=rng.choice(_CHANNELS[:3]),
            subject=rng.choice(_SUBJECTS),
            actor=None,
            at=opened,
        )
        closed = opened + dt.timedelta(days=rng.uniform(0.1, 4))
        if closed < at:
            care.close_case(case_id=case.pk, words="已办理并告知客户。", actor=None, at=closed)
