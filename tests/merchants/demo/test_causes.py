"""Every move of the demo bank's sixty partnerships says a reason that was true on its day."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from journeys.models import MerchantDay
from merchants.demo import causes, partners, partnerships
from merchants.demo.directory import build_directory
from merchants.directory import queries as directory
from merchants.models import Merchant, Partnership, PhaseChange, RivalOffer
from merchants.partnerships import queries
from merchants.partnerships.rules import evidence as evidences
from portal.demo import house
from tests.merchants.demo.test_partnerships import AT, ON, check_histories

pytestmark = pytest.mark.django_db
Check = Callable[[PhaseChange, evidences.Evidence, dict[str, str]], bool]
WEEKS = 110


def counted(**codes: str) -> Check:
    """The numbers of a reason are those of the snapshot, and something."""

    def check(_change: PhaseChange, known: evidences.Evidence, said: dict[str, str]) -> bool:
        return all(
            known.value(code) == Decimal(said[name]) and int(said[name]) > 0
            for name, code in codes.items()
        )

    return check


def changed(is_right: Callable[[Decimal], bool]) -> Check:
    def check(_change: PhaseChange, known: evidences.Evidence, said: dict[str, str]) -> bool:
        found = evidences.change_percent(known)
        return found is not None and found == Decimal(said["change"]) and is_right(found)

    return check


def like_it(change: PhaseChange, _known: evidences.Evidence, said: dict[str, str]) -> bool:
    merchant = change.partnership.merchant
    return queries.peers_of([merchant])[merchant.pk] == int(said.get("count", "0"))


def with_contract(change: PhaseChange, _known: evidences.Evidence, said: dict[str, str]) -> bool:
    held = directory.contracts_on(
        merchant_ids=[change.partnership.merchant_id], on=change.on_date
    ).get(change.partnership.merchant_id)
    return (held.number if held else "") == said.get("number", "")


def without_contract(change: PhaseChange, known: evidences.Evidence, said: dict[str, str]) -> bool:
    return with_contract(change, known, said) and change.approval is not None


# Each reason that may be given: into which phase, out of which, and what must have been so.
REASONS: list[tuple[str, str, str | None, Check]] = [
    (causes.OPENED, "prospect", "", like_it),
    (causes.ALONE, "prospect", "", like_it),
    (causes.COMPARED, "comparison", None, like_it),
    (causes.RIVALS_NOTED, "comparison", None, counted(count="rival_offers")),
    (causes.SIGNED, "confirmed", "comparison", with_contract),
    (causes.UNSIGNED, "confirmed", "comparison", without_contract),
    (causes.AGREED_ANEW, "confirmed", "adjustment", with_contract),
    (causes.AGREED_UNSIGNED, "confirmed", "adjustment", without_contract),
    (causes.HELD, "perfect", None, changed(lambda change: change > -10)),
    (causes.KEPT, "perfect", None,
     counted(bank="promises_bank_kept", merchant="promises_merchant_kept")),
    (causes.TURNOVER_FELL, "wavering", None, changed(lambda change: change <= -10)),
    (causes.RIVAL_CAME, "wavering", None, counted(count="rival_offers")),
    (causes.THEY_BROKE, "wavering", None, counted(merchant="promises_merchant")),
    (causes.TERMS_FELL, "adjustment", None, changed(lambda change: change <= -10)),
    (causes.WE_BROKE, "adjustment", None, counted(bank="promises_bank")),
    (causes.NOT_CHOSEN, "ended", None, like_it),
]  # fmt: skip


def read(reason: str) -> tuple[int, dict[str, str]]:
    """Which reason it is, and what it says in its gaps."""
    for place, (template, *_more) in enumerate(REASONS):
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(template))
        if (found := re.fullmatch(pattern, reason)) is not None:
            return place, found.groupdict()
    raise AssertionError(reason)


def spend() -> None:
    """A third of the merchants falls, a third holds, of a third nothing is known."""
    first = ON - dt.timedelta(weeks=WEEKS)
    rows = [
        MerchantDay(
            merchant_id=key, day=first + dt.timedelta(weeks=week), purchases=50, refunds=0,
            amount=Decimal(9_000 - 75 * week if place % 3 == 0 else 5_000 + week % 3),
        )
        for place, key in enumerate(Merchant.objects.order_by("id").values_list("id", flat=True))
        if place % 3 < 2
        for week in range(WEEKS)
    ]  # fmt: skip
    MerchantDay.objects.bulk_create(rows)


def build() -> None:
    made = house.build_house(seed="1", on=ON)
    drawn = partners.build_merchants(seed="1", branches=made.branches, on=ON, at=AT)
    build_directory(seed="1", on=ON)
    spend()
    partnerships.build_partnerships(seed="1", numbers=[row.number for row in drawn], on=ON)


def untrue() -> tuple[Counter[int], list[Any]]:
    """How often each reason was given, and the moves whose reason was not so."""
    seen: Counter[int] = Counter()
    wrong = []
    rows = PhaseChange.objects.select_related("partnership__merchant__category", "approval")
    for change in rows.order_by("partnership", "number"):
        place, said = read(change.reason)
        _template, to, before, is_so = REASONS[place]
        known = evidences.read(change.evidence)
        fits = change.to_phase == to and (before is None or change.from_phase == before)
        if not (fits and is_so(change, known, said)):
            wrong.append((change.partnership_id, change.number, change.reason))
        seen[place] += 1
    return seen, wrong


def test_the_reason_of_each_move_fits_what_was_known_on_its_day() -> None:
    build()
    check_histories()
    assert Partnership.objects.count() == partnerships.COUNT
    seen, wrong = untrue()
    assert wrong == []
    assert sum(seen.values()) == PhaseChange.objects.count()
    assert {REASONS[place][0] for place in seen} >= {
        causes.COMPARED, causes.RIVALS_NOTED, causes.SIGNED, causes.UNSIGNED, causes.HELD,
        causes.KEPT, causes.TURNOVER_FELL, causes.RIVAL_CAME, causes.THEY_BROKE,
        causes.TERMS_FELL, causes.WE_BROKE, causes.NOT_CHOSEN,
    }  # fmt: skip
    check_offers()


def check_offers() -> None:
    """Each offer was noted on the day it was seen on: every move knew those that stood then."""
    for change in PhaseChange.objects.select_related("partnership"):
        known = evidences.read(change.evidence).value("rival_offers")
        rows = RivalOffer.objects.filter(merchant=change.partnership.merchant_id)
        standing = rows.filter(seen_date__lte=change.on_date, until_date__gte=change.on_date)
        assert (known or 0) == standing.count()
