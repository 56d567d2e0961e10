"""What callers of the demo bank are shown: facts about its cards against rivals that do not exist,
and scripts; approved, waiting, and near their end."""

import datetime as dt

from journeys.cards import queries as cards
from journeys.demo import products
from journeys.telemarketing import operations as telemarketing
from journeys.telemarketing.enums import FactAspect, Mood, ScriptStage
from journeys.telemarketing.rules import Variant
from portal.approvals import operations as approvals
from portal.approvals import queries as submissions
from portal.approvals.enums import Verdict
from portal.staff.models import Staff

_DAY = dt.timedelta(days=1)
# Own card, rival's card, aspect, ours, theirs, each in both languages, days until the end.
_FACTS = (
    (products.CLASSIC, "RIVAL-A", FactAspect.FREE_DAYS, "免息期 25 至 56 天",
     "25 to 56 days without interest", "免息期 20 至 50 天", "20 to 50 days without interest", 200),
    (products.CLASSIC, "RIVAL-A", FactAspect.ANNUAL_FEE, "首年免年费，刷满 6 笔免次年",
     "No fee in the first year, nor after 6 payments", "不收年费", "No fee", 120),
    (products.TRAVEL, "RIVAL-B", FactAspect.TRAVEL, "加油每月返现不超过 50 元",
     "Up to CNY 50 back a month at petrol stations", "加油每月返现不超过 30 元",
     "Up to CNY 30 back a month at petrol stations", 20),
    (products.PLATINUM, "RIVAL-C", FactAspect.COVER, "航班延误 2 小时起赔付",
     "Pays from a delay of 2 hours on", "航班延误 4 小时起赔付",
     "Pays from a delay of 4 hours on", 90),
)  # fmt: skip
_OPENING = (
    ("您好{person}，我是{branch}的{caller}，想用两分钟介绍我行的信用卡，现在方便吗？",
     "Good day {person}, this is {caller} of {branch}. May I tell you about our card for two "
     "minutes?"),
    ("您好{person}，我是{branch}的{caller}。您平时刷卡多用在哪些地方？我看看有没有合适的卡。",
     "Good day {person}, this is {caller} of {branch}. Where do you mostly pay by card? I will "
     "see whether one of ours fits."),
)  # fmt: skip
_NEEDS = (
    "您更在意年费、免息期，还是加油和出行方面的权益？",
    "Do you care more for the fee, the days without interest, or for travel?",
)
_ANGRY = (
    "{person}，打扰您了，抱歉。您不想再接到电话，我现在就为您登记。",
    "{person}, I am sorry to disturb you. If you want no more calls, I note that now.",
)
_CLOSING = (
    "谢谢您的时间。是否申请由您决定，具体条款以我行公示为准。",
    "Thank you for your time. Whether you apply is yours to decide; our published terms apply.",
)
_SOURCE = "官网《信用卡收费标准与权益说明》"


def build_sayings(*, at: dt.datetime) -> None:
    """This will let the campaign manager propose facts and scripts, and the approver approve all
    but one of each."""
    maker = Staff.objects.get(username="campaign_manager")
    own = {card.code: card.pk for card in cards.own_products()}
    then = at - 30 * _DAY  # before the calls of the last weeks (`calls`)
    rivals = {code: (name, issuer) for code, name, _en, issuer, _fee in products.RIVAL}
    for card, rival, aspect, ours, ours_en, theirs, theirs_en, days in _FACTS:
        name, issuer = rivals[rival]
        said = telemarketing.FactSaid(
            rival_issuer=issuer, rival_product=name, aspect=aspect.value, ours=ours,
            ours_en=ours_en, theirs=theirs, theirs_en=theirs_en, source=_SOURCE,
            source_date=(then - 5 * _DAY).date(), valid_until=at + days * _DAY,
        )  # fmt: skip
        row = telemarketing.propose_fact(product_id=own[card], said=said, maker=maker, at=then)
        if aspect != FactAspect.COVER:
            _approve(telemarketing.FACT_APPROVAL, row.pk, then + _DAY)
    _scripts(maker, then)


def _scripts(maker: Staff, then: dt.datetime) -> None:
    for stage, mood, texts in (
        (ScriptStage.OPENING, "", _OPENING), (ScriptStage.NEEDS, "", (_NEEDS,)),
        (ScriptStage.CLOSING, "", (_CLOSING,)),
        (ScriptStage.OBJECTION, Mood.ANGRY.value, (_ANGRY,)),
    ):  # fmt: skip
        share = 100 // len(texts)
        row = telemarketing.propose_script(
            place=telemarketing.ScriptPlace(stage.value, mood=mood), evidence="", maker=maker,
            variants=[
                Variant(code, share, body, body_en)
                for code, (body, body_en) in zip("abc", texts, strict=False)
            ],
            at=then,
        )  # fmt: skip
        if stage != ScriptStage.CLOSING:
            _approve(telemarketing.SCRIPT_APPROVAL, row.pk, then + _DAY)


def _approve(kind: str, pk: int, at: dt.datetime) -> None:
    waiting = submissions.latest_about(kind=kind, target_keys=[str(pk)])
    approvals.decide(
        submission_id=waiting[str(pk)].pk, checker=Staff.objects.get(username="approver"),
        verdict=Verdict.APPROVE, reason="", at=at,
    )  # fmt: skip
