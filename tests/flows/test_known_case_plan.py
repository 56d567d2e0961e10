"""The known case as a plan, walked day by day: what each of some customers is told, on which day,
by which channel, in which words, and nothing else.

It is the plan of the demo bank, with its texts, its two ways of saying a thing and its own
channels; people enter it as the example says, by the result of their application. Facts come in by
files in the morning; at ten and in the evening the plan is looked at and the outbox is drained into
the practice gateways, which keep what they are given.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from functools import partial

import pytest
import yaml

from campaigns.demo import touches as demo
from campaigns.eligibility import operations as eligibility
from campaigns.models import CampaignVersion, Grant
from campaigns.planning import operations as planning
from campaigns.touches import operations as touches
from journeys.contact import operations as contact
from journeys.models import Contact, Customer, Message, ReceivedMessage
from journeys.notices import operations as notices
from journeys.outreach import operations as outreach
from journeys.outreach import queries as outbox
from portal.intake import operations as intake
from tests.factories.campaigns import approve
from tests.factories.control import id_numbers, is_left_out
from tests.factories.journeys import (
    ConsentTextFactory,
    ContactRuleFactory,
    CustomerFactory,
    ProductFactory,
)
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.touches import on

DAY = dt.timedelta(days=1)
FILED, RESULT, ISSUE = dt.date(2026, 7, 1), dt.date(2026, 7, 10), dt.date(2026, 7, 12)
LAST_RUN, END = 66, 105  # days after issue: by the last nothing waits any more
POINTS_EXPIRE = 70
CODE, SHARE = "new-card-journey", 10

# Who activates early, who never does, who qualifies, who is not to be sent SMS, who takes the
# consent back, who is left out for comparison, and whose application is refused.
(EARLY, NEVER, BUYER, NO_SMS, GONE, HELD_OUT, REFUSED) = (f"C{number}" for number in range(1, 8))
APPROVED = [EARLY, NEVER, BUYER, NO_SMS, GONE, HELD_OUT]
CONSENTS = {who: ["sms", "email"] for who in (*APPROVED, REFUSED)}
CONSENTS[NO_SMS] = ["email", "on_site"]
# Days after issue.
ACTIVATED = {EARLY: 5, BUYER: 1, NO_SMS: 12, HELD_OUT: 2}
SPENT = {
    20: [("T1", EARLY, "purchase", "200.00", "")],
    9: [("T2", BUYER, "purchase", "400.00", "")],
    40: [("T3", EARLY, "purchase", "150.50", ""), ("T4", BUYER, "purchase", "600.00", "")],
    35: [("T5", NO_SMS, "purchase", "300.00", "")],
    50: [("T6", EARLY, "refund", "50.50", "T3")],
    6: [("T7", HELD_OUT, "purchase", "1200.00", "")],
}
WITHDRAWN = {10: [GONE]}  # once the message of that day is queued

NO = "拒收请回复R"
TOLD_RESULT = (
    "【信用卡中心】您2026-07-01提交的金卡申请（尾号000{}）已于2026-07-10审批通过。"
    "制卡、寄送和激活事宜以我行后续通知为准。如有疑问，请咨询受理网点城中支行或信用卡客服热线。"
)
TOLD_RESULT_EN = (
    "[Credit Card Centre] Your application of 2026-07-01 for Gold card (ending in 0004) was "
    "approved on 2026-07-10. We will write separately about making, sending and activating the "
    "card. Questions: City branch or our credit card hotline."
)
TOLD_REFUSAL = (
    "【信用卡中心】您2026-07-01提交的金卡申请（尾号0007）经综合评估未获通过（2026-07-10）。"
    "您可就审批结果要求我行说明或提出异议，请联系受理网点城中支行或信用卡客服热线。"
)
WELCOME = (
    "【信用卡中心】王**，您的信用卡申请已核准，欢迎成为我行持卡人。收到卡片后请先激活，"
    f"活动“新户首刷礼之旅”的规则见手机银行。{NO}"
)
WELCOME_EN = (
    "Welcome as a card holder\n[Credit Card Centre] A******, your card application is approved: "
    "welcome. Activate the card when it arrives; the rules of First-transaction gift, step by step "
    f"are in mobile banking. To refuse further messages, reply R. {NO}"
)
# Of the step on day 3 there are two ways to say it; each person is drawn one.
ACTIVATE = {
    "usual": "【信用卡中心】王**，您尾号000{}的信用卡尚未激活。可在手机银行“卡片管理”中激活。",
    "plain": "【信用卡中心】王**，激活尾号000{}的信用卡只需一分钟：手机银行-卡片管理-激活。",
}


def activate(way: str, who: str) -> str:
    return ACTIVATE[way].format(who[1:]) + NO


TO_GO = (
    "【信用卡中心】您尾号000{}的信用卡距“新户首刷礼之旅”达标还差{}，"
    f"还剩{{}}天（2026-09-15截止）。{NO}"
)
TO_GO_ON_SITE = (
    "First-transaction gift, step by step: {0} to go\nYour card ending in 0004 has {0} to go for "
    "First-transaction gift, step by step, until 2026-09-15."
)
TO_GO_MAIL = (
    "First-transaction gift, step by step: {0} to go\n[Credit Card Centre] Your card ending in "
    "0004 has {0} to go for First-transaction gift, step by step, with {1} days left (until "
    f"2026-09-15). To refuse further messages, reply R. {NO}"
)
QUALIFIED = (
    f"【信用卡中心】您尾号0003的信用卡已满足“新户首刷礼之旅”的消费条件，奖励审核后发放。{NO}"
)
GRANTED = (
    "【信用卡中心】您尾号0003的信用卡已达成“新户首刷礼之旅”条件，首刷礼（价值¥10）已发放，"
    f"可在手机银行“我的权益”查看。{NO}"
)
POINTS = f"【信用卡中心】王**，您有1,000积分将于2026-09-20到期，可在手机银行“积分”中兑换。{NO}"
# By customer: day after issue, channel, words. "activate" stands for the way that was drawn.
EXPECTED = {
    EARLY: [
        (-2, "sms", TOLD_RESULT.format(1)), (-2, "sms", WELCOME), (3, "sms", "activate"),
        (30, "sms", TO_GO.format(1, "¥800", 35)), (45, "sms", TO_GO.format(1, "¥649.50", 20)),
        (60, "sms", TO_GO.format(1, "¥700", 5)),
    ],
    NEVER: [
        (-2, "sms", TOLD_RESULT.format(2)), (-2, "sms", WELCOME), (3, "sms", "activate"),
        (10, "sms", activate("usual", NEVER)),
    ],
    BUYER: [
        (-2, "sms", TOLD_RESULT.format(3)), (-2, "sms", WELCOME),
        (30, "sms", TO_GO.format(3, "¥600", 35)), (40, "sms", QUALIFIED), (40, "sms", GRANTED),
        (POINTS_EXPIRE - 14, "sms", POINTS),
    ],
    # The result is no advertising: it comes by SMS. What has no other channel is not told at all.
    NO_SMS: [
        (-2, "sms", TOLD_RESULT_EN), (-2, "email", WELCOME_EN),
        (45, "on_site", TO_GO_ON_SITE.format("¥700")), (60, "email", TO_GO_MAIL.format("¥700", 5)),
    ],
    GONE: [(-2, "sms", TOLD_RESULT.format(5)), (-2, "sms", WELCOME), (3, "sms", "activate")],
    HELD_OUT: [(-2, "sms", TOLD_RESULT.format(6))],
    REFUSED: [(-2, "sms", TOLD_REFUSAL)],
}  # fmt: skip


# --- the bank -------------------------------------------------------------------------------------
def open_bank() -> None:
    """Branch, products, rules of contact, and the customers with what they agreed to."""
    ContactRuleFactory()
    begun = on(FILED - 30 * DAY)
    notices.set_notice_rule(
        effective_date=FILED - 30 * DAY, days=3, source="test", actor=None, at=begun
    )
    branch = BranchFactory(code="B001", name="城中支行", name_en="City branch")
    for code in ("CLASSIC", "TRAVEL", "PLATINUM"):
        ProductFactory(code=code)
    text, inside, outside = ConsentTextFactory(), _drawn(is_held=False), _drawn(is_held=True)
    for number, channels in CONSENTS.items():
        who = CustomerFactory(
            number=number, branch=branch,
            id_number=next(outside if number == HELD_OUT else inside),
            **({"language": "en", "name": "Ann Lee"} if number == NO_SMS else {}),
        )  # fmt: skip
        for channel in channels:
            contact.record_consent(
                customer_id=who.pk, text_id=text.pk, channel=channel, evidence="form", actor=None,
                at=begun,
            )  # fmt: skip


def _drawn(*, is_held: bool) -> Iterator[str]:
    """ID numbers of people whom the campaign leaves out for comparison, or does not."""
    for one in id_numbers(300):
        if is_left_out(CODE, CustomerFactory.build(id_number=one), SHARE) is is_held:
            yield one


def open_plan() -> CampaignVersion:
    """The demo bank's plan, entered as the example says."""
    at = on(FILED - 20 * DAY)
    outreach.ensure_default_templates(at=at)
    demo.add_texts(at=at)
    plan = demo.plan()
    entry = yaml.safe_load(demo.EXAMPLE.read_text(encoding="utf-8"))["touches"]["entry"]
    assert (plan["code"], plan["control_percent"]) == (CODE, SHARE)
    version = planning.load_campaign(
        text=yaml.safe_dump(plan | {"touches": plan["touches"] | {"entry": entry}},
                            allow_unicode=True),
        owner=StaffFactory(role="campaign_manager"), at=at,
    )  # fmt: skip
    approve(version)
    return version


# --- its days -------------------------------------------------------------------------------------
def bring(kind: str, rows: list[dict[str, str | None]], at: dt.datetime) -> None:
    """A file of the morning, of which every row is taken."""
    if rows:
        report = intake.import_rows(kind=kind, rows=rows, actor=None, at=at, source_name=kind)
        assert (report.rows_bad, report.rows_new + report.rows_changed) == (0, len(rows))


def bring_facts(number: int, at: dt.datetime) -> None:
    """What the files of one day say."""
    day = ISSUE + number * DAY
    if day in (FILED, RESULT):
        bring("applications", [_application(who, day) for who in (*APPROVED, REFUSED)], at)
    used = [who for who, when in ACTIVATED.items() if when == number]
    bring("cards", [_card(who, day) for who in (APPROVED if day == ISSUE else used)], at)
    bring("transactions", [_spent(day, *row) for row in SPENT.get(number, [])], at)
    if number == 40:
        expires = (ISSUE + POINTS_EXPIRE * DAY).isoformat()
        row: dict[str, str | None] = {
            "reference": "P1", "customer": BUYER, "kind": "earned", "points": "1000",
            "on_date": day.isoformat(), "expires_date": expires,
        }  # fmt: skip
        bring("points", [row], at)


def _application(who: str, day: dt.date) -> dict[str, str | None]:
    state = "filed" if day == FILED else "refused" if who == REFUSED else "approved"
    return {
        "number": f"A000{who[1:]}", "customer": who, "product": "CLASSIC", "branch": "B001",
        "filed_date": FILED.isoformat(), "state": state,
        "decided_date": None if day == FILED else day.isoformat(),
    }  # fmt: skip


def _card(who: str, day: dt.date) -> dict[str, str | None]:
    return {
        "reference": f"K{who[1:]}", "masked_number": f"622588******000{who[1:]}", "customer": who,
        "application": f"A000{who[1:]}", "product": "CLASSIC", "branch": "B001",
        "issued_date": ISSUE.isoformat(),
        "activated_date": None if day == ISSUE else day.isoformat(),
    }  # fmt: skip


def _spent(
    day: dt.date, reference: str, who: str, kind: str, amount: str, of: str
) -> dict[str, str | None]:
    return {
        "reference": reference, "card": f"K{who[1:]}", "kind": kind, "amount": amount,
        "posted_date": day.isoformat(), "merchant": None, "refund_of": of or None,
    }  # fmt: skip


def withdraw(number: int, at: dt.datetime) -> None:
    for who in WITHDRAWN.get(number, []):
        for channel in CONSENTS[who]:
            contact.withdraw_consent(
                customer_id=Customer.objects.get(number=who).pk, purpose="marketing",
                channel=channel, evidence="R", actor=None, at=at,
            )  # fmt: skip


class Log:
    """What arrived: by customer the day after issue, the channel and the words."""

    def __init__(self) -> None:
        self.told: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        self._taken: set[int] = set()

    def drain(self, number: int, at: dt.datetime) -> None:
        """Everything that is due goes, and what is new at its end is written down."""
        outreach.send_due_messages(clock=lambda: at, seconds=30)
        assert not Message.objects.filter(state="sending").exists()
        gone = Message.objects.filter(state="sent").exclude(pk__in=self._taken)
        for message in gone.select_related("customer", "template").order_by("pk"):
            self._taken.add(message.pk)
            words = self._words_of(message)
            if message.variant:
                assert words == activate(message.variant, message.customer.number)
                words = "activate"
            self.told[message.customer.number].append((number, message.channel, words))

    @staticmethod
    def _words_of(message: Message) -> str:
        """As the gateway has it; of mobile bank, as it is fetched."""
        if message.channel == "on_site":
            subject, body = outbox.rendered(message)
        else:
            row = ReceivedMessage.objects.get(message_key__startswith=f"{message.pk}-")
            own = {"sms": "phone_masked", "email": "email_masked"}[message.channel]
            assert row.masked_destination == getattr(message.customer, own)
            subject, body = row.subject, row.body
        return "\n".join(filter(None, [subject, body.strip()]))


def live(version: CampaignVersion) -> Log:
    """The days from the filing on: files at nine, the plan and the outbox at ten, the live run of
    the evening, and both once more after it."""
    log = Log()
    for number in range((FILED - ISSUE).days, END):
        day = ISSUE + number * DAY
        bring_facts(number, on(day, 9))
        notices.tell_results(clock=partial(on, day, 9), seconds=30)
        log.drain(number, on(day, 9))
        touches.sweep_touches(at=on(day))
        withdraw(number, on(day))
        log.drain(number, on(day))
        if 0 <= number <= LAST_RUN:
            _run(version, day)
            touches.sweep_touches(at=on(day, 19))
            log.drain(number, on(day, 19))
    return log


def _run(version: CampaignVersion, day: dt.date) -> None:
    run = eligibility.start_run(
        version_id=version.pk, kind="live", on=day, started_by=None, at=on(day, 18)
    )
    eligibility.work_run(run_id=run.pk, now=lambda: on(day, 18))


@pytest.mark.usefixtures("gateways")
def test_everybody_is_told_what_the_plan_says_on_its_days_and_nothing_else() -> None:
    open_bank()
    log = live(open_plan())
    assert dict(log.told) == EXPECTED
    number = sum(map(len, EXPECTED.values()))
    # The one that was withdrawn between its queueing and its sending is all that did not go.
    states = list(Message.objects.exclude(state="sent").values_list("state", "failure"))
    assert states == [("cancelled", "no_consent")]
    assert Message.objects.get(state="cancelled").customer.number == GONE
    assert Message.objects.filter(state="sent").count() == number
    assert Contact.objects.filter(released_at=None).count() == number
    assert ReceivedMessage.objects.count() == number - 1  # one stood in mobile bank
    assert [one.customer.number for one in Grant.objects.select_related("customer")] == [BUYER]
    breaches = outbox.find_breaches(since=on(FILED), at=on(ISSUE + END * DAY), grace=0)
    assert list(breaches) == []
