"""The texts of messages: versions are added, never changed."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from journeys.contact.enums import Channel
from journeys.outreach import rules
from journeys.outreach.enums import Failure
from journeys.outreach.models import MessageTemplate, TextWithdrawal
from journeys.outreach.operations import cancelling
from portal.audit import operations as audit
from portal.kit import masking
from portal.staff.models import Staff

_REASON_LENGTH: int = TextWithdrawal._meta.get_field("reason").max_length or 0

FIRST_GIFT = "first_gift"
# Advertising Law, article 43: the sender is named, and how to refuse.
_SMS = (
    "【信用卡中心】您尾号{card_tail}的信用卡已达成“{campaign}”条件，{reward}（价值{amount}）已发放，"
    "可在手机银行“我的权益”查看。拒收请回复R"
)
_SMS_EN = (
    "[Credit Card Centre] Your card ending in {card_tail} has met the terms of {campaign_en}. "
    "Your {reward_en} (worth {amount}) has been granted; see My benefits in mobile banking. "
    "To refuse further messages, reply R. 拒收请回复R"
)
_MAIL = """尊敬的客户：

您尾号{card_tail}的信用卡已达成“{campaign}”活动条件，{reward}（价值{amount}）已发放至您的账户，
可在手机银行“我的权益”查看。

活动规则以手机银行公示为准。

信用卡中心
如不愿再收到此类邮件，请回复本邮件“退订”，我们会立即停止发送。
"""
_MAIL_EN = """Dear customer,

Your card ending in {card_tail} has met the terms of {campaign_en}. Your {reward_en} (worth
{amount}) has been granted; see My benefits in mobile banking.

The rules published in mobile banking apply.

Credit Card Centre
If you do not want such mail any more, answer with the word unsubscribe; we stop at once.
"""
_DEFAULTS = [
    (Channel.SMS, "zh-hans", "", _SMS),
    (Channel.SMS, "en", "", _SMS_EN),
    (Channel.EMAIL, "zh-hans", "“{campaign}”：{reward}已发放", _MAIL),
    (Channel.EMAIL, "en", "{campaign_en}: your {reward_en} has been granted", _MAIL_EN),
]


class TextNotWithdrawable(Exception):
    """Raised when a wording was withdrawn already, or no reason is given; its text is a sentence
    for a person."""


@transaction.atomic
def add_template(
    *,
    code: str,
    channel: str,
    language: str,
    subject: str,
    body: str,
    actor: Staff | None,
    at: dt.datetime,
    approved_in: int | None = None,
) -> MessageTemplate:
    """This will add a wording, of which `actor` is the author, as the next version of its template.
    `approved_in` is the submission by which another person approved it: without it the database
    takes none that has an author. Raises rules.BadTemplate."""
    rules.variables_of(subject)
    rules.variables_of(body)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"template:{code}"])
    same = MessageTemplate.objects.filter(code=code, channel=channel, language=language)
    template = MessageTemplate.objects.create(
        code=code,
        channel=channel,
        language=language,
        version=1 + (same.aggregate(last=Max("version"))["last"] or 0),
        subject=subject,
        body=body,
        author=actor,
        approved_in_id=approved_in,
    )
    audit.record(action="template.added", actor=actor, at=at, target=template)
    return template


@transaction.atomic
def withdraw_text(*, template_id: int, reason: str, actor: Staff, at: dt.datetime) -> int:
    """This will withdraw a wording: nothing is sent with it any more. What waits with it is
    cancelled, and how many these were is returned; what a worker holds at this instant is being
    handed over and is not called back. Raises TextNotWithdrawable.
    """
    reason = masking.mask_text(reason.strip())[:_REASON_LENGTH]
    if not reason:
        raise TextNotWithdrawable(_("Give a reason: it stays in the audit trail."))
    template = MessageTemplate.objects.get(pk=template_id)
    try:
        with transaction.atomic():
            TextWithdrawal.objects.create(
                template=template, reason=reason, withdrawn_by=actor, withdrawn_at=at
            )
    except IntegrityError as second:
        raise TextNotWithdrawable(_("This text was withdrawn already.")) from second
    causes = cancelling.cancel(
        "WHERE message.template_id = %(template)s", {"template": template_id},
        failure=Failure.TEXT_WITHDRAWN, at=at,
    )  # fmt: skip
    audit.record(
        action="template.withdrawn",
        actor=actor,
        at=at,
        target=template,
        reason=reason,
        changes={"messages": len(causes)},
    )
    return len(causes)


@transaction.atomic
def ensure_default_templates(*, at: dt.datetime) -> None:
    """This will add the texts of the known case where they do not exist. Their variables are those
    that a campaign's run brings: card_tail, campaign, reward, amount, and the English names."""
    for channel, language, subject, body in _DEFAULTS:
        known: dict[str, Any] = {"code": FIRST_GIFT, "channel": channel, "language": language}
        if not MessageTemplate.objects.filter(**known).exists():
            add_template(**known, subject=subject, body=body, actor=None, at=at)
