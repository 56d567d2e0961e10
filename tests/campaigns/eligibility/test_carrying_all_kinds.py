"""Whatever a campaign asks and gives, a run on an earlier one says of everybody what a run about
everybody says: decisions, rewards with their amounts, grants, messages and figures."""

import contextlib
import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from campaigns.eligibility import queries, rules
from campaigns.models import CampaignVersion, Decision, FactChange, Grant, Run
from campaigns.planning.rules.plans import PlanWrong
from journeys.models import (
    Card,
    Consent,
    ConsentText,
    Contact,
    Customer,
    DoNotContact,
    Message,
    PointsEntry,
    Transaction,
)
from journeys.stages import operations as stages
from merchants.models import Merchant
from portal.models import Branch
from tests.campaigns.conditions import strategies, worlds, writing
from tests.campaigns.eligibility.test_carrying import ran_at
from tests.factories import campaigns as making
from tests.factories.journeys import ContactRuleFactory

pytestmark = pytest.mark.django_db(transaction=True)
ONE = dt.timedelta(days=1)
CUSTOMERS = 90
SEED = next(n for n in range(1000) if worlds.make(n, 0)["start"] == dt.date(2026, 3, 1))
KNOWN = {"x-no": "x-one", "P9": "P0", "M0": "M1"}


def in_plans(rule: Any) -> Any:
    """A rule with codes that exist: a plan is refused for others."""
    if isinstance(rule, dict):
        return {key: in_plans(part) for key, part in rule.items()}
    if isinstance(rule, list) and all(isinstance(part, str) for part in rule):
        return sorted({KNOWN.get(part, part) for part in rule})
    return [in_plans(part) for part in rule] if isinstance(rule, list) else rule


def carried_kinds(start: dt.date) -> st.SearchStrategy[dict[str, Any]]:
    never = {"potential", "near_goal"}
    each = [one for kind, one in strategies.by_kind(start).items() if kind not in never]
    leaf = st.one_of(*each)
    kept = st.one_of(leaf, leaf.map(lambda one: {"not": one}))
    return st.one_of(
        kept, st.lists(kept, min_size=2, max_size=4).map(lambda found: {"any": found}),
        st.lists(kept, min_size=2, max_size=3).map(lambda found: {"all": found}),
    ).map(in_plans)  # fmt: skip


def rewards(start: dt.date) -> st.SearchStrategy[dict[str, Any]]:
    def tier(place: int) -> st.SearchStrategy[dict[str, Any]]:
        value = f"{(place + 1) * 10}.00"
        common = {"code": st.just(f"t{place}"), "name": st.just("礼"), "name_en": st.just("gift"),
                  "value": st.just(value)}  # fmt: skip
        extra: dict[str, Any] = {"stock": st.integers(1, 9)}
        if place:
            extra["needs"] = carried_kinds(start)
        return st.one_of(
            st.fixed_dictionaries(common | {"kind": st.just("gift")}, optional=extra),
            st.fixed_dictionaries(common | {"kind": st.just("cash_back")}, optional=extra),
            st.fixed_dictionaries(
                common | {"kind": st.just("points"), "points": st.just(100)}, optional=extra
            ),
        )

    def plan(number: int) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries({
            "mode": st.sampled_from(["highest", "each"]),
            "tiers": st.tuples(*(tier(place) for place in range(number))).map(list),
        })  # fmt: skip

    return st.integers(1, 3).flatmap(plan)


budgets = st.fixed_dictionaries({}, optional={
    "total": st.sampled_from(["10.00", "60.00", "500.00"]),
    "per_day": st.sampled_from(["20.00", "100.00"]),
    "per_customer": st.sampled_from(["10.00", "30.00"]),
})  # fmt: skip


def at_evening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(18), worlds.ZONE)


def ran(version: CampaignVersion, on: dt.date, hour: int = 18) -> Run:
    return ran_at(version, on, dt.datetime.combine(on, dt.time(hour), worlds.ZONE))


def came_of(run: Run) -> dict[str, Any]:
    """Everything that a run says and did, as it stands after it."""
    decided = {}
    for row in queries.standing(run):
        seen = queries.as_in(run, row)
        decided[row.customer_id] = (
            seen.card_id, seen.outcome, seen.failed_at, seen.facts, seen.reached,
            seen.award, seen.awarded, seen.gate, seen.channel,
        )  # fmt: skip
    figures = queries.figures_of(run)
    campaign = run.version.campaign_id
    given_rows = Grant.objects.filter(campaign=campaign)
    return {
        "decided": decided,
        "outcomes": figures.outcomes,
        "reaches": queries.measured(run),
        "awards": {key: n for key, n in figures.awards.items() if n},
        "gate": {key: n for key, n in figures.gate.items() if n},
        "grants": sorted(given_rows.values_list("customer", "card", "reward", "round", "amount")),
        "messages": sorted(
            Message.objects.filter(origin__contains=run.version.campaign.code).values_list(
                "customer", "channel", "not_before"
            )
        ),
    }


def only(
    version: CampaignVersion, on: dt.date, hour: int, *, is_whole: bool
) -> tuple[Run, dict[str, Any]]:
    """What a run would do, taken back again."""
    with transaction.atomic():
        if is_whole:
            Run.objects.filter(version=version).update(mark="")
        run = ran(version, on, hour)
        found = came_of(run)
        transaction.set_rollback(True)
    return run, found


def change(rng: random.Random, on: dt.date, number: int) -> None:
    """Something becomes known, of this day, of one before or of one to come."""
    card = rng.choice(list(Card.objects.order_by("pk")))
    day = on + dt.timedelta(days=rng.choice([-20, -3, 0, 0, 1, 2]))
    does = rng.choice([
        spend, spend, use, close, say, refuse, earn, move, follow, hold, call_off, put_off
    ])  # fmt: skip
    does(rng, card, day, number)


def spend(rng: random.Random, card: Card, day: dt.date, number: int) -> None:
    bought = Transaction.objects.filter(card=card, amount__gt=0).first()
    common = {"reference": f"N{number}", "customer": card.customer, "card": card,
              "posted_date": day}  # fmt: skip
    if bought and rng.random() < 0.4:
        Transaction.objects.create(
            **common, kind="refund", amount=-bought.amount, refund_of=bought.reference
        )
        return
    Transaction.objects.create(
        **common, kind="purchase", amount=Decimal(rng.choice(["0.01", "49.99", "700.00"])),
        posted_at=at_evening(day), mcc=rng.choice(["", "5812"]), channel="pos",
        merchant=rng.choice([None, Merchant.objects.order_by("pk").first()]),
    )  # fmt: skip


def use(rng: random.Random, card: Card, day: dt.date, number: int) -> None:
    first = max(card.issued_date, day)
    Card.objects.filter(pk=card.pk).update(activated_date=first, first_used_date=first)


def close(rng: random.Random, card: Card, day: dt.date, number: int) -> None:
    Card.objects.filter(pk=card.pk).update(closed_date=max(card.issued_date, day))


def say(rng: random.Random, card: Card, day: dt.date, number: int) -> None:
    at, is_granted = at_evening(day), rng.random() < 0.6
    text = ConsentText.objects.filter(purpose="marketing").first() if is_granted else None
    Consent.objects.create(
        customer=card.customer, purpose="marketing", channel=rng.choice(["sms", "email"]),
        is_granted=is_granted, evidence="x", effective_at=at, recorded_at=at, text=text,
    )  # fmt: skip


def refuse(rng: random.Random, card: Card, day: dt.date, number: int) -> None:
    DoNotContact.objects.create(
        customer=card.customer, at=at_evening(day), source="x", words="不要联系",
        reference=f"r{number}",
    )  # fmt: skip


def earn(rng: random.Random, card: Card, day: dt.date, number: int) -> None:
    PointsEntry.objects.create(
        reference=f"n{number}", customer=card.customer, kind="earned", points=500, on_date=day
    )


def move(rng: random.Random, card: Card, day: dt.date, number: int) -> None:
    branch = rng.choice(list(Branch.objects.filter(code__in=worlds.BRANCHES).order_by("pk")))
    Customer.objects.filter(pk=card.customer_id).update(branch=branch, birth_date=day)


def follow(rng: random.Random, card: Card, day: dt.date, number: int) -> None:
    stages.refresh_stages()


def hold(rng: random.Random, card: Card, day: dt.date, number: int) -> None:
    """Another cause takes one of the contacts that the caps allow."""
    Contact.objects.create(
        customer=card.customer, channel="sms", purpose="marketing", origin="x",
        dedup_key=f"x{number}", at=at_evening(day) + dt.timedelta(hours=rng.randrange(-9, 15)),
    )  # fmt: skip


def held(rng: random.Random) -> Contact | None:
    found = list(Contact.objects.filter(released_at=None, origin="x").order_by("pk"))
    return rng.choice(found) if found else None


def call_off(rng: random.Random, card: Card, day: dt.date, number: int) -> None:
    if contact := held(rng):
        Contact.objects.filter(pk=contact.pk).update(released_at=at_evening(day))


def put_off(rng: random.Random, card: Card, day: dt.date, number: int) -> None:
    if contact := held(rng):
        later = contact.at + dt.timedelta(hours=rng.choice([1, 20, 100]))
        Contact.objects.filter(pk=contact.pk).update(at=later)


def write_bank() -> dict[str, Any]:
    world = worlds.make(SEED, CUSTOMERS)
    writing.write(world)
    ContactRuleFactory()
    for key in Customer.objects.filter(pk__gte=1_000_000).values_list("pk", flat=True):
        if key % 5:
            sealed = f"p{key}".encode()
            Customer.objects.filter(pk=key).update(
                phone_sealed=sealed, phone_index=sealed, callee=key.to_bytes(16, "big")
            )
    rng, around = random.Random(SEED), world["start"] + dt.timedelta(days=30)
    for number, card in enumerate(Card.objects.order_by("pk")):
        for place in range(rng.choice([0, 0, 2, 2, 3, 5])):
            hold(rng, card, around - dt.timedelta(days=rng.randrange(-1, 3)), number * 10 + place)
    return world


def approved(number: int, rule: Any, rewards: Any, budget: Any, control: int) -> CampaignVersion:
    """An approved campaign of its own. Raises PlanWrong."""
    version = making.draft(
        code=f"c-{number}", rule=rule, rewards=rewards, budget=budget, control_percent=control,
        products=["P0", "P1"], issued_from="2026-02-01", issued_to="2026-04-01",
    )  # fmt: skip
    making.approve(version)
    return version


def waiting_in(run: Run) -> int:
    return Decision.objects.filter(run=run, again_date=rules.BOOK_DAY).count()


def note(seen: dict[str, int], base: Run, run: Run, whole: dict[str, Any], later: dt.date) -> None:
    """What the example was good for."""
    seen["carried"] += run.carried
    seen["changed"] += run.carried < CUSTOMERS
    seen["refused"] += waiting_in(base)
    given = Grant.objects.filter(run=base).count()
    seen["given"] += given
    seen["given_later"] += len(whole["grants"]) - given
    capped = Decision.objects.filter(run=base, gate="cap_reached")
    seen["held"] += capped.filter(again_date__gt=later).count()
    told = {customer for customer, _channel, _at in whole["messages"]}
    seen["told_later"] += capped.filter(customer__in=told).count()


def test_a_run_on_another_says_and_does_what_one_about_everybody_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "LEAST_CARRIED", 1)
    start = write_bank()["start"]
    FactChange.objects.filter(customer_id=0).delete()
    seen = {"examples": 0, "carried": 0, "changed": 0, "refused": 0, "refused_plans": 0,
            "given": 0, "given_later": 0, "held": 0, "told_later": 0}  # fmt: skip

    @seed(2)
    @settings(
        deadline=None, suppress_health_check=list(HealthCheck), max_examples=50, database=None,
        phases=[Phase.generate],
    )  # fmt: skip
    @given(
        rule=carried_kinds(start), given_away=rewards(start), budget=budgets,
        control=st.sampled_from([0, 20]), luck=st.integers(0, 10**9),
        passes=st.sampled_from([0, 1, 1, 9, 30]),
    )  # fmt: skip
    def look(rule: Any, given_away: Any, budget: Any, control: int, luck: int, passes: int) -> None:
        seen["examples"] += 1
        number = seen["examples"]
        try:
            version = approved(number, rule, given_away, budget, control)
        except PlanWrong:
            seen["refused_plans"] += 1
            return
        on = start + dt.timedelta(days=30)
        base = ran(version, on)
        rng = random.Random(luck)
        for place in range(rng.randrange(12)):
            with contextlib.suppress(IntegrityError), transaction.atomic():
                change(rng, on, number * 100 + place)
        later = on + passes * ONE
        hour = rng.choice([19, 23] if passes == 0 else [1, 8, 12, 18, 23])
        run, carried = only(version, later, hour, is_whole=False)
        assert run.base_id == base.pk
        again, whole = only(version, later, hour, is_whole=True)
        assert again.base_id is None
        for name, found in whole.items():
            assert carried[name] == found, (name, rule, given_away, budget, passes)
        note(seen, base, run, whole, later)

    look()
    assert seen["carried"] > 1000, seen
    assert seen["changed"] > 5, seen
    assert min(seen[key] for key in ("refused", "given_later", "held", "told_later")) > 0, seen
