"""Touch plans under fire: nobody enters twice, no step is sent twice, and who reached the goal
before a message was claimed is not sent it."""

import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from campaigns.models import (
    CampaignVersion,
    Enrolment,
    StayCount,
    StepCount,
    TouchIntake,
    TouchMark,
    TouchStep,
)
from campaigns.planning.rules import plans
from campaigns.touches import operations as touches
from campaigns.touches.operations import leaving, working
from journeys.contact import operations as contact
from journeys.models import Application, Card, Contact, Message
from journeys.outreach.operations import claiming
from portal.kit import clock
from portal.kit.outgoing import Unsent
from tests.campaigns.touches.test_channels import written
from tests.factories.campaigns import AT
from tests.factories.journeys import (
    CardFactory,
    ConsentFactory,
    ContactRuleFactory,
    ProductFactory,
)
from tests.factories.portal import BranchFactory
from tests.factories.touches import plan_of, step, touched
from tests.races.threads import in_threads, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 8
DAY = dt.timedelta(days=1)


def holders(count: int) -> list[int]:
    """Customers with a card that was issued today, who agree to be told at any hour."""
    branch, product = BranchFactory(), ProductFactory()
    cards = [
        CardFactory(
            issued_date=clock.today(), customer__branch=branch, application__product=product,
            application__filed_date=clock.today(), application__decided_date=clock.today(),
        )
        for _number in range(count)
    ]  # fmt: skip
    for card in cards:
        ConsentFactory(customer=card.customer, effective_at=AT - 400 * DAY)
    return [card.customer_id for card in cards]


def running(plan: dict[str, object]) -> CampaignVersion:
    ContactRuleFactory(opens="00:00", closes="23:59:59.999999")
    return touched(plan=plan, issued_from="2020-01-01", issued_to="2099-01-01",
                   runs_from="2020-01-01", runs_to="2099-01-01")  # fmt: skip


@pytest.mark.parametrize("count", [150, pytest.param(3_000, marks=pytest.mark.chaos)])
@pytest.mark.parametrize("reentry", [
    {"mode": "never"}, {"mode": "after_exit"}, {"mode": "times", "times": 2},
])  # fmt: skip
def test_eight_workers_let_nobody_in_twice(reentry: dict[str, object], count: int) -> None:
    plan = plan_of(step(anchor="entry"), reentry=reentry)
    plan["entry"] = {"by": "audience", "of": "rule"}
    version = running(plan)
    ids, read = holders(count), plans.plan_of(version.content)

    def enter(place: int) -> int:
        entered = 0
        # Each in another order, so that they meet each other; half of them by another occasion.
        for start in sorted(range(0, count, 25), key=lambda at: (at * (place + 1)) % count):
            found = touches.enter(
                version=version, plan=read, occasion=f"day:{place % 2}", at=clock.now(),
                among=ids[start : start + 25],
            )  # fmt: skip
            entered += len(found.enrolment_ids)
        return entered

    assert sum(in_threads(WORKERS, enter)) == count == Enrolment.objects.count()
    stays = Counter(Enrolment.objects.values_list("customer_id", "rotation"))
    assert set(stays.values()) == {1}
    assert TouchStep.objects.count() == count


@pytest.mark.parametrize("count", [200, pytest.param(4_000, marks=pytest.mark.chaos)])
def test_eight_sweeps_at_once_send_each_step_once(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "BATCH", 20)
    plan = plan_of(step("a"), step("b", valid_days=9))
    plan["entry"] = {"by": "audience", "of": "rule"}
    running(plan)
    ids = holders(count)
    in_threads(WORKERS, lambda _place: touches.sweep_touches(at=clock.now()))
    touches.sweep_touches(at=clock.now())
    keys = Counter(Message.objects.values_list("customer_id", "dedup_key"))
    assert (len(keys), set(keys.values())) == (2 * count, {1})
    assert Contact.objects.count() == 2 * count
    assert TouchStep.objects.filter(state="sent").count() == 2 * count
    assert Enrolment.objects.filter(left_because="finished").count() == count == len(ids)
    found = TouchIntake.objects.get()
    assert (found.audience, found.entered) == (count, count)


@pytest.mark.parametrize("count", [200, pytest.param(4_000, marks=pytest.mark.chaos)])
def test_who_reached_the_goal_before_the_claim_is_not_sent_the_step(count: int) -> None:
    plan = plan_of(step("a"), step("b", offset_days=30), goal={"kind": "activated"})
    running(plan)
    ids = holders(count)
    touches.sweep_touches(at=clock.now())
    assert Message.objects.filter(state="queued").count() == count
    reached: dict[int, float] = {}
    claimed: list[tuple[float, list[int]]] = []

    def work(place: int) -> None:
        if place % 2:
            _reach(ids[place // 2 :: WORKERS // 2][: count // 6], reached)
        else:
            _claim(claimed)

    in_threads(WORKERS, work)
    while claiming.claim_batch(sizes={"sms": 50}, at=clock.now())[1]:
        pass
    late = [
        customer
        for begun, customers in claimed
        for customer in customers
        if reached.get(customer, float("inf")) < begun
    ]
    assert late == []
    assert not Message.objects.filter(state="queued").exists()
    cancelled = set(Message.objects.filter(state="cancelled").values_list("customer_id", flat=True))
    assert cancelled <= set(reached)
    back = TouchStep.objects.filter(answer="called_back")
    assert set(back.values_list("customer_id", flat=True)) == cancelled
    assert set(Message.objects.filter(state="cancelled").values_list("failure", flat=True)) <= {
        "left"
    }
    freed = Contact.objects.filter(released_at__isnull=False)
    assert set(freed.values_list("customer_id", flat=True)) == cancelled


def _reach(ids: list[int], reached: dict[int, float]) -> None:
    """Card after card is activated, as a file of cards does it: the customer is locked first."""
    from django.db import transaction

    for customer_id in ids:
        with transaction.atomic():
            contact.lock_customers([customer_id])
            Card.objects.filter(customer=customer_id).update(activated_date=clock.today())
        reached[customer_id] = time.monotonic()


def _claim(claimed: list[tuple[float, list[int]]]) -> None:
    for _number in range(200):
        begun = time.monotonic()
        claims, is_busy = claiming.claim_batch(sizes={"sms": 10}, at=clock.now())
        claimed.append((begun, [claim.customer_id for claim in claims]))
        if not is_busy:
            break


def test_a_goal_that_commits_first_binds_the_very_next_claim() -> None:
    plan = plan_of(step("a"), step("b", offset_days=30), goal={"kind": "activated"})
    running(plan)
    first, other = holders(2)
    touches.sweep_touches(at=clock.now())
    Card.objects.filter(customer=first).update(activated_date=clock.today())
    claims, _is_busy = claiming.claim_batch(sizes={"sms": 10}, at=clock.now())
    assert [claim.customer_id for claim in claims] == [other]
    stay = Enrolment.objects.get(customer=first)
    assert (stay.state, stay.left_because) == ("left", "goal")
    found = dict(TouchStep.objects.filter(customer=first).values_list("code", "answer"))
    assert found == {"a": "called_back", "b": "goal"}


def test_counts_are_right_while_many_write_and_others_add_up() -> None:
    """Whoever adds up meets rows of statements that are not committed yet, and other adders."""
    count = 40
    people = holders(count)
    version = running(plan_of(step(anchor="entry"), step("later", anchor="entry", offset_days=9)))
    at = clock.now()
    stop = at + dt.timedelta(seconds=60)

    def enter(place: int) -> None:
        plan = plans.plan_of(version.content)
        for customer in people[place::4]:
            touches.enter(
                version=version, plan=plan, occasion=f"by:{customer}", at=at, among=[customer]
            )
            touches.work_due(version_id=version.pk, at=at)

    def add_up(_place: int) -> None:
        while Enrolment.objects.count() < count and clock.now() < stop:
            touches.add_up(most=0)

    in_threads(6, lambda place: enter(place) if place < 4 else add_up(place))
    steps = Counter(TouchStep.objects.values_list("code", "state", "answer", "channel"))
    found: Counter[object] = Counter()
    for code, state, answer, channel, number in StepCount.objects.values_list(
        "code", "state", "answer", "channel", "steps"
    ):
        found[code, state, answer, channel] += number
    assert found == steps
    assert sum(StayCount.objects.values_list("stays", flat=True)) == count
    touches.add_up(most=0)
    assert StepCount.objects.count() == len(steps)


def test_who_enters_again_at_the_instant_that_a_message_ends_keeps_no_result_back() -> None:
    """The stay that had finished would be open again beside the new one; the step says what became
    of it instead, and the message of everybody else in the batch, too."""
    written("push")
    (first,), (second,) = holders(1), holders(1)
    running(plan_of(step(channels=["push", "sms"]), reentry={"mode": "after_exit"}))
    for customer in (first, second):
        ConsentFactory(customer_id=customer, channel="push", effective_at=AT - 400 * DAY)
    touches.sweep_touches(at=clock.now())
    stays = {stay.customer_id: stay for stay in Enrolment.objects.all()}
    key = Message.objects.filter(customer=first).get().dedup_key
    unsent = [Unsent(one, key, "push", "address", "bad_address") for one in (first, second)]
    has_entered = threading.Event()

    def at_once(place: int) -> None:
        with transaction.atomic():
            if place:
                assert has_entered.wait(60)
                touches.note_unsent(unsent=unsent, at=clock.now())
                return
            copy = Enrolment.objects.get(pk=stays[first].pk)
            copy.pk, copy.rotation, copy.occasion = None, 2, "again"
            copy.state, copy.left_at, copy.left_because = "inside", None, ""
            copy.save(force_insert=True)
            has_entered.set()
            wait_for(1)

    in_threads(2, at_once)
    rows = TouchStep.objects.order_by("customer").values_list("customer", "state", "tried")
    assert list(rows) == [(first, "unsent", ""), (second, "waiting", "push")]
    states = Enrolment.objects.order_by("customer", "rotation").values_list("state", flat=True)
    assert list(states) == ["left", "inside", "inside"]


def held(stay_id: int) -> None:
    """The stay is locked until the transaction of this thread ends."""
    Enrolment.objects.select_for_update(no_key=True).get(pk=stay_id)


def while_held_in_turn(first: Enrolment, second: Enrolment, work: Callable[[], int]) -> int:
    """What work returns that begins while somebody holds the first stay and then takes the second;
    neither of them breaks off."""
    has_first = threading.Event()

    def at_once(place: int) -> int:
        if place:
            assert has_first.wait(60)
            return work()
        with transaction.atomic():
            held(first.pk)
            has_first.set()
            wait_for(1)
            held(second.pk)
        return 0

    holder, done = in_threads(2, at_once)
    assert holder == 0
    return done


def test_who_follows_a_day_and_who_works_a_step_off_do_not_wait_in_a_ring() -> None:
    """The step that is due stands behind one that waits for its day; the person leaves by it."""
    running(plan_of(step("waits", anchor="activation"), step("due")))
    (customer,) = holders(1)
    at = clock.now()
    touches.follow_marks(at=at)
    (stay,) = Enrolment.objects.all()
    TouchMark.objects.create(customer_id=customer)
    is_picked = threading.Event()

    def at_once(place: int) -> int:
        if place:
            assert is_picked.wait(60)
            return touches.follow_marks(at=at)
        with transaction.atomic():
            with connection.cursor() as cursor:
                asked = {"version_id": stay.version_id, "at": at, "size": 9}
                cursor.execute(working.PICK, asked)
                picked = cursor.rowcount
            is_picked.set()
            wait_for(1)
            leaving.leave(leavers=[(stay.pk, "goal", None)], at=at)
        return picked

    assert in_threads(2, at_once) == [1, 1]
    assert set(TouchStep.objects.values_list("state", "answer")) == {("left", "goal")}


def test_who_claims_and_who_ends_stays_do_not_wait_in_a_ring() -> None:
    """Of two people one has reached the goal, and the other has withdrawn the consent."""
    plan = plan_of(step("a"), step("b", offset_days=30), goal={"kind": "activated"})
    running(plan)
    refuses, reaches = holders(2)
    touches.sweep_touches(at=clock.now())
    first, second = Enrolment.objects.order_by("id")
    assert (first.customer_id, second.customer_id) == (refuses, reaches)
    Card.objects.filter(customer=reaches).update(activated_date=clock.today())
    contact.withdraw_consent(
        customer_id=refuses, purpose="marketing", channel="sms", evidence="R", actor=None,
        at=clock.now(),
    )  # fmt: skip
    found = while_held_in_turn(
        first, second, lambda: len(claiming.claim_batch(sizes={"sms": 10}, at=clock.now())[0])
    )
    assert found == 0
    answers = TouchStep.objects.filter(code="a").order_by("customer")
    assert list(answers.values_list("state", "answer")) == [
        ("unsent", "no_consent"), ("left", "called_back"),
    ]  # fmt: skip


def test_who_moves_people_and_who_ends_their_stays_do_not_wait_in_a_ring() -> None:
    """The first goes on in the new version; it is not about the second, who leaves."""
    plan = plan_of(step("a", offset_days=9))
    running(plan)
    goes_on, leaves = holders(2)
    touches.follow_marks(at=clock.now())
    first, second = Enrolment.objects.order_by("id")
    assert (first.customer_id, second.customer_id) == (goes_on, leaves)
    other = ProductFactory(code="OTHER")
    Card.objects.filter(customer=leaves).update(product=other)
    Application.objects.filter(customer=leaves).update(product=other)
    version = running(plan | {"longest_days": 300})
    moved = while_held_in_turn(
        first, second, lambda: touches.move_people(version=version, at=clock.now())
    )
    assert moved == 2
    stays = Enrolment.objects.order_by("id").values_list("state", "left_because", "version")
    assert list(stays) == [("inside", "", version.pk), ("left", "uncovered", first.version_id)]
