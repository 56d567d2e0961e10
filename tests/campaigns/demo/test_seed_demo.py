"""The demo bank as a whole: the same call gives the same bank, and the bank is plausible."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, Sum
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns.design import queries as design
from campaigns.models import ClawBack, Draft, GrantReversal, JointReturn, TouchStep
from campaigns.partners import queries as partners
from campaigns.rewards import queries as rewards
from journeys.kpis import queries as kpis
from journeys.kpis.enums import AsOf, Dimension
from journeys.kpis.models import FigureMark
from journeys.models import (
    Application,
    Card,
    CardProduct,
    Consent,
    ContactRule,
    Customer,
    DoNotContact,
    Lead,
    Message,
    PointsEntry,
    Transaction,
)
from journeys.targets import queries as targets
from merchants.models import Merchant, Partnership
from portal.models import Branch, Staff
from portal.staff.access import Scope

ON = "2026-11-23"
COUNT = 300

# What differs from run to run by nature: ids, values sealed under a new nonce each time, and the
# random number that takes the place of an erased person's.
_NUMBER = "regexp_replace({}, '^X-[0-9A-F]{{16}}$', 'erased')"
_OF_CUSTOMER = _NUMBER.format("c.number")
_FINGERPRINTS = [
    "SELECT code, name, name_en, path FROM portal_branch ORDER BY code",
    "SELECT username, name, name_en, role FROM portal_staff ORDER BY username",
    "SELECT number, name, name_en, category_id, is_partner FROM merchants_merchant ORDER BY number",
    f"SELECT {_NUMBER.format('number')}, name, birth_date, phone_index, id_number_index,"
    " email_masked, source FROM journeys_customer ORDER BY 1",
    "SELECT number, filed_date, state, decided_date, is_fast_track FROM journeys_application"
    " ORDER BY number",
    "SELECT reference, issued_date, activated_date, first_used_date, closed_date"
    " FROM journeys_card ORDER BY reference",
    "SELECT reference, kind, amount, posted_at, mcc, channel FROM journeys_transaction"
    " ORDER BY reference",
    "SELECT regexp_replace(reference, ':[0-9]+(:|$)', ':'), kind, points, on_date"
    " FROM journeys_pointsentry ORDER BY 1, 2, 3, 4",
    f"SELECT {_OF_CUSTOMER}, channel, is_granted, effective_at FROM journeys_consent s"
    " JOIN journeys_customer c ON c.id = s.customer_id ORDER BY 1, 2, 4",
    f"SELECT {_OF_CUSTOMER}, words, at FROM journeys_donotcontact d"
    " JOIN journeys_customer c ON c.id = d.customer_id ORDER BY 1",
    f"SELECT {_OF_CUSTOMER}, grade, opened_date, due_date, state, words FROM journeys_complaint p"
    " JOIN journeys_customer c ON c.id = p.customer_id ORDER BY 1, 2, 3, 6",
    f"SELECT {_NUMBER.format('number')}, name, company, phone_index, source, state, created_at"
    " FROM journeys_lead ORDER BY 1",
]


def _seed(seed: str = "1", count: int = COUNT) -> None:
    call_command("seed_demo", "--customers", str(count), "--seed", seed, "--on", ON)


def _fingerprint() -> list[str]:
    found = []
    with connection.cursor() as cursor:
        for sql in _FINGERPRINTS:
            cursor.execute(sql)
            plain = [
                [bytes(value) if isinstance(value, memoryview) else value for value in row]
                for row in cursor.fetchall()
            ]
            found.append(hashlib.sha256(repr(plain).encode()).hexdigest())
    return found


class _TakeBack(Exception):
    """Ends a seeding whose rows are not to stay."""


def _fingerprint_of(seed: str) -> list[str]:
    try:
        with transaction.atomic():
            _seed(seed)
            found = _fingerprint()
            raise _TakeBack
    except _TakeBack:
        return found


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_bank_and_another_seed_another() -> None:
    first = _fingerprint_of("1")
    assert _fingerprint_of("1") == first
    other = _fingerprint_of("2")
    assert other[0] == first[0]  # the branches are always the same
    assert all(one != two for one, two in zip(first[1:], other[1:], strict=True))


@pytest.mark.django_db
def test_a_second_bank_is_refused_and_the_first_one_stays() -> None:
    _seed(count=20)
    before = _fingerprint()
    with pytest.raises(CommandError) as refused, translation.override("en"):
        _seed("2", count=20)
    assert str(refused.value) == (
        "There is already a bank here; `make demo-reset` makes a new one."
    )
    assert _fingerprint() == before


@pytest.mark.django_db
def test_a_bank_without_customers_is_refused() -> None:
    with pytest.raises(CommandError):
        _seed(count=0)
    assert not Branch.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 2])
def test_a_very_small_bank_opens_too(count: int) -> None:
    _seed(count=count)
    assert Customer.objects.count() == count


@pytest.mark.django_db
def test_a_broken_seeding_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from journeys.demo import leads

    def stop(**_rest: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(leads, "build_leads", stop)
    with pytest.raises(KeyboardInterrupt):
        _seed(count=20)
    assert not Branch.objects.exists()
    assert not Customer.objects.exists()


@pytest.fixture(scope="module")
def bank(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One bank for all that only look at it."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                _seed(count=1500)
                yield
                raise _TakeBack
        except _TakeBack:
            pass


@pytest.mark.usefixtures("bank", "db")
class TestPlausible:
    def test_there_is_something_of_everything(self) -> None:
        assert Branch.objects.count() == 16
        assert Staff.objects.count() > 80
        # Three more were entered twice on purpose, for the page where merchants are merged.
        twice = Merchant.objects.filter(number__startswith="N", name__endswith="（店）")
        assert twice.count() == 3
        assert Merchant.objects.exclude(pk__in=twice).count() == 300
        assert list(
            CardProduct.objects.values_list("is_own").annotate(n=Count("id")).order_by("is_own")
        ) == [(False, 4), (True, 3)]
        assert Customer.objects.count() == 1500
        assert ContactRule.objects.get().day_cap == 2
        assert Lead.objects.filter(owner__username="telemarketer").exists()

    def test_its_touch_plan_has_written_and_has_steps_ahead(self) -> None:
        """People are at several steps; what was written went out, and each message has its step."""
        steps = Counter(TouchStep.objects.values_list("code", "state"))
        written = {code for code, state in steps if state == "sent"}
        assert len(written) >= 3
        assert any(state == "waiting" for _code, state in steps)
        sent = Message.objects.filter(origin="campaign:new-card-journey:v1", state="sent")
        number = sum(count for (_code, state), count in steps.items() if state == "sent")
        assert 0 < sent.count() <= number

    def test_figures_stand_beside_targets_and_people_are_measured(self) -> None:
        on = dt.date.fromisoformat(ON)
        report = kpis.report_of(
            scope=Scope(""), day=on - dt.timedelta(days=1), by=Dimension.BRANCH,
            as_of=AsOf.NOW,
        )  # fmt: skip
        assert report.has_targets
        assert report.total.month_issued > 0
        assert not FigureMark.objects.exists()
        [card] = targets.in_force(
            [Staff.objects.get(username="branch_manager").branch], on.replace(day=1)
        ).values()
        assert card.measures.count() == 5

    def test_campaign_managers_are_writing(self) -> None:
        """A draft with partners that lacks one sentence, and an edit of a campaign."""
        begun, edit = Draft.objects.order_by("id")
        assert len(begun.content["merchants"]) == len(begun.content["evidence"]) == 2
        on = dt.date.fromisoformat(ON)
        blocks = [one for one in design.faults_of(begun, on=on) if one.is_block]
        assert [one.place.anchor for one in blocks] == ["div_id_forfeit_en"]
        assert edit.based_on.campaign.code == "first-gift"

    def test_joint_campaigns_that_are_over_say_what_they_brought_about(self) -> None:
        """One with a control group, at a partner of the relationship manager, is compared."""
        on = dt.date.fromisoformat(ON)
        shops = [row.merchant_id for row in JointReturn.objects.filter(control_percent=40)]
        led = Partnership.objects.filter(manager__username="relationship_manager")
        assert led.filter(merchant__in=shops).count() == 1
        since = on - dt.timedelta(days=90)
        found = partners.returns_of(merchant_ids=shops, since=since, on=on)
        joint = [one for one in found if one.control_percent == 40]
        assert [(one.campaign.code, str(one.known)) for one in joint] == [
            ("neighbours-week", "compared")
        ]
        for one in joint:
            assert one.end_date < on
            assert 0.3 < one.held.people / (one.held.people + one.reached.people) < 0.5
            assert 0 < one.held.mean < 500
            assert 0 < one.reached.mean < 500

    def test_some_hold_a_reward_twice_and_what_came_of_it(self, client: Client) -> None:
        """One of a campaign and one of a group stand open, one was looked at, one waits to be
        claimed back, one was claimed back, and one was not approved."""
        found = rewards.given_twice(scope=Scope(branch_path=""), most=100)
        told = Counter((one.of_group, one.looked is not None) for one in found)
        # Two who are one person may both have what another campaign gave, too.
        assert told.pop((False, False)) >= 3
        assert told == {(False, True): 1, (True, False): 1}
        assert sorted(ClawBack.objects.values_list("state", flat=True)) == [
            "asked", "done", "refused",
        ]  # fmt: skip
        assert sum(held.asked is not None for one in found for held in one.held) == 1
        assert GrantReversal.objects.filter(kind="given_twice").count() == 1
        client.force_login(Staff.objects.get(username="branch_manager"))
        assert client.get(reverse("given_twice")).context["lines"]
        client.force_login(Staff.objects.get(username="compliance"))
        page = client.get(reverse("given_twice"))
        assert [len(page.context[name]) for name in ("lines", "looked")] == [len(found) - 1, 1]
        for row in ClawBack.objects.all():
            assert client.get(reverse("claw_back_page", args=[row.pk])).status_code == 200

    def test_spending_is_skewed_and_about_twenty_a_customer(self) -> None:
        total = Transaction.objects.count()
        assert 16 < total / 1500 < 25
        refunds = Transaction.objects.filter(kind="refund").count()
        assert 0.015 < refunds / total < 0.035
        sums = sorted(
            row["total"]
            for row in Transaction.objects.values("customer_id").annotate(total=Sum("amount"))
        )
        top = sum(sums[-len(sums) // 10 :])
        assert top > sum(sums) * 3 / 10

    def test_every_refund_names_its_purchase_and_is_not_larger(self) -> None:
        purchases = {row.reference: row for row in Transaction.objects.filter(kind="purchase")}
        for refund in Transaction.objects.filter(kind="refund"):
            purchase = purchases[refund.refund_of]
            assert purchase.card_id == refund.card_id
            assert purchase.posted_date < refund.posted_date
            assert 0 < -refund.amount <= purchase.amount

    def test_no_card_is_used_before_activation_or_after_closing(self) -> None:
        for row in Transaction.objects.filter(kind="purchase").select_related("card"):
            card = row.card
            assert card.activated_date is not None
            assert card.first_used_date is not None
            assert card.activated_date <= card.first_used_date <= row.posted_date
            assert card.closed_date is None or row.posted_date <= card.closed_date

    def test_some_cards_sleep(self) -> None:
        old = Card.objects.filter(issued_date__lt=dt.date(2025, 5, 1), closed_date=None)
        used = old.filter(first_used_date__isnull=False).count()
        assert 0.05 < 1 - used / old.count() < 0.45

    def test_the_known_case_is_met_by_a_believable_share(self) -> None:
        """Spending of CNY 1,500 within 65 days of issue, refunds deducted."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT avg((coalesce((SELECT sum(amount)"
                " FROM journeys_transaction t WHERE t.card_id = c.id"
                " AND t.posted_date <= c.issued_date + 65), 0) >= 1500)::int)"
                " FROM journeys_card c WHERE application_id IS NOT NULL"
                " AND issued_date BETWEEN '2025-07-01' AND '2026-09-15'"
            )
            (share,) = cursor.fetchone()
        assert 0.2 < share < 0.45

    def test_consent_is_given_by_a_part_and_withdrawn_by_some(self) -> None:
        granted = Consent.objects.filter(channel="sms", is_granted=True).count()
        withdrawn = Consent.objects.filter(channel="sms", is_granted=False).count()
        assert 0.45 < granted / 1500 < 0.65
        assert 0.03 < withdrawn / granted < 0.15
        assert DoNotContact.objects.exclude(words="").count() == DoNotContact.objects.count() > 3

    def test_no_points_balance_is_negative(self) -> None:
        sums = PointsEntry.objects.values("customer_id").annotate(total=Sum("points"))
        assert sums.count() > 700
        assert min(row["total"] for row in sums) >= 0
        assert set(PointsEntry.objects.values_list("kind", flat=True)) == {
            "earned", "redeemed", "expired", "adjusted",
        }  # fmt: skip

    def test_the_demo_branch_has_something_to_show(self) -> None:
        here = Branch.objects.get(code="ZJ01")
        assert Customer.objects.filter(branch=here).count() > 150
        assert Application.objects.filter(branch=here).exists()
        assert Merchant.objects.filter(manager__username="relationship_manager").exists()
