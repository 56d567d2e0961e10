"""Offers of rivals are facts: noted with day and source, told for a time, withdrawn with a
reason."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from merchants.comparison import operations, queries
from merchants.models import Partnership, RivalOffer
from merchants.partnerships import queries as partnerships
from portal.kit import clock
from portal.models import AuditEntry
from tests.factories import partnerships as made
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
ON = dt.date(2026, 6, 3)
FACTS: dict[str, Any] = {
    "rival": "他行", "kind": "fee", "terms": "手续费 0.38%", "source": "门店海报",
    "seen_date": ON, "until_date": ON + dt.timedelta(days=30),
}  # fmt: skip


def note(row: Partnership, **values: Any) -> RivalOffer:
    return operations.note_offer(
        **{
            "merchant_id": row.merchant_id, "actor": row.manager, "at": clock.start_of(ON),
            **FACTS, **values,
        }
    )  # fmt: skip


def known(row: Partnership, on: dt.date) -> Any:
    return partnerships.evidence_of(partnerships=[row], on=on)[row.pk].value("rival_offers")


def test_an_offer_is_told_for_its_time_and_counts_in_what_is_known() -> None:
    row = made.begun()
    assert known(row, ON) is None  # nobody looked
    offer = note(row)
    note(row, rival="他行乙", until_date=ON)
    assert known(row, ON - dt.timedelta(days=1)) is None
    assert [known(row, ON + dt.timedelta(days=days)) for days in (0, 1, 30, 31)] == [2, 1, 1, 0]
    operations.withdraw_offer(
        offer_id=offer.pk, reason="海报已撤", actor=made.chief(row), at=clock.start_of(ON)
    )
    assert [one.rival for one in queries.offers_of(merchant_id=row.merchant_id, on=ON)] == [
        "他行乙"
    ]
    actions = AuditEntry.objects.filter(action__startswith="rival_offer.").order_by("id")
    assert list(actions.values_list("action", "reason")) == [
        ("rival_offer.noted", ""), ("rival_offer.noted", ""),
        ("rival_offer.withdrawn", "海报已撤"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": " "}, {"terms": ""}, {"rival": ""},
        {"seen_date": ON + dt.timedelta(days=1), "until_date": ON + dt.timedelta(days=2)},
        {"until_date": ON - dt.timedelta(days=1)},
        {"until_date": ON + dt.timedelta(days=367)},
    ],
)  # fmt: skip
def test_what_is_no_fact_is_refused(wrong: dict[str, Any]) -> None:
    row = made.begun()
    with pytest.raises(operations.OfferRefused):
        note(row, **wrong)
    assert not RivalOffer.objects.exists()


def _stranger() -> Any:
    return StaffFactory(role="branch_manager", branch=BranchFactory())


def test_others_note_and_withdraw_nothing_and_nobody_twice() -> None:
    row = made.begun()
    offer = note(row)
    other = made.manager(branch=row.branch)
    for actor in (other, _stranger(), StaffFactory(role="compliance")):
        with pytest.raises(operations.OfferRefused):
            note(row, actor=actor)
        with pytest.raises(operations.OfferRefused):
            operations.withdraw_offer(
                offer_id=offer.pk, reason="错", actor=actor, at=clock.start_of(ON)
            )
    given: dict[str, Any] = {"offer_id": offer.pk, "actor": row.manager, "at": clock.start_of(ON)}
    with pytest.raises(operations.OfferRefused):
        operations.withdraw_offer(reason=" ", **given)
    operations.withdraw_offer(reason="看错", **given)
    with pytest.raises(operations.OfferRefused):
        operations.withdraw_offer(reason="再来", **given)
    assert RivalOffer.objects.count() == 1


def test_the_database_keeps_the_fact_as_it_was_noted() -> None:
    offer = row_of("merchants.RivalOffer")
    staff = StaffFactory()
    rows = RivalOffer.objects.filter(pk=offer.pk)
    for change in (
        lambda: rows.update(terms="y"),
        lambda: rows.update(
            withdrawn_at=clock.now(), withdrawn_by=staff, withdrawn_why="x", terms="y"
        ),
        lambda: rows.delete(),
    ):
        with pytest.raises(DatabaseError, match="an offer of a rival is a fact"), (
            transaction.atomic()
        ):  # fmt: skip
            change()
    rows.update(withdrawn_at=clock.now(), withdrawn_by=staff, withdrawn_why="x")
    with pytest.raises(DatabaseError, match="an offer of a rival is a fact"), transaction.atomic():
        rows.update(withdrawn_why="y")


def test_offers_are_noted_and_withdrawn_on_the_page(client_of: ClientOf) -> None:
    row = made.in_phase("comparison", on=clock.today() - dt.timedelta(days=90))
    client = client_of(row.manager)
    address = reverse("rival_offer_new", args=[row.pk])
    today = clock.today()
    sent = {**FACTS, "seen_date": today, "until_date": today + dt.timedelta(days=9)}
    too_early = {**sent, "until_date": today - dt.timedelta(days=1)}
    assert client.post(address, too_early).status_code == 422
    assert client.post(address, sent).status_code == 302
    offer = RivalOffer.objects.get()
    page = client.get(reverse("comparison_page", args=[row.pk])).content.decode()
    assert "手续费 0.38%" in page
    assert "门店海报" in page
    gone = reverse("rival_offer_withdraw", args=[row.pk, offer.pk])
    client.post(gone, {"reason": ""})
    assert RivalOffer.objects.get().withdrawn_at is None
    client.post(gone, {"reason": "海报已撤"})
    assert RivalOffer.objects.get().withdrawn_why == "海报已撤"
    other = client_of(made.manager(branch=row.branch))
    assert other.post(address, sent).status_code == 403
