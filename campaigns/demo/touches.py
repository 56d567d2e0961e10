"""The touch plan of the demo bank: its message texts, and a campaign that runs by it."""

import datetime as dt
from typing import Any

import yaml
from django.conf import settings

from campaigns.touches import operations as touches
from campaigns.touches.models import TouchMark
from journeys.demo import history
from journeys.outreach import operations as outreach
from portal.kit import clock

PAST_DAYS, DAYS_LIVED = 75, 3
EXAMPLE = settings.BASE_DIR / "examples" / "touch_plan" / "campaign.yaml"
_NO = "拒收请回复R"
_NO_EN = "To refuse further messages, reply R. 拒收请回复R"
# Of each text the Chinese and the English SMS, and the subjects of the mails, which say the same.
_TEXTS = {
    "touch_welcome": (
        "【信用卡中心】{name}，您的信用卡申请已核准，欢迎成为我行持卡人。"
        "收到卡片后请先激活，活动“{campaign}”的规则见手机银行。",
        "[Credit Card Centre] {name}, your card application is approved: welcome. Activate the "
        "card when it arrives; the rules of {campaign_en} are in mobile banking.",
        "欢迎成为我行持卡人", "Welcome as a card holder",
    ),
    "touch_activate": (
        "【信用卡中心】{name}，您尾号{card_tail}的信用卡尚未激活。可在手机银行“卡片管理”中激活。",
        "[Credit Card Centre] {name}, your card ending in {card_tail} is not activated yet. "
        "Activate it in mobile banking under Cards.",
        "您的信用卡尚未激活", "Your card is not activated yet",
    ),
    "touch_activate_plain": (
        "【信用卡中心】{name}，激活尾号{card_tail}的信用卡只需一分钟：手机银行-卡片管理-激活。",
        "[Credit Card Centre] {name}, activating the card ending in {card_tail} takes a minute: "
        "mobile banking, Cards, Activate.",
        "一分钟激活您的信用卡", "Activate your card in a minute",
    ),
    "touch_to_go": (
        "【信用卡中心】您尾号{card_tail}的信用卡距“{campaign}”达标还差{to_go}，"
        "还剩{days_left}天（{deadline}截止）。",
        "[Credit Card Centre] Your card ending in {card_tail} has {to_go} to go for {campaign_en}, "
        "with {days_left} days left (until {deadline}).",
        "“{campaign}”还差{to_go}", "{campaign_en}: {to_go} to go",
    ),
    "touch_qualified": (
        "【信用卡中心】您尾号{card_tail}的信用卡已满足“{campaign}”的消费条件，奖励审核后发放。",
        "[Credit Card Centre] Your card ending in {card_tail} has reached the spending of "
        "{campaign_en}. The reward follows once it is checked.",
        "已满足“{campaign}”的消费条件", "{campaign_en}: spending reached",
    ),
    "touch_points": (
        "【信用卡中心】{name}，您有{points}积分将于{expires}到期，可在手机银行“积分”中兑换。",
        "[Credit Card Centre] {name}, {points} of your points expire on {expires}. Redeem them in "
        "mobile banking under Points.",
        "您的积分即将到期", "Your points are about to expire",
    ),
}  # fmt: skip
# Steps that go by other channels first: what a push, mobile bank and the caller say, with the same
# headlines. How to refuse stands beside the first two, and is asked by the third.
_WAYS = {"activate-10": ["phone", "sms"], "to-go-45": ["on_site", "push", "sms"]}
_OTHERS = [
    ("touch_activate", "phone", "客户{name}尾号{card_tail}的卡久未激活：询问原因，说明方法。",
     "The card of {name} ending in {card_tail} is still not activated: ask why, and explain how."),
    ("touch_to_go", "push", "“{campaign}”还差{to_go}，还剩{days_left}天。",
     "{campaign_en}: {to_go} to go, {days_left} days left."),
    ("touch_to_go", "on_site", "您尾号{card_tail}的卡距“{campaign}”还差{to_go}，{deadline}截止。",
     "Your card ending in {card_tail} has {to_go} to go for {campaign_en}, until {deadline}."),
]  # fmt: skip


def add_texts(*, at: dt.datetime) -> None:
    """This will add the texts of the touch plan's steps, in both languages."""
    for code, channel, *bodies in _OTHERS:
        for language, body, title in zip(("zh-hans", "en"), bodies, _TEXTS[code][2:], strict=True):
            outreach.add_template(
                code=code, channel=channel, language=language, body=body, actor=None, at=at,
                subject=title,
            )  # fmt: skip
    for code, (chinese, english, subject, subject_en) in _TEXTS.items():
        said = {"zh-hans": (chinese + _NO, subject), "en": (f"{english} {_NO_EN}", subject_en)}
        for language, (body, title) in said.items():
            for channel in ("sms", "email"):
                outreach.add_template(
                    code=code, channel=channel, language=language, body=body, actor=None, at=at,
                    subject=title if channel == "email" else "",
                )  # fmt: skip


def plan() -> dict[str, Any]:
    """This will return the plan of the example, as plain values. The demo bank's people entered it
    when their card was issued, up to 75 days before it was approved."""
    found: dict[str, Any] = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    entry = {"by": "event", "anchor": "issue", "within_days": PAST_DAYS}
    steps = [
        _varied(one) if one["code"] == "activate-3"
        else one | {"channels": _WAYS.get(one["code"], one["channels"])}
        for one in found["touches"]["steps"]
    ]  # fmt: skip
    touches = found["touches"] | {"entry": entry, "steps": steps}
    return {**found, "control_percent": 10, "touches": touches}


def _varied(step: dict[str, Any]) -> dict[str, Any]:
    """The step in two variants: as the example has it, and in fewer words."""
    ways = [
        {"code": "usual", "name": "常规说法", "name_en": "As usual", "template": step["template"],
         "share": 50},
        {"code": "plain", "name": "简明说法", "name_en": "In few words",
         "template": "touch_activate_plain", "share": 50},
    ]  # fmt: skip
    return {name: one for name, one in step.items() if name != "template"} | {"variants": ways}


def live(*, on: dt.date) -> None:
    """This will let the days before `on` pass: each morning the touch plans are looked at, and what
    was due went out, as it did in the bank. From then on they run by themselves."""
    TouchMark.objects.all().delete()  # the first look is at everybody
    for before in range(DAYS_LIVED, 0, -1):
        morning = clock.start_of(on - dt.timedelta(days=before)) + dt.timedelta(hours=10)
        touches.sweep_touches(at=morning)
        history.deliver(before=morning + dt.timedelta(hours=12))
