"""The timeline of a customer holds everything that the tables hold, in order, whatever the pages,
and shows to each person what that person may see."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import (
    BenefitEntry,
    Decision,
    Enrolment,
    FlashClaim,
    Grant,
    GrantReversal,
    TouchStep,
)
from journeys.models import (
    Answer,
    Application,
    Card,
    CareEvent,
    Consent,
    Contact,
    Customer,
    DoNotContact,
    Message,
    PointsEntry,
    Referral,
    Transaction,
)
from portal.kit import clock, timeline
from portal.kit.registry import registry
from portal.staff.access import Scope
from tests.factories.journeys import (
    DAY,
    INSTANT,
    ApplicationFactory,
    CardFactory,
    ConsentFactory,
    CustomerFactory,
    TransactionFactory,
)
from tests.factories.outreach import MessageFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
WHOLE = Scope(branch_path="")


class Story:
    """A customer's story out of few days and instants, so that many things happen at once."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.customer = CustomerFactory(registered_date=self.day())

    def day(self) -> dt.date:
        return DAY + dt.timedelta(days=self.rng.randint(0, 3))

    def instant(self) -> dt.datetime:
        # Midnight of the bank too, where days without a time stand.
        midnight = clock.start_of(self.day())
        return midnight + dt.timedelta(hours=self.rng.choice([0, 0, 9, 12]))

    def times(self, most: int) -> range:
        return range(self.rng.randint(0, most))

    def tell(self) -> Customer:
        for part in (self.cards, self.spending, self.contacts, self.care, self.campaigns):
            part()
        return self.customer

    def cards(self) -> None:
        for _number in self.times(3):
            filed = self.day()
            decided = self.rng.choice([None, filed, filed + dt.timedelta(days=1)])
            ApplicationFactory(
                customer=self.customer, filed_date=filed, decided_date=decided,
                state="filed" if decided is None else self.rng.choice(["approved", "refused"]),
            )  # fmt: skip
        for _number in self.times(3):
            CardFactory(
                customer=self.customer, application=None, issued_date=DAY,
                product=row_of("journeys.CardProduct"),
                activated_date=self.rng.choice([None, DAY, self.day()]),
                first_used_date=self.rng.choice([None, self.day()]),
                closed_date=self.rng.choice([None, self.day()]),
            )  # fmt: skip

    def spending(self) -> None:
        for card in Card.objects.filter(customer=self.customer):
            for _number in self.times(8):
                at = self.rng.choice([None, self.instant()])
                TransactionFactory(
                    card=card, posted_date=clock.bank_day(at) if at else self.day(), posted_at=at,
                    amount=Decimal(self.rng.choice([5, -5])),
                )  # fmt: skip
        if self.rng.random() < 0.5:
            own = ApplicationFactory(customer=self.customer)
            row_of("journeys.Referral", application=own, on_date=self.day())
        for _number in self.times(3):
            row_of("journeys.Referral", referrer=self.customer, on_date=self.day())
        for _number in self.times(5):
            row_of("journeys.PointsEntry", customer=self.customer, on_date=self.day())

    def contacts(self) -> None:
        for _number in self.times(4):
            sent = self.rng.choice([None, self.instant()])
            MessageFactory(
                customer=self.customer, queued_at=self.instant(), sent_at=sent,
                state="sent" if sent else "queued",
            )  # fmt: skip
        for _number in self.times(3):
            row_of("journeys.Contact", customer=self.customer, at=self.instant(), channel="phone")
        for _number in self.times(3):
            row_of("journeys.Answer", customer=self.customer, at=self.instant())
        for _number in self.times(4):
            ConsentFactory(customer=self.customer, effective_at=self.instant())
        for _number in self.times(1):
            row_of("journeys.DoNotContact", customer=self.customer, at=self.instant())

    def care(self) -> None:
        things = {"complaint": "journeys.Complaint", "case": "journeys.ServiceCase"}
        for name, label in things.items():
            for _number in self.times(2):
                thing = row_of(label, customer=self.customer)
                for _step in self.times(3):
                    both = {"complaint": None, "case": None, name: thing}
                    row_of("journeys.CareEvent", at=self.instant(), **both)

    def campaigns(self) -> None:
        for _number in self.times(4):
            run = row_of("campaigns.Run", started_at=self.instant())
            row_of("campaigns.Decision", run=run, customer=self.customer)
        for _number in self.times(2):
            card = CardFactory(customer=self.customer, activated_date=DAY, first_used_date=DAY)
            grant = row_of("campaigns.Grant", card=card, granted_at=self.instant())
            if self.rng.random() < 0.5:
                benefit = row_of("campaigns.Benefit", grant=grant)
                row_of("campaigns.BenefitEntry", benefit=benefit, at=self.instant())
            for _back in self.times(1):
                row_of("campaigns.GrantReversal", grant=grant, at=self.instant())
        for _number in self.times(3):
            at = self.instant()
            until = at + dt.timedelta(seconds=60)
            row_of("campaigns.FlashClaim", customer=self.customer, claimed_at=at, held_until=until)
        for _number in self.times(2):
            self.stay()

    def stay(self) -> None:
        """A stay in a touch plan: steps that were answered, are due, or have no day yet."""
        left = self.rng.choice([None, self.instant()])
        ended = {"state": "left", "left_at": left, "left_because": "goal"} if left else {}
        stay = row_of(
            "campaigns.Enrolment", customer=self.customer, entered_at=self.instant(), **ended
        )
        for number in self.times(5):
            at = self.instant()
            answered = {"state": "skipped", "answer": "needs", "answered_at": at}
            waiting = {"planned_at": at, "due_at": at}
            row_of(
                "campaigns.TouchStep", enrolment=stay, customer=self.customer, code=f"s{number}",
                version=stay.version, **self.rng.choice([answered, waiting, {}]),  # type: ignore[attr-defined]
            )  # fmt: skip


def told(customer: Customer) -> Counter[tuple[str, dt.datetime]]:
    """What the tables hold about a customer: source and instant of every step."""
    own = {"customer": customer}
    found: list[tuple[str, dt.datetime | dt.date | None]] = [
        ("customer", customer.registered_date),
        *(("contacts", row.sent_at or row.queued_at) for row in Message.objects.filter(**own)),
        *(("contacts", row.at) for row in Answer.objects.filter(**own)),
        *(("consents", row.effective_at) for row in Consent.objects.filter(**own)),
        *(("consents", row.at) for row in DoNotContact.objects.filter(**own)),
        *(("points", row.on_date) for row in PointsEntry.objects.filter(**own)),
        *(("spending", row.posted_at or row.posted_date) for row in _transactions(customer)),
        *(("care", row.at) for row in CareEvent.objects.filter(complaint__customer=customer)),
        *(("care", row.at) for row in CareEvent.objects.filter(case__customer=customer)),
        *(("decisions", row.run.started_at) for row in Decision.objects.filter(**own)),
        *(("grants", row.granted_at) for row in Grant.objects.filter(**own)),
        *(("grants", row.at) for row in GrantReversal.objects.filter(grant__customer=customer)),
        *(
            ("referrals", row.on_date)
            for row in Referral.objects.filter(Q(referred=customer) | Q(referrer=customer))
        ),
        *(("benefits", row.at) for row in BenefitEntry.objects.filter(**own)),
        *(("flash", row.claimed_at) for row in FlashClaim.objects.filter(**own)),
        *(("touches", row.entered_at) for row in Enrolment.objects.filter(**own)),
        *(("touches", row.left_at) for row in Enrolment.objects.filter(**own)),
        *(("touches", row.answered_at or row.due_at) for row in TouchStep.objects.filter(**own)),
    ]
    for application in Application.objects.filter(**own):
        filed, in_full = application.filed_date, application.supplemented_date
        found += [("cards", day) for day in (filed, in_full, application.decided_date)]
    for card in Card.objects.filter(**own):
        days = (card.issued_date, card.activated_date, card.first_used_date, card.closed_date)
        found += [("cards", day) for day in days]
    causes = set(Message.objects.filter(**own).values_list("dedup_key", flat=True))
    for contact in Contact.objects.filter(**own):
        if contact.dedup_key not in causes:
            found.append(("contacts", contact.at))
    return Counter((code, _instant(on)) for code, on in found if on is not None)


def _transactions(customer: Customer) -> Any:
    return Transaction.objects.filter(customer=customer)


def _instant(on: dt.datetime | dt.date) -> dt.datetime:
    return on if isinstance(on, dt.datetime) else clock.start_of(on)


def walk(customer: Customer, size: int) -> list[timeline.Entry]:
    found: list[timeline.Entry] = []
    before: timeline.Place | None = timeline.END
    while before is not None:
        page = timeline.page_of(
            registry.timeline, customer_id=customer.pk, scope=WHOLE, before=before, size=size
        )
        found += page.entries
        before = page.older
    return found


@pytest.mark.parametrize("seed", range(8))
def test_the_pages_together_are_everything_that_the_tables_hold(seed: int) -> None:
    Story(seed + 100).tell()  # another customer's story is not told
    customer = Story(seed).tell()
    expected = told(customer)
    for size in (1, 2, 3, 7, 1000):
        found = walk(customer, size)
        places = [entry.place for entry in found]
        assert places == sorted(set(places), reverse=True)
        assert Counter((entry.source.code, entry.row.at) for entry in found) == expected


def test_every_source_is_told_of_in_some_story() -> None:
    """Otherwise the test above could not fail."""
    codes = {code for seed in range(8) for code, _at in told(Story(seed).tell())}
    assert codes == {source.code for source in registry.timeline}


# --- the page -----------------------------------------------------------------------------------
def shown(client: Client, customer: Customer, **asked: str) -> list[timeline.Entry]:
    answer = client.get(reverse("customer_timeline", args=[customer.number]), asked)
    assert answer.status_code == 200
    return [entry for day in answer.context["days"] for entry in day["entries"]]


def test_a_kind_is_chosen_in_the_address_and_a_wrong_one_is_left_out(
    client_of: Callable[..., Client],
) -> None:
    customer, client = Story(1).tell(), client_of("compliance")
    assert {entry.source.code for entry in shown(client, customer, kind="points")} == {"points"}
    everything = shown(client, customer)
    assert everything == shown(client, customer, kind="x", before="x")
    assert len(everything) == 20


def test_the_page_leaves_the_timeline_to_its_part_unless_asked(
    client_of: Callable[..., Client],
) -> None:
    customer, client = Story(1).tell(), client_of("compliance")
    address = reverse("customer_page", args=[customer.number])
    plain, asked = (client.get(url).content.decode() for url in (address, f"{address}?kind="))
    part = reverse("customer_timeline", args=[customer.number])
    assert (plain.count("timeline-entry"), asked.count("timeline-entry")) == (0, 20)
    assert (f'hx-get="{part}" hx-trigger="load"' in plain, "?kind=#timeline" in plain) == (
        True, True,
    )  # fmt: skip


def test_older_entries_follow_without_repeating_the_month(client_of: Callable[..., Client]) -> None:
    customer, client = CustomerFactory(registered_date=DAY), client_of("compliance")
    for number in range(24):
        row_of("journeys.PointsEntry", customer=customer, points=number + 1, on_date=DAY)
    page = client.get(reverse("customer_page", args=[customer.number]), {"kind": ""})
    older = page.context["older"]
    text = page.content.decode()
    assert f"before={older}" in text
    part = client.get(
        reverse("customer_timeline", args=[customer.number]), {"before": str(older)}
    ).content.decode()
    assert (text.count("timeline-entry"), part.count("timeline-entry")) == (20, 5)
    assert (text.count("timeline-month"), part.count("timeline-month")) == (1, 0)
    assert "timeline-more" not in part
    without_script = client.get(
        reverse("customer_page", args=[customer.number]), {"before": str(older)}
    )
    assert without_script.content.decode().count("timeline-entry") == 5


def test_care_and_links_are_shown_to_those_who_may_see_them(
    client_of: Callable[..., Client],
) -> None:
    branch, elsewhere = BranchFactory(), BranchFactory()
    customer = CustomerFactory(branch=branch)
    own = row_of("journeys.Complaint", customer=customer)
    moved = row_of("journeys.Complaint", customer=customer)
    type(moved).objects.filter(pk=moved.pk).update(branch=elsewhere)
    for complaint in (own, moved):
        row_of("journeys.CareEvent", complaint=complaint)
    MessageFactory(customer=customer)

    def text_for(role: str) -> str:
        client = client_of(StaffFactory(role=role, branch=branch))
        return client.get(reverse("customer_timeline", args=[customer.number])).content.decode()

    message = reverse("message_page", args=[Message.objects.get().pk])
    found = {
        role: tuple(part in text_for(role) for part in (own.number, moved.number, message))
        for role in ("compliance", "campaign_manager", "branch_manager")
    }
    assert found == {
        "compliance": (True, True, True),
        "campaign_manager": (False, False, True),
        "branch_manager": (True, True, False),  # whoever took it in
    }


def test_free_words_are_masked(client_of: Callable[..., Client]) -> None:
    customer, spoken = CustomerFactory(), "call 13912345678 or wang@mail.example.cn"
    ConsentFactory(customer=customer, evidence=spoken)
    row_of("journeys.DoNotContact", customer=customer, words=spoken)
    complaint = row_of("journeys.Complaint", customer=customer)
    row_of("journeys.CareEvent", complaint=complaint, words=spoken)
    MessageFactory(customer=customer, origin=spoken)
    row_of("journeys.Contact", customer=customer, origin=spoken)
    text = (
        client_of("compliance")
        .get(reverse("customer_timeline", args=[customer.number]))
        .content.decode()
    )
    assert ("13912345678" in text, "wang@mail" in text) == (False, False)
    assert text.count("139****5678") == 5


def test_the_timeline_asks_as_often_for_much_as_for_little(
    client_of: Callable[..., Client],
) -> None:
    client, customer = client_of("compliance"), CustomerFactory()

    def asked(of: Customer) -> int:
        with CaptureQueriesContext(connection) as queries:
            shown(client, of)
        return len(queries)

    def more(of: Customer) -> None:
        card = CardFactory(customer=of, activated_date=DAY, first_used_date=DAY)
        TransactionFactory(card=card)
        row_of("campaigns.Grant", card=card)
        row_of("campaigns.Enrolment", customer=of)

    asked(customer)
    row_of("journeys.PointsEntry", customer=customer, on_date=INSTANT.date())
    TransactionFactory(card=CardFactory(customer=customer))
    # Whoever was never given anything is not asked what was taken back, nor about steps of plans.
    least = asked(customer)
    more(customer)
    few, much = asked(customer), Story(3).tell()
    more(much)
    assert (asked(much), least) == (few, few - 4)


def test_a_place_of_any_source_may_be_asked_for(client_of: Callable[..., Client]) -> None:
    """Also one that no page gave out: every source must be able to begin there."""
    client, customer = client_of("compliance"), Story(5).tell()
    for code in [*(source.code for source in registry.timeline), "nobody"]:
        for row_id in (0, timeline.LAST_ID):
            place = timeline.Place(INSTANT, code, row_id)
            assert all(entry.place < place for entry in shown(client, customer, before=str(place)))


def test_a_consent_of_no_channel_leaves_no_gap() -> None:
    customer = CustomerFactory()
    ConsentFactory(customer=customer)
    ConsentFactory(customer=customer, purpose="decisions", channel="", text__purpose="decisions")
    consents = [source for source in registry.timeline if source.code == "consents"]
    page = timeline.page_of(
        consents, customer_id=customer.pk, scope=WHOLE, before=timeline.END, size=9
    )
    assert sorted(entry.row.detail.count(" · ") for entry in page.entries) == [1, 2]
