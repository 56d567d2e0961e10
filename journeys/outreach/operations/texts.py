"""The texts of messages: versions are added, never changed."""

import datetime as dt

from django.db import connection, transaction
from django.db.models import Max

from journeys.contact.enums import Channel
from journeys.outreach import rules
from journeys.outreach.models import MessageTemplate
from portal.audit import operations as audit
from portal.staff.models import Staff

# Advertising Law, article 43: the sender is named, and how to refuse.
_MAIL_ZH = """{name}，您好：

您参加的“{campaign}”已达标，可获得：{reward}（价值{amount}）。
请登录手机银行查看并领取。领取条件和期限以活动规则页为准。

本行信用卡中心
如不愿再收到此类邮件，回复本邮件并写“退订”即可，随时有效。
"""
_MAIL_EN = """Dear {name},

You have met the conditions of "{campaign}" and can claim: {reward} (worth {amount}).
Please open the mobile bank to see and claim it. Conditions and time limits are on the rule page.

Your bank's card centre
To receive no more mail of this kind, answer this mail with "unsubscribe", at any time.
"""
_DEFAULTS = [
    {
        "channel": Channel.SMS, "language": "zh-hans", "subject": "",
        "body": "【信用卡中心】{name}，您参加的“{campaign}”已达标，可获得{reward}（价值{amount}），"
        "请登录手机银行领取。拒收请回复R",
    },
    {
        "channel": Channel.SMS, "language": "en", "subject": "",
        "body": "[Card centre] {name}, you have met the conditions of {campaign} and can claim "
        "{reward} (worth {amount}) in the mobile bank. Reply R to refuse. 拒收请回复R",
    },
    {
        "channel": Channel.EMAIL, "language": "zh-hans",
        "subject": "您参加的“{campaign}”已达标", "body": _MAIL_ZH,
    },
    {
        "channel": Channel.EMAIL, "language": "en",
        "subject": "You have met the conditions of {campaign}", "body": _MAIL_EN,
    },
]  # fmt: skip


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
) -> MessageTemplate:
    """This will add a wording as the next version of its template. Raises rules.BadTemplate."""
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
    )
    audit.record(action="template.added", actor=actor, at=at, target=template)
    return template


@transaction.atomic
def ensure_default_templates(*, at: dt.datetime) -> None:
    """This will add the texts of the known case where they do not exist: variables name (masked),
    campaign, reward and amount."""
    code = "known_case_qualified"
    for text in _DEFAULTS:
        known = {"code": code, "channel": text["channel"], "language": text["language"]}
        if not MessageTemplate.objects.filter(**known).exists():
            add_template(code=code, **text, actor=None, at=at)
