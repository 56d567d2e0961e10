"""Offers of rivals, ends of contracts and promises become suggestions, each by itself."""

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from merchants.comparison import operations as offers
from merchants.models import EvidenceRule, MerchantContract, Partnership, PhaseSuggestion
from merchants.partnerships import operations, queries
from merchants.windows import operations as windows
from portal.kit import clock
from tests.factories import partnerships as made
from tests.factories.merchants import ContractFactory
from tests.merchants.evidence.test_operations import ON
from tests.merchants.partnerships.test_proposing import BEGUN, OVER, judged, kept, run, steady

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
BEFORE = ON - 40 * DAY  # after the partnerships of these tests were confirmed


def offered(row: Partnership, *, until: dt.date = ON + 30 * DAY, seen: dt.date = BEFORE) -> Any:
    return offers.note_offer(
        merchant_id=row.merchant_id, rival="他行", kind="fee", terms="手续费 0.38%",
        source="门店海报", seen_date=seen, until_date=until, actor=row.manager,
        at=clock.start_of(seen),
    )  # fmt: skip


def promised(row: Partnership, side: str, *, kept: bool | None, due: dt.date = BEFORE) -> Any:
    """A promise that was kept or broken, or of which nothing was told yet."""
    promise = windows.make_promise(
        partnership_id=row.pk, side=side, said="送上月数字", due_date=due, actor=row.manager,
        at=clock.start_of(due - 5 * DAY),
    )  # fmt: skip
    if kept is not None:
        told(promise, kept)
    return promise


def told(promise: Any, kept: bool) -> None:
    windows.settle_promise(
        promise_id=promise.pk, kept=kept, result="" if kept else "未办",
        actor=promise.partnership.manager, at=clock.start_of(promise.due_date),
    )  # fmt: skip


def reasons(row: Partnership) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = PhaseSuggestion.objects.get(partnership=row).reasons
    return found


def test_an_offer_of_a_rival_suggests_wavering_with_its_figures() -> None:
    made.hear("rivals", limit=2)
    row, below, withdrawn, over = (made.in_phase("confirmed", on=BEGUN) for _place in range(4))
    for one in (row, withdrawn):
        offered(one)
        last = offered(one, seen=BEFORE + DAY)
    offered(below)
    for _number in range(2):
        offered(over, until=ON - DAY)
    offers.withdraw_offer(offer_id=last.pk, reason="海报已撤", actor=withdrawn.manager,
                          at=clock.start_of(ON))  # fmt: skip
    assert run() == [(row.pk, "suggested")]
    assert kept() == [(row.pk, "wavering", "open")]
    assert reasons(row) == [
        {"code": "rivals", "count": 2, "limit": 2, "first": str(BEFORE), "last": str(ON)}
    ]
    assert run() == [(row.pk, "open")]


def test_the_end_of_a_contract_suggests_adjustment_unless_another_follows() -> None:
    made.hear("contract", limit=60, over=90)
    row, later, followed, goes_on, ended = (
        made.in_phase("confirmed", on=BEGUN) for _place in range(5)
    )
    last = {row: 60, later: 61, followed: 60, goes_on: 60, ended: -3}
    for one, left in last.items():
        contract = MerchantContract.objects.filter(merchant=one.merchant)
        contract.update(last_date=ON + left * DAY)
    ContractFactory(merchant=followed.merchant, signed_date=ON, first_date=ON + 61 * DAY,
                    last_date=None)  # fmt: skip
    MerchantContract.objects.filter(merchant=goes_on.merchant).update(
        renewal="automatic", renewal_months=12
    )
    assert sorted(run()) == sorted([(row.pk, "suggested"), (ended.pk, "suggested")])
    assert reasons(row) == [
        {"code": "contract", "last": str(ON + 60 * DAY), "days": 60, "limit": 60}
    ]
    assert reasons(ended) == [{"code": "contract_ended", "last": str(ON - 3 * DAY), "days": 3}]
    assert run(ON + 91 * DAY - 3 * DAY)[0] != (ended.pk, "suggested")  # long over


@pytest.mark.parametrize(
    ("side", "kind", "to"),
    [("merchant", "merchant_broke", "wavering"), ("bank", "bank_broke", "adjustment")],
)
def test_broken_promises_of_either_side_suggest_their_move(side: str, kind: str, to: str) -> None:
    made.hear(kind, limit=2)
    row, below, settled, old = (made.in_phase("confirmed", on=BEGUN) for _place in range(4))
    promised(row, side, kept=False)
    promised(row, side, kept=None)  # overdue
    promised(below, side, kept=False)
    promised(below, side, kept=True)
    promised(below, "bank" if side == "merchant" else "merchant", kept=True)
    promised(settled, side, kept=False)
    overdue = promised(settled, side, kept=None)
    told(overdue, kept=True)
    for _number in range(2):
        promised(old, side, kept=False, due=ON - 366 * DAY)
    assert run() == [(row.pk, "suggested")]
    assert kept() == [(row.pk, to, "open")]
    assert reasons(row) == [
        {"code": kind, "count": 2, "limit": 2, "first": str(ON - 365 * DAY), "last": str(ON)}
    ]


def test_promises_kept_by_both_sides_suggest_to_confirm_once_nothing_stands_against_it() -> None:
    made.hear("kept", limit=2)
    made.hear("rivals", limit=2)
    row, one_sided, threatened = (made.in_phase("adjustment", on=BEGUN) for _place in range(3))
    both = ("bank", "merchant")
    for one, sides in ((row, both), (one_sided, both[:1]), (threatened, both)):
        for side in sides * 2:
            promised(one, side, kept=True, due=ON + 40 * DAY)
    offered(threatened, until=ON + 90 * DAY)  # below its limit, and not over
    assert run(ON + 60 * DAY) == [(row.pk, "suggested")]
    assert kept() == [(row.pk, "confirmed", "open")]
    assert (reasons(row)[0]["bank"], reasons(row)[0]["merchant"]) == (2, 2)


def test_what_was_answered_or_known_at_the_last_move_is_not_suggested_again() -> None:
    made.hear("rivals", limit=1)
    row = made.in_phase("confirmed", on=BEGUN)
    offered(row)
    run()
    operations.decline_suggestion(
        suggestion_id=PhaseSuggestion.objects.get().pk, reason="已谈妥", actor=row.manager,
        at=clock.start_of(ON),
    )  # fmt: skip
    assert run() == [(row.pk, "answered")]
    offered(row, seen=ON)
    assert run(ON + DAY) == [(row.pk, "suggested")]
    moved = made.in_phase("confirmed", on=BEGUN)
    offered(moved)
    made.moved(moved, "wavering", on=ON)  # its manager knew
    assert (moved.pk, "answered") in run(ON + 20 * DAY)


def test_alarms_go_to_those_with_the_most_money_behind_them() -> None:
    made.hear("rivals", limit=1, stake=10)
    leader = made.manager()  # two alarms a week
    rows = [made.in_phase("confirmed", on=BEGUN, manager=leader) for _place in range(4)]
    judged(rows[0], yearly=Decimal(-30_000))
    judged(rows[1], yearly=Decimal(-50))
    for row, amount in ((rows[2], 90_000), (rows[3], 9_000)):
        offered(row)
        spent(row, amount)
    assert run() == [
        (rows[2].pk, "suggested"), (rows[0].pk, "suggested"), (rows[3].pk, "no_alarm"),
        (rows[1].pk, "no_alarm"),
    ]  # fmt: skip
    assert reasons(rows[2])[1] == {"code": "at_stake", "amount": 36_500, "percent": 10}


def spent(row: Partnership, amount: int) -> None:
    """So much turnover in the span before, known from its first week on."""
    from journeys.models import MerchantDay

    for back, part in ((89, 0), (3, amount)):
        MerchantDay.objects.create(
            merchant=row.merchant, day=ON - back * DAY, purchases=9, refunds=0, amount=part
        )


def test_turnover_and_the_rest_are_told_together_where_they_lead_to_the_same_phase() -> None:
    made.hear("rivals", limit=1)
    made.hear("bank_broke", limit=1)
    row = made.in_phase("confirmed", on=BEGUN)
    judged(row)
    offered(row)
    promised(row, "bank", kept=False)
    assert run() == [(row.pk, "suggested")]  # and is not asked about adjustment besides
    suggestion = PhaseSuggestion.objects.get()
    assert [one["code"] for one in suggestion.reasons] == ["fell", "rivals"]
    known = {one["code"]: one["value"] for one in suggestion.evidence["measures"]}
    assert (known["rival_offers"], known["promises_bank"]) == ("1", "1")


def test_no_night_undoes_the_suggestion_of_another_but_for_a_fall() -> None:
    made.hear("bank_broke", limit=1)
    made.hear("rivals", limit=1)
    row = made.in_phase("confirmed", on=BEGUN)
    offered(row)
    run()
    for _number in range(3):
        promised(row, "bank", kept=False)
    assert run(ON + DAY) == [(row.pk, "open")]
    assert kept() == [(row.pk, "wavering", "open")]
    other = made.in_phase("confirmed", on=BEGUN)
    promised(other, "bank", kept=False)
    run()
    judged(other)
    assert (other.pk, "suggested") in run(ON + DAY)
    assert kept()[-2:] == [(other.pk, "adjustment", "lapsed"), (other.pk, "wavering", "open")]


@pytest.mark.parametrize("seed", range(6))
def test_where_turnover_alone_speaks_nothing_depends_on_what_else_is_heard(seed: int) -> None:
    rng = random.Random(seed)
    leaders = [made.manager() for _number in range(2)]
    judged(made.in_phase("confirmed", on=BEGUN, manager=leaders[0]), yearly=Decimal(-50))
    for _place in range(8):
        phase = rng.choice(["comparison", "confirmed", "wavering", "adjustment", "prospect"])
        row = made.in_phase(phase, on=BEGUN, manager=rng.choice(leaders))
        drawn = rng.random()
        if drawn < 0.5:
            judged(row, yearly=Decimal(-rng.randint(1, 99)))
        elif drawn < 0.8:
            steady(row, reasons=[OVER])
    heard = _outcomes()
    assert heard == _outcomes(deaf=True)
    assert any(outcome == "suggested" for _row, outcome in heard[0])


def _outcomes(*, deaf: bool = False) -> tuple[Any, Any]:
    """What comes of two nights, and is taken back."""
    with transaction.atomic():
        point = transaction.savepoint()
        for kind in EvidenceRule._meta.get_field("kind").choices or ():
            EvidenceRule.objects.create(
                kind=kind[0], effective_date=ON, is_heard=not deaf, limit=100,
                over=100 if kind[0] == "contract" else 99, stake=50, source="Board",
            )  # fmt: skip
        found = run(), run(ON + 7 * DAY)
        made_of = [(row, to, state) for row, to, state in kept()]
        told = list(PhaseSuggestion.objects.order_by("id").values_list("reasons", flat=True))
        transaction.savepoint_rollback(point)
    return found[0] + found[1], (made_of, told)


def test_the_page_names_what_a_suggestion_rests_on(client_of: Callable[..., Client]) -> None:
    made.hear("rivals", limit=1)
    row = made.in_phase("confirmed", on=BEGUN)
    offered(row)
    run()
    client = client_of(row.manager)
    page = client.get(reverse("partnership_page", args=[row.pk])).content.decode()
    assert "对手" in page
    suggestion = queries.suggestion_of(row)
    assert suggestion is not None
    assert suggestion.rests_on
    assert suggestion.rests_on in page
    assert suggestion.sentences[0] in page
