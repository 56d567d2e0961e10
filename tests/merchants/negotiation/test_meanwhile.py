"""What was typed outlives a colleague who was faster: it comes back with what changed."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from merchants.models import Negotiation, SignedTerms
from portal.kit import clock
from tests.factories import negotiation as made
from tests.factories import partnerships

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
DAY = dt.timedelta(days=1)


def at(name: str, row: Negotiation) -> str:
    return reverse(name, args=[row.pk])


def ago(days: int) -> dt.date:
    return clock.today() - days * DAY


def typed_in(form: Any) -> dict[str, Any]:
    """What a browser would send of a form that came back."""
    values = {name: form[name].value() for name in form.fields}
    return {name: str(value) for name, value in values.items() if value is not None}


def test_an_offer_comes_back_filled_with_what_a_colleague_recorded(client_of: ClientOf) -> None:
    row = made.in_stage("bargaining", on=ago(30))
    client, page = client_of(row.partnership.manager), at("offer_new", row)
    form = client.get(page, {"side": "bank"}).context["form"]
    typed = typed_in(form) | {"cost_share": "45", "words": "总部同意让五个点"}
    chief = partnerships.chief(row.partnership)
    made.offered(row, "merchant", on=ago(20), cost_share=Decimal(55), actor=chief)
    back = client.post(page, typed)
    form = back.context["form"]
    assert (back.status_code, row.offers.count()) == (422, 3)
    assert typed_in(form) == typed | {"seen": "3"}
    told = form.non_field_errors()[0]
    assert (chief.label in told, "55 %" in told, "40 %" in told) == (True, True, False)
    assert [one.number for one in back.context["rounds"]] == [2, 1]
    assert client.post(page, typed_in(form)).status_code == 302
    last = row.offers.get(number=4)
    assert (last.side, last.cost_share, last.words) == ("bank", 45, typed["words"])


def test_a_move_comes_back_filled_with_what_a_colleague_moved(client_of: ClientOf) -> None:
    row = made.in_stage("proposal", on=ago(30))
    seen = row.moved
    chief = partnerships.chief(row.partnership)
    made.moved(row, "bargaining", on=ago(20), actor=chief)
    client, page = client_of(row.partnership.manager), at("negotiation_move", row)
    back = client.post(page, {"to": "needs", "after": seen, "reason": "对方要先看名单"})
    form = back.context["form"]
    assert (back.status_code, form["reason"].value(), form["after"].value()) == (
        422, "对方要先看名单", str(seen + 1),
    )  # fmt: skip
    assert chief.label in form.non_field_errors()[0]
    assert client.post(page, typed_in(form)).status_code == 302
    row.refresh_from_db()
    assert (row.stage, row.changes.get(number=row.moved).reason) == ("needs", "对方要先看名单")


def test_a_move_that_is_possible_no_more_asks_where_to_and_keeps_the_reason(
    client_of: ClientOf,
) -> None:
    row = made.in_stage("needs", on=ago(30))
    seen = row.moved
    made.moved(row, "proposal", on=ago(20))
    client, page = client_of(row.partnership.manager), at("negotiation_move", row)
    back = client.post(page, {"to": "proposal", "after": seen, "reason": "名单已给"})
    form = back.context["form"]
    assert (back.status_code, form["reason"].value()) == (422, "名单已给")
    assert [code for code, _label in form.fields["to"].widget.choices] == ["needs", "lost"]
    assert "名单已给" in back.content.decode()
    assert client.post(page, typed_in(form) | {"to": "needs"}).status_code == 302
    row.refresh_from_db()
    assert (row.stage, row.changes.get(number=row.moved).reason) == ("needs", "名单已给")


def test_what_was_typed_of_talks_that_are_over_can_be_read(client_of: ClientOf) -> None:
    row = made.in_stage("proposal", on=ago(30))
    seen = row.moved
    made.moved(row, "lost", on=ago(20), refusal="unaware")
    back = client_of(row.partnership.manager).post(
        at("negotiation_move", row), {"to": "needs", "after": seen, "reason": "对方要先看名单"}
    )
    page = back.content.decode().split("<main")[1]
    assert (back.status_code, "对方要先看名单" in page, "<form" in page) == (422, True, False)
    assert row.changes.count() == seen + 1


def test_an_offer_agreed_on_that_is_the_latest_no_more_is_chosen_again(client_of: ClientOf) -> None:
    row = made.in_stage("bargaining", on=ago(30))
    old = row.offers.get(side="merchant")
    new = made.offered(row, "merchant", on=ago(20), cost_share=Decimal(50))
    client, page = client_of(row.partnership.manager), at("negotiation_move", row)
    typed = {"to": "agreement", "after": row.moved, "reason": "握手", "offer": old.pk}
    back = client.post(page, typed)
    form = back.context["form"]
    assert (back.status_code, list(form.errors), form["reason"].value()) == (
        422, ["offer"], "握手",
    )  # fmt: skip
    client.post(page, typed_in(form) | {"offer": new.pk})
    assert row.changes.get(to_stage="agreement").offer == new


@pytest.mark.parametrize("is_agreed_anew", [True, False])
def test_a_paper_comes_back_filled_where_other_terms_were_agreed_on(
    client_of: ClientOf, is_agreed_anew: bool
) -> None:
    row = made.in_stage("signing", on=ago(30))
    today = clock.today()
    typed = {
        "after": row.moved, "number": "HT-7", "signed_date": str(today), "first_date": str(today),
        "notice_days": 45, "reason": "双方签署",
    }  # fmt: skip
    made.moved(row, "bargaining", on=ago(20))
    if is_agreed_anew:
        new = made.offered(row, "merchant", on=ago(20), months=24)
        made.moved(row, "agreement", on=ago(20), offer_id=new.pk)
        made.let_sign(row, on=ago(20))
    client, page = client_of(row.partnership.manager), at("negotiation_sign", row)
    back = client.post(page, typed)
    form = back.context["form"]
    row.refresh_from_db()
    kept = {name: str(value) for name, value in (typed | {"after": row.moved}).items()}
    assert (back.status_code, typed_in(form)) == (422, kept)
    assert len(form.non_field_errors()) == 1
    assert SignedTerms.objects.count() == 0
    answer = client.post(page, typed_in(form))
    assert answer.status_code == (302 if is_agreed_anew else 422)
    assert SignedTerms.objects.count() == int(is_agreed_anew)
