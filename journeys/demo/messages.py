"""Texts of messages: each names the sender and tells how to refuse (Advertising Law, art. 43)."""

from journeys.contact.enums import Channel
from journeys.outreach.models import MessageTemplate

_SMS = (
    "【信用卡中心】您尾号{card_tail}的信用卡已达成“{campaign}”条件，{reward}（价值{amount}）已发放，"
    "可在手机银行“我的权益”查看。拒收请回复R。"
)
_SMS_EN = (
    "[Credit Card Centre] Your card ending in {card_tail} has met the terms of {campaign_en}. "
    "Your {reward_en} (worth {amount}) has been granted; see My benefits in mobile banking. "
    "Reply R to refuse further messages."
)
_MAIL = (
    "尊敬的客户：\n\n您尾号{card_tail}的信用卡已达成“{campaign}”活动条件，{reward}（价值{amount}）"
    "已发放至您的账户，可在手机银行“我的权益”查看。\n\n活动规则以手机银行公示为准。\n\n"
    "信用卡中心\n如不愿再收到此类邮件，请回复本邮件“退订”，我们会立即停止发送。"
)
_MAIL_EN = (
    "Dear customer,\n\nYour card ending in {card_tail} has met the terms of {campaign_en}. Your "
    "{reward_en} (worth {amount}) has been granted; see My benefits in mobile banking.\n\n"
    "The rules published in mobile banking apply.\n\nCredit Card Centre\n"
    "If you do not want such mail any more, answer with the word unsubscribe; we stop at once."
)
_TEXTS = [
    (Channel.SMS, "zh-hans", "", _SMS),
    (Channel.SMS, "en", "", _SMS_EN),
    (Channel.EMAIL, "zh-hans", "“{campaign}”：{reward}已发放", _MAIL),
    (Channel.EMAIL, "en", "{campaign_en}: your {reward_en} has been granted", _MAIL_EN),
]


def build_messages() -> None:
    """This will create the texts of the known case."""
    MessageTemplate.objects.bulk_create(
        MessageTemplate(
            code="first_gift", channel=channel, language=language, subject=subject, body=body
        )
        for channel, language, subject, body in _TEXTS
    )
