"""The texts that tell a result. They name the sender, promise nothing, give no reason of a
refusal, and say whom to ask. They are no advertising: there is nothing to subscribe or refuse."""

import datetime as dt

from django.db import transaction

from journeys.contact.enums import Channel
from journeys.notices import rules
from journeys.notices.enums import Result
from journeys.outreach import operations as outreach
from journeys.outreach import queries as texts

# Result and language: the subject of the mail, and the sentences of both channels.
_TEXTS = {
    (Result.APPROVED, "zh-hans"): (
        "您的{product}申请已审批通过",
        "您{filed}提交的{product}申请（尾号{tail}）已于{decided}审批通过。"
        "制卡、寄送和激活事宜以我行后续通知为准。如有疑问，请咨询受理网点{branch}或信用卡客服热线。",
    ),
    (Result.APPROVED, "en"): (
        "Your application for {product_en} was approved",
        "Your application of {filed} for {product_en} (ending in {tail}) was approved on "
        "{decided}. We will write separately about making, sending and activating the card. "
        "Questions: {branch_en} or our credit card hotline.",
    ),
    (Result.REFUSED, "zh-hans"): (
        "您的{product}申请结果",
        "您{filed}提交的{product}申请（尾号{tail}）经综合评估未获通过（{decided}）。"
        "您可就审批结果要求我行说明或提出异议，请联系受理网点{branch}或信用卡客服热线。",
    ),
    (Result.REFUSED, "en"): (
        "The result of your application for {product_en}",
        "Your application of {filed} for {product_en} (ending in {tail}) was not approved "
        "({decided}). You may ask us to explain the result or to look at it again: {branch_en} or "
        "our credit card hotline.",
    ),
    (Result.WITHDRAWN, "zh-hans"): (
        "您的{product}申请已撤回",
        "您{filed}提交的{product}申请（尾号{tail}）已于{decided}撤回。"
        "如非您本人意愿，请立即联系受理网点{branch}或信用卡客服热线。",
    ),
    (Result.WITHDRAWN, "en"): (
        "Your application for {product_en} was withdrawn",
        "Your application of {filed} for {product_en} (ending in {tail}) was withdrawn on "
        "{decided}. If you did not want this, tell {branch_en} or our credit card hotline at once.",
    ),
}  # fmt: skip
_SMS = {"zh-hans": "【信用卡中心】{}", "en": "[Credit Card Centre] {}"}
_MAIL = {
    "zh-hans": "尊敬的客户：\n\n{}\n\n信用卡中心\n",
    "en": "Dear customer,\n\n{}\n\nCredit Card Centre\n",
}


@transaction.atomic
def ensure_result_texts(*, at: dt.datetime) -> None:
    """This will add the texts of results where a channel and language has none. Another wording
    is a further version, which then holds."""
    known = texts.texts_written([rules.template_of(result) for result in Result.values])
    for (result, language), (subject, words) in _TEXTS.items():
        code = rules.template_of(result)
        for channel, title, frame in (
            (Channel.SMS, "", _SMS[language]), (Channel.EMAIL, subject, _MAIL[language]),
        ):  # fmt: skip
            if (code, channel, language) not in known:
                outreach.add_template(
                    code=code, channel=channel, language=language, subject=title,
                    body=frame.replace("{}", words), actor=None, at=at,
                )  # fmt: skip
