"""Giving rewards to candidates in their order."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from campaigns.benefits import operations as benefits
from campaigns.benefits.rules import Opened
from campaigns.budgets import operations as budgets
from campaigns.budgets.enums import EntryKind
from campaigns.budgets.rules import Booked, cents, yuan
from campaigns.groups.rules import Group
from campaigns.planning.rules import plans
from campaigns.rewards import queries, rules
from campaigns.rewards.enums import AwardAnswer, ReversalKind
from campaigns.rewards.models import GrantReversal
from campaigns.rewards.operations import narrowing, rehearsing
from campaigns.rewards.rules import Award, Book, Candidate
from journeys.points import operations as points

# A gift before activation and first use is against article 49 of the Measures for the Supervision
# of Credit Card Business (2011): such cards are left out, and refused by a trigger.
_GRANT = """
INSERT INTO campaigns_grant (campaign_id, version_id, run_id, customer_id, card_id, reward, slot,
                             round, amount, points, referral_id, place, most, door, granted_date,
                             granted_at, group_id, held)
SELECT %(campaign_id)s, %(version_id)s, %(run_id)s, one.customer_id, one.card_id, one.reward,
       one.slot, one.round, one.cents / 100.00, one.points, one.referral, one.nth, one.most,
       %(door)s, %(granted_date)s, %(at)s, %(group_id)s, %(held)s
FROM unnest(%(customers)s::bigint[], %(cards)s::bigint[], %(rewards)s::text[], %(slots)s::text[],
            %(rounds)s::int[], %(cents)s::bigint[], %(points)s::int[], %(referrals)s::bigint[],
            %(nths)s::smallint[], %(mosts)s::smallint[])
    WITH ORDINALITY AS one(customer_id, card_id, reward, slot, round, cents, points, referral, nth,
                           most, place)
ORDER BY one.place
RETURNING id, customer_id, slot
"""
# Refusals that bind everybody from now on; those of a day, a branch or a customer do not.
_FOR_ALL = {
    AwardAnswer.STOCK_OUT.value: "stock",
    AwardAnswer.OVER_BUDGET_TIER.value: "tier",
    AwardAnswer.OVER_BUDGET_TOTAL.value: "campaign",
    AwardAnswer.OVER_BUDGET_PARTY.value: "party",
}


class AskedTwice(Exception):
    """Raised when a customer stands twice among the candidates."""


@dataclass(frozen=True)
class _Given:
    """A gift of a candidate, as it was booked."""

    candidate: Candidate
    gift: rules.Gift
    booked: Booked


@dataclass
class _Till:
    """Charges the gifts of one candidate after another to an open book."""

    opened: budgets.OpenBook
    day: dt.date
    candidate: Candidate = field(init=False)
    given: list[_Given] = field(default_factory=list)

    def give(self, gifts: Sequence[rules.Gift]) -> str:
        done: list[_Given] = []
        if any(rules.comes_too_late(gift, self.day) for gift in gifts):
            return rules.TOO_LATE
        for gift in gifts:
            self._lay_down(gift)
            charge = self._charge(gift)
            refusal = self.opened.purse.refusal(charge)
            if refusal:
                self._take_up(gift)
                for one in reversed(done):
                    self._undo(one)
                return refusal
            done.append(_Given(self.candidate, gift, self.opened.purse.book(charge)))
        self.given.extend(done)
        return ""

    def fits(self, gift: rules.Gift) -> bool:
        if rules.comes_too_late(gift, self.day):
            return False
        self._lay_down(gift)
        refusal = self.opened.purse.refusal(self._charge(gift))
        self._take_up(gift)
        return not refusal

    def _charge(self, gift: rules.Gift) -> Any:
        return self.opened.charge(
            tier=gift.tier.code,
            value=gift.tier.value,
            customer_id=self.candidate.customer_id,
            branch_id=self.candidate.branch_id,
            day=self.day,
        )

    def _undo(self, one: _Given) -> None:
        self.opened.purse.undo(one.booked)
        self._take_up(one.gift)

    def _lay_down(self, gift: rules.Gift) -> None:
        if gift.instead_of and gift.instead_of.charged:
            self.opened.purse.undo(gift.instead_of.charged.booked)

    def _take_up(self, gift: rules.Gift) -> None:
        if gift.instead_of and gift.instead_of.charged:
            self.opened.purse.redo(gift.instead_of.charged.booked)


def award(
    *,
    book: Book,
    plan: plans.Plan,
    candidates: Sequence[Candidate],
    on: dt.date,
    granted_date: dt.date,
    at: dt.datetime,
    freed: budgets.Line | None = None,
) -> list[Award]:
    """This will give the rewards to candidates in their order, first come, first served, within
    the caller's transaction, and answer about each.

    Who has had something of a campaign that the plan rules out is given nothing, whenever that was;
    nor is who is held by another campaign of its exclusive group. It is asked here, after locking
    the customers, so that of two campaigns that rule out each other one sees what the other gave.
    The order of locks: book, ledger of points, customers by their ids, referrals, cards.

    Budgets and stock are reserved all or none. `on` is the day at whose end the card must be
    activated and used. Nobody is given anything twice by one campaign, whichever of its versions
    gave it, nor under several numbers with one ID number: a trigger holds that too. A book that is
    not live answers the same, and grants nothing. `freed` is what a grant gives back whose place is
    taken: what is given fits as far as that reached, whatever limits were lowered since. Raises
    AskedTwice.
    """
    if not candidates:
        return []
    if len({one.customer_id for one in candidates}) < len(candidates):
        raise AskedTwice("Each customer may stand once among the candidates.")
    opened = _open(book, plan, candidates, granted_date, at, freed)
    # Only now: who held the book, or a customer, before has granted what it did.
    group = queries.group_of(plan)
    candidates = narrowing.narrowed(book, plan, group, candidates, granted_date)
    candidates = narrowing.of_standing_referrals(book, candidates)
    customers = queries.standing_of(
        campaign_id=book.campaign_id, candidates=candidates, rewards=plan.rewards, on=on,
        granted_date=granted_date, first_date=book.first_date,
        trial=book.run_id if book.is_trial else None,
    )  # fmt: skip
    till = _Till(opened, granted_date)
    shared = queries.sharing_of(book, [] if freed else candidates, granted_date)  # the place stays
    awards = [_award(one, plan, customers[one.customer_id], till, shared) for one in candidates]
    ids = _grant(book, group, till.given, granted_date, at) if book.is_live else {}
    if book.is_trial:
        rehearsing.keep(run_id=book.run_id, given=till.given, on=granted_date)
    _begin_benefits(book, plan, till.given, ids, granted_date)
    lines = _lines(till.given, ids, granted_date) if book.is_live else []
    budgets.write(opened=opened, lines=[freed, *lines] if freed else lines, at=at)
    _note(opened, awards, at, is_freed=freed is not None)
    return awards


def _open(
    book: Book,
    plan: plans.Plan,
    candidates: Sequence[Candidate],
    day: dt.date,
    at: dt.datetime,
    freed: budgets.Line | None,
) -> budgets.OpenBook:
    opened = budgets.open_book(
        campaign_id=book.campaign_id,
        version_id=book.version_id,
        run_id=None if book.is_live else book.run_id,
        plan=plan,
        customer_ids=[one.customer_id for one in candidates],
        day=day,
        at=at,
        first_date=book.first_date,
    )
    if freed:
        opened.purse.free(freed.booked)
    return opened


def _award(
    candidate: Candidate,
    plan: plans.Plan,
    customer: rules.Customer,
    till: _Till,
    shared: queries.Sharing,
) -> Award:
    till.candidate = candidate
    if refusal := shared.refusal(candidate, customer):
        return Award(candidate.customer_id, refusal, (), rules.NOTHING)
    answer, gifts = rules.choose(plan.rewards, candidate, customer, till)
    if not gifts:
        held = candidate.held if answer == AwardAnswer.OTHER_OF_GROUP else None
        return Award(candidate.customer_id, answer, (), rules.NOTHING, held=held)
    shared.serve(candidate.customer_id)
    amount = sum((gift.amount for gift in gifts), rules.NOTHING)
    parts = _parts(till.given[-len(gifts) :])
    return Award(
        candidate.customer_id, answer, tuple(gift.tier.code for gift in gifts), amount, parts,
        tuple(gift.amount for gift in gifts),
    )  # fmt: skip


def _parts(given: Sequence[_Given]) -> dict[str, Decimal]:
    """What each party bears of gifts, less what it bore of those that they are exchanged for."""
    found: dict[str, int] = {}
    for one in given:
        for party, part in one.booked.parts.items():
            found[party] = found.get(party, 0) + part
        old = one.gift.instead_of and one.gift.instead_of.charged
        for party, part in old.booked.parts.items() if old else ():
            found[party] = found.get(party, 0) - part
    return {party: yuan(part) for party, part in found.items()}


def _grant(
    book: Book,
    group: Group | None,
    given: Sequence[_Given],
    granted_date: dt.date,
    at: dt.datetime,
) -> dict[tuple[int, str], int]:
    """Returns the ids of the grants by customer and slot."""
    if not given:
        return {}
    exchanged = [one.gift.instead_of for one in given if one.gift.instead_of]
    ended = {"kind": ReversalKind.EXCHANGED, "on_date": granted_date, "at": at}
    GrantReversal.objects.bulk_create(
        GrantReversal(grant_id=old.grant_id, **ended) for old in exchanged
    )
    values: dict[str, Any] = {
        "campaign_id": book.campaign_id,
        "version_id": book.version_id,
        "run_id": book.run_id,
        "customers": [one.candidate.customer_id for one in given],
        "cards": [one.candidate.card_id for one in given],
        "rewards": [one.gift.tier.code for one in given],
        "slots": [one.gift.slot for one in given],
        "rounds": [one.gift.round for one in given],
        "cents": [cents(one.gift.tier.value) for one in given],
        "points": [rules.points_of(one.gift.tier) for one in given],
        **_for_persons([one.gift for one in given]),
        "door": book.door,
        "group_id": group and group.pk,
        "held": _held(book, group, granted_date),
        "granted_date": granted_date,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_GRANT, values)
        ids = {(customer, slot): pk for pk, customer, slot in cursor.fetchall()}
    points.take_back(references=[reference_of(old.grant_id) for old in exchanged], at=at)
    credits = [
        points.PointsCredit(
            reference_of(ids[one.candidate.customer_id, one.gift.slot]),
            one.candidate.customer_id, number, granted_date,
        )
        for one in given
        if (number := rules.points_of(one.gift.tier))
    ]  # fmt: skip
    points.credit_points(credits=credits, at=at)
    return ids


def _held(book: Book, group: Group | None, day: dt.date) -> Any:
    """The days on which the other campaigns of the group may give nothing. What puts right what was
    taken back holds nobody anew, and is refused by nobody who came between."""
    if group is None:
        return None
    return DateRange(empty=True) if book.puts_right else DateRange(day, group.held_to(day))


def _begin_benefits(
    book: Book,
    plan: plans.Plan,
    given: Sequence[_Given],
    ids: Mapping[tuple[int, str], int],
    granted_date: dt.date,
) -> None:
    """What can be used begins with its grant."""
    opened = [
        Opened(
            ids[one.candidate.customer_id, one.gift.slot],
            one.candidate.customer_id,
            terms.uses,
            terms.end_for(granted_date),
        )
        for one in given
        if ids and (terms := plan.terms_of(one.gift.tier))
    ]
    if opened:
        benefits.begin(campaign_id=book.campaign_id, opened=opened, from_date=granted_date)


def _for_persons(gifts: Sequence[rules.Gift]) -> dict[str, list[int | None]]:
    """For whom gifts are given, the place of each among those, and the plan's most."""
    return {
        "referrals": [gift.person.referral_id if gift.person else None for gift in gifts],
        "nths": [gift.person.place if gift.person else None for gift in gifts],
        "mosts": [
            gift.tier.for_each.most if gift.person and gift.tier.for_each else None
            for gift in gifts
        ],
    }


def reference_of(grant_id: int) -> str:
    """This will name a grant in the ledger of points."""
    return f"reward:{grant_id}"


def _lines(
    given: Sequence[_Given], ids: dict[tuple[int, str], int], day: dt.date
) -> list[budgets.Line]:
    lines = []
    for one in given:
        who, old = one.candidate, one.gift.instead_of
        if old and old.charged:
            lines.append(
                budgets.Line(
                    old.grant_id, who.customer_id, old.charged.branch_id, old.charged.day,
                    old.charged.booked, EntryKind.RELEASE.value,
                )
            )  # fmt: skip
        grant_id = ids[who.customer_id, one.gift.slot]
        lines.append(budgets.Line(grant_id, who.customer_id, who.branch_id, day, one.booked))
    return lines


def _note(
    opened: budgets.OpenBook, awards: Sequence[Award], at: dt.datetime, *, is_freed: bool
) -> None:
    """What the last answers say of the limits that bind everybody, and what was given back."""
    for one in reversed(awards):
        if one.answer in _FOR_ALL:
            return budgets.note_refusal(opened=opened, kind=_FOR_ALL[one.answer], at=at)
        if one.answer == AwardAnswer.GRANTED:
            return budgets.note_refusal(opened=opened, kind="", at=at)
    return budgets.note_refusal(opened=opened, kind="", at=at) if is_freed else None
