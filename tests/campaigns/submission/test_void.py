"""An approval is of what was submitted: whatever is edited or drifts, before it or after it, voids
it, and nothing is given; what stays within its bounds does not.

Each round takes one version that waits, or is approved, does one to three things at random, and
holds what comes of it against what was agreed on: what is edited back is what it was, but for a
message text, which is approved by the very wording (decisions 0113, 0132, 0171).
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import rules as runs
from campaigns.models import CampaignVersion, Grant
from campaigns.planning import operations as planning
from campaigns.planning.rules import files, plans
from journeys.models import Card, CardProduct, Message, MessageTemplate, Transaction
from merchants.models import Merchant
from portal.approvals import operations as approvals
from portal.models import Branch, Submission
from tests.campaigns.planning import changing
from tests.campaigns.submission.test_operations import bounds, decide, given, live
from tests.factories.campaigns import AT, TIER, card_in_use, draft, dry_run, hand_in
from tests.factories.journeys import ContactRuleFactory, ProductFactory, TransactionFactory
from tests.factories.merchants import MerchantFactory

pytestmark = pytest.mark.django_db
CUSTOMERS, PERCENT = 20, 10
LOW, HIGH = 10, 30
SPEND_MORE = {"kind": "spending_in_window", "days": 65, "last_day": "inside", "at_least": 2000}
TIERS = [
    TIER | {"code": "low", "value": f"{LOW}.00"},
    TIER | {"code": "high", "value": f"{HIGH}.00", "needs": SPEND_MORE},
]


@dataclass
class Round:
    """One version, and what was done around it: by how many customers it reaches more, how many of
    them reach the higher tier, and whether it says something else."""

    version: CampaignVersion
    is_approved: bool
    rng: random.Random
    more: int = 0
    higher: int = 0
    is_edited: bool = False
    is_reworded: bool = False
    is_renamed: bool = False
    done: list[str] = field(default_factory=list)

    @property
    def is_beyond(self) -> bool:
        before, now = CUSTOMERS * LOW, (CUSTOMERS + self.more) * LOW + self.higher * (HIGH - LOW)
        apart = ((abs(self.more), CUSTOMERS), (abs(now - before), before))
        return any(one * 100 > PERCENT * of for one, of in apart)

    @property
    def is_void(self) -> bool:
        # A name is not the campaign's: what is approved already goes by the name of the day.
        own = self.is_edited or self.is_reworded or (self.is_renamed and not self.is_approved)
        return own or self.is_beyond


# --- what is edited -----------------------------------------------------------------------------
def _write(version: CampaignVersion, content: Any) -> None:
    """As somebody does who has the database in hand: past its triggers."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE campaigns_campaignversion SET content = %s WHERE id = %s",
            [json.dumps(content), version.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")


def _edited(round_: Round) -> dict[str, Any]:
    """What the version says, but for one place of it."""
    plan = plans.plan_of(round_.version.content)
    found = [one for one in changing.places(plan) if changing.can_be_other(one)]
    while True:
        place = round_.rng.choice(found)
        content = changing.with_other(plan, place.path).as_content()
        try:
            read = plans.plan_of(content)
        except plans.PlanWrong:
            continue
        if read.as_content() == content:
            round_.done.append(".".join(map(str, place.path)))
            return content


def tamper(round_: Round) -> None:
    _write(round_.version, _edited(round_))
    round_.is_edited = True


def tamper_and_undo(round_: Round) -> None:
    before = CampaignVersion.objects.get(pk=round_.version.pk).content
    _write(round_.version, _edited(round_))
    _write(round_.version, before)


def edit_by_the_rules(round_: Round) -> None:
    """An edit is a new version, which nobody approved, however exactly it is undone after that."""
    text = files.write_file(round_.version.campaign.code, _edited(round_))
    back = files.write_file(round_.version.campaign.code, round_.version.content)
    for one in [text, back][: round_.rng.randint(1, 2)]:
        try:
            made = planning.load_campaign(text=one, owner=round_.version.created_by, at=AT)
        except plans.PlanWrong:
            return  # names what does not exist
        if round_.is_edited and made.pk == round_.version.pk:
            continue  # by chance it says what was written past the rules
        assert (made.state, made.pk == round_.version.pk) == ("draft", False)
        with pytest.raises(eligibility.NotApproved):
            live(made)


def edit_past_the_rules(round_: Round) -> None:
    """No door of the application writes into a version that was submitted."""
    rows = CampaignVersion.objects.filter(pk=round_.version.pk)
    content = _edited(round_)
    for values in ({"content": content}, {"content_hash": "0" * 64}, {"number": 9}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**values)
    if not round_.is_approved:
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(state="approved", approved_at=AT)


def reword(round_: Round) -> None:
    """A wording comes after the last; also where it says what one before it said."""
    channel = round_.rng.choice(["sms", "email"])
    rows = MessageTemplate.objects.filter(code="first_gift", channel=channel).order_by("version")
    first, last = rows.first(), rows.last()
    assert first is not None
    assert last is not None
    for body in (f"{first.body}!", first.body)[: round_.rng.randint(1, 2)]:
        last = MessageTemplate.objects.create(
            code="first_gift", channel=channel, language="zh-hans", version=last.version + 1,
            subject=first.subject, body=body,
        )  # fmt: skip
    round_.is_reworded = True


def rename(round_: Round) -> None:
    """Products and branches stand in the text that customers read; partners do not."""
    rows: Any = round_.rng.choice([
        CardProduct.objects.filter(code="GOLD"), Branch.objects.filter(code="HO"),
        Merchant.objects.filter(number="M1"),
    ])  # fmt: skip
    name = round_.rng.choice(["name", "name_en"])
    before = rows.values_list(name, flat=True).get()
    rows.update(**{name: f"{before} 2"})
    if round_.rng.random() < 0.3:
        rows.update(**{name: before})
    elif rows.model is not Merchant:
        round_.is_renamed = True


def change_others(round_: Round) -> None:
    """What is not its own leaves it as it is."""
    CardProduct.objects.filter(code="OTHER").update(name="其他")
    MessageTemplate.objects.create(
        code="other", channel="sms", language="zh-hans", version=len(round_.done), body="x"
    )
    draft(code=f"other-{len(round_.done)}", name_en="Another")


# --- what drifts --------------------------------------------------------------------------------
def more_qualify(round_: Round) -> None:
    count = round_.rng.randint(1, 3)
    for _number in range(count):
        card_in_use()
    round_.more += count


def fewer_qualify(round_: Round) -> None:
    found = Card.objects.filter(product__code="GOLD", first_used_date__isnull=False)
    spent = [one for one in found if _spent(one) == 600]
    for card in spent[: round_.rng.randint(1, 3)]:
        TransactionFactory(card=card, amount=-300)
        round_.more -= 1


def _spent(card: Card) -> int:
    return int(sum(Transaction.objects.filter(card=card).values_list("amount", flat=True)))


def reach_higher(round_: Round) -> None:
    card = next(
        one for one in Card.objects.filter(product__code="GOLD").order_by("id")
        if _spent(one) == 600
    )  # fmt: skip
    TransactionFactory(card=card, amount=1500)
    round_.higher += 1


DEEDS: list[Callable[[Round], None]] = [
    tamper, tamper_and_undo, edit_by_the_rules, edit_past_the_rules, reword, rename, change_others,
    more_qualify, fewer_qualify, reach_higher,
]  # fmt: skip


# --- what comes of it ---------------------------------------------------------------------------
def held(round_: Round) -> None:
    """The version is decided about, or run, and what comes of that is what was agreed on."""
    version, told = round_.version, (round_.is_approved, round_.done)
    row = Submission.objects.get(target_key=str(version.pk))
    version.refresh_from_db()
    if not round_.is_approved:
        dry_run(version)
        if round_.is_void:
            with pytest.raises(approvals.ChangedSince):
                decide(version, "approve")
        else:
            decide(version, "approve")
    elif round_.is_void:
        run = live(version)
        assert (run.state, run.failure) == ("stopped", runs.DRIFTED), told
    version.refresh_from_db()
    row.refresh_from_db()
    if round_.is_void:
        assert (version.state, version.approved_at, row.state) == ("returned", None, "voided"), told
        with pytest.raises(eligibility.NotApproved):
            live(version)
        assert given() == (0, 0), told
        return
    assert (version.state, row.state) == ("approved", "approved"), told
    run = live(version)
    assert (run.state, Grant.objects.count()) == ("done", CUSTOMERS + round_.more), told


@pytest.fixture
def version() -> CampaignVersion:
    ContactRuleFactory()
    MerchantFactory(number="M1")
    ProductFactory(code="OTHER")
    made = draft(
        rewards={"mode": "highest", "tiers": TIERS}, merchants=["M1"], branches=["HO"],
        control_percent=0,
    )  # fmt: skip
    for _number in range(CUSTOMERS):
        card_in_use()
    bounds(audience_percent=PERCENT, cost_percent=PERCENT)
    hand_in(made)
    return made


@pytest.mark.parametrize("rounds", [24, pytest.param(1_000, marks=pytest.mark.chaos)])
def test_an_approval_holds_for_what_was_submitted_alone(
    version: CampaignVersion, rounds: int
) -> None:
    for number in range(rounds):
        rng = random.Random(number)
        with transaction.atomic():
            version.refresh_from_db()
            round_ = Round(version, number % 2 == 1, rng)
            if round_.is_approved:
                decide(version, "approve")
            first = DEEDS[number // 2 % len(DEEDS)]
            for deed in (first, *rng.choices(DEEDS, k=rng.randint(0, 2))):
                round_.done.append(deed.__name__)
                deed(round_)
            held(round_)
            transaction.set_rollback(True)
    assert Message.objects.count() == 0
