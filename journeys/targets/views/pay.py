"""What scorecards would have paid, side by side; and the ledger of what they did."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from journeys.targets import queries
from journeys.targets.access import may_see_person
from journeys.targets.forms import PayFilter
from journeys.targets.models import Scorecard
from journeys.targets.rules import splitting
from journeys.targets.views.pacing import branch_asked
from portal.kit import clock, tables
from portal.staff import queries as staff_queries
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

P = Permission
_NOUGHT = Decimal(0)


@requires(P.VIEW_PAY)
def scorecard_pay(request: HttpRequest) -> HttpResponse:
    """This will work out what one or two scorecards would have paid the people of a branch, in the
    order of branch and name, never by who did more."""
    branch, branches = branch_asked(request)
    cards = _cards_for(request, branch)
    form = PayFilter(
        request.GET if "one" in request.GET else None,
        branches=[(one.pk, one.label) for one in branches],
        cards=[(pk, f"{card.code} {card.name}") for pk, card in cards.items()],
        initial={"branch": branch.pk, "first": _before(clock.today(), 3), "months": 3},
    )  # fmt: skip
    context: dict[str, Any] = {"form": form, "branch": branch, "has_cards": bool(cards)}
    if form.is_bound and form.is_valid():
        context |= _worked_out(request, branch, cards, form.cleaned_data)
    return render(request, "journeys/targets/scorecard_pay.html", context)


def _cards_for(request: HttpRequest, branch: Any) -> dict[int, Scorecard]:
    """The scorecards that may be tried on a branch: its own, those below it and above it."""
    own = queries.list_scorecards(scope=scope_of(staff_of(request)))
    found = {card.pk: card for card in own if _is_near(card.branch, branch)}
    for card in queries.in_force([branch], clock.today().replace(day=1)).values():
        found.setdefault(card.pk, card)
    return found


def _is_near(one: Any, other: Any) -> bool:
    return one.path.startswith(other.path) or other.path.startswith(one.path)


def _before(on: dt.date, months: int) -> dt.date:
    at = on.year * 12 + on.month - 1 - months
    return dt.date(at // 12, at % 12 + 1, 1)


def _worked_out(
    request: HttpRequest, branch: Any, cards: dict[int, Scorecard], asked: dict[str, Any]
) -> dict[str, Any]:
    scope = scope_of(staff_of(request))
    people = queries.people_of(scope, branch.path)
    first, months = asked["first"], asked["months"]
    chosen = [cards[pk] for pk in (asked["one"], asked["other"]) if pk]
    paid = [queries.pay_of(card, people, first=first, months=months) for card in chosen]
    rows = []
    for place, person in enumerate(people):
        mine = [column[place] for column in paid]
        rows.append({
            "person": person,
            "pays": [
                {"card": card, "pay": one, "words": _words(one, card)}
                for one, card in zip(mine, chosen, strict=True)
            ],
            "difference": mine[1].amount - mine[0].amount if len(mine) == 2 else None,
        })  # fmt: skip
    totals = [sum((one.amount for one in column), start=_NOUGHT) for column in paid]
    return {
        "rows": rows,
        "cards": chosen,
        "totals": list(zip(chosen, totals, strict=True)),
        "difference": totals[1] - totals[0] if len(totals) == 2 else None,
        "first": first,
        "last": splitting.months_of(first, months)[-1],
        "is_worked_out": True,
    }


def _words(one: queries.PersonPay, card: Scorecard) -> list[tuple[dt.date, Any, list[str]]]:
    return [
        (month, pay, [queries.in_words(line, point_value=card.point_value) for line in pay.lines])
        for month, pay in sorted(one.months.items())
    ]


@requires(P.VIEW_PAY)
def pay_list(request: HttpRequest) -> HttpResponse:
    """This will list the closed months of the people of the scope."""
    rows = queries.list_months(scope=scope_of(staff_of(request)))
    context = {"page": tables.page_of(request, rows)}
    return render(request, "journeys/targets/pay_list.html", context)


@requires(P.VIEW_HOME)
def pay_person(request: HttpRequest, username: str) -> HttpResponse:
    """This will show a person's closed months with what each consists of, to the person and to the
    managers of the branch."""
    reader, person = staff_of(request), staff_queries.named(username)
    if person is None or not may_see_person(reader, person):
        raise Http404
    months = tables.page_of(request, queries.months_of(person), size=12)
    entries = queries.entries_of(person, [row.month for row in months.rows])
    context = {
        "person": person,
        "page": months,
        "rows": [(row, entries[row.month]) for row in months.rows],
        "open_back": queries.open_back(person),
        "is_own": reader.pk == person.pk,
    }
    return render(request, "journeys/targets/pay_person.html", context)
