"""Message texts on their way: one that waits for its first approval, the next wording of one that
is sent, and one that came back."""

import datetime as dt

from campaigns.texts import operations as texts
from campaigns.texts import rules
from campaigns.texts.models import SenderName
from campaigns.texts.rules import Key
from portal.approvals import operations as approvals
from portal.approvals import queries as submissions
from portal.approvals.enums import Verdict
from portal.staff.models import Staff

_BIRTHDAY = Key("birthday_month", "sms", "zh-hans")
_WORDS = {
    _BIRTHDAY: (
        "",
        "【信用卡中心】{name}，生日快乐！本月您尾号{card_tail}的信用卡可参加“{campaign}”，"
        "规则见手机银行。拒收请回复R",
    ),
    Key("touch_activate", "push", "zh-hans"): (
        "您的信用卡尚未激活", "{name}，您尾号{card_tail}的信用卡尚未激活，可在“卡片管理”中激活。",
    ),
    Key("touch_to_go", "email", "zh-hans"): (
        "“{campaign}”还差{to_go}",
        "尊敬的{name}：\n\n您尾号{card_tail}的信用卡距“{campaign}”达标还差{to_go}，还剩{days_left}天"
        "（{deadline}截止）。消费以入账为准。\n\n信用卡中心\n如不愿再收到此类邮件，请回复本邮件“退订”。",
    ),
}  # fmt: skip
_REASON = "生日属于个人信息，请先确认客户已同意用于营销，并写明活动的起止日期。"


_SENDERS = ("信用卡中心", "Credit Card Centre")


def permit_senders(*, on: dt.date) -> None:
    """This will list the names under which the demo bank sends, from a day on."""
    for name in _SENDERS:
        SenderName.objects.get_or_create(
            name=name, effective_date=on, defaults={"source": "运营商短信签名备案"}
        )


def propose(*, at: dt.datetime) -> None:
    """This will let the campaign manager submit them, and the approver return one."""
    maker = Staff.objects.get(username="campaign_manager")
    for number, (key, (subject, body)) in enumerate(_WORDS.items()):
        texts.propose_text(
            key=key, subject=subject, body=body, maker=maker,
            at=at + dt.timedelta(minutes=number),
        )  # fmt: skip
    waiting = submissions.latest_about(kind=rules.APPROVAL_KIND, target_keys=[str(_BIRTHDAY)])
    approvals.decide(
        submission_id=waiting[str(_BIRTHDAY)].pk,
        checker=Staff.objects.get(username="approver"),
        verdict=Verdict.RETURN,
        reason=_REASON,
        at=at + dt.timedelta(hours=1),
    )
