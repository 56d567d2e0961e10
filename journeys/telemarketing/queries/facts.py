"""Reading what the own cards have against those of rivals."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from journeys.cards import queries as cards
from journeys.telemarketing.enums import FactAspect, FactShow, FactState
from journeys.telemarketing.models import ProductFact
from journeys.telemarketing.queries.wording import word_faults
from journeys.telemarketing.rules import said_of_rivals
from portal.kit import clock, languages
from portal.kit.registry import Digest

SOON = dt.timedelta(days=30)


@dataclass(frozen=True)
class Packaged:
    """An own card with the facts about it that may be told, and when the first of them ends."""

    product: Any
    facts: list[ProductFact]
    first_end: dt.datetime


def standing_facts(*, at: dt.datetime) -> QuerySet[ProductFact]:
    """This will list the facts that callers may be shown at `at`: approved, not withdrawn or
    replaced, of a card on offer, and not over."""
    rows = ProductFact.objects.filter(
        state=FactState.APPROVED, valid_until__gt=at, product__is_own=True, product__is_active=True
    )
    return rows.select_related("product").order_by(
        "product__code", "aspect", "rival_issuer", "rival_product", "pk"
    )


def packaging(*, at: dt.datetime) -> list[Packaged]:
    """This will lay out the facts that may be told at `at` by the own card that they are about."""
    by_product: dict[int, list[ProductFact]] = {}
    for fact in standing_facts(at=at):
        by_product.setdefault(fact.product_id, []).append(fact)
    return [
        Packaged(facts[0].product, facts, min(one.valid_until for one in facts))
        for facts in by_product.values()
    ]


def expiring_facts(*, at: dt.datetime) -> QuerySet[ProductFact]:
    """This will list the facts told now that end within 30 days, the first to end first, but for
    those whose successor waits for approval already."""
    successor = ProductFact.objects.filter(
        state=FactState.PROPOSED,
        **{name: OuterRef(name) for name in ("product", "rival_issuer", "rival_product", "aspect")},
    )
    rows = standing_facts(at=at).filter(~Q(Exists(successor)), valid_until__lte=at + SOON)
    return rows.order_by("valid_until", "pk")


def list_facts(*, at: dt.datetime, show: str = "") -> QuerySet[ProductFact]:
    """This will list facts, the latest proposed first; `show` narrows it (`FactShow`)."""
    is_over = ~Q(state__in=[FactState.PROPOSED, FactState.APPROVED]) | Q(
        state=FactState.APPROVED, valid_until__lte=at
    )
    stands = Q(state=FactState.APPROVED, valid_until__gt=at)
    kinds = {
        FactShow.STANDING.value: stands,
        FactShow.EXPIRING.value: stands & Q(valid_until__lte=at + SOON),
        FactShow.WAITING.value: Q(state=FactState.PROPOSED),
        FactShow.OVER.value: is_over,
    }
    rows = _with_people().filter(kinds.get(show, Q()))
    if show == FactShow.EXPIRING:
        return rows.order_by("valid_until", "pk")
    return rows.order_by("-proposed_at", "-pk")


def find_fact(fact_id: int) -> ProductFact | None:
    """This will return a fact, or None."""
    return _with_people().filter(pk=fact_id).first()


def _with_people() -> QuerySet[ProductFact]:
    return ProductFact.objects.select_related(
        "product", "proposed_by", "settled_by", "withdrawn_by"
    )


def fact_texts(said: Mapping[str, Any]) -> list[str]:
    """This will return what a fact says, as the check of wording reads it: what theirs has is said
    of a rival."""
    names = (said["rival_issuer"], said["rival_product"])
    own = [said["ours"], said["ours_en"], *names, said["source"]]
    return [*own, *(one for text in (said["theirs"], said["theirs_en"])
                    for one in said_of_rivals(text, names))]  # fmt: skip


def fact_unready(_fact_id: str, snapshot: dict[str, Any], at: dt.datetime) -> str:
    """This will say why a fact that waits cannot be approved at `at`: it has expired, or a rule of
    wording came into force since. "" where it can."""
    if dt.datetime.fromisoformat(snapshot["valid_until"]) <= at:
        return _("It expired before anybody approved it. Return it; look at the source again.")
    return " ".join(word_faults(fact_texts(snapshot), on=clock.bank_day(at)))


def fact_digest(snapshot: dict[str, Any]) -> Digest:
    """This will lay out a fact that was submitted for those who decide about it."""
    names = cards.own_product_names()
    name, name_en = names.get(snapshot["product"], (snapshot["product"], snapshot["product"]))
    until = clock.bank_time(dt.datetime.fromisoformat(snapshot["valid_until"]))
    rival = f"{snapshot['rival_issuer']} {snapshot['rival_product']}"

    def words() -> str:
        in_english = languages.reads_english()
        own = name_en if in_english else name
        ours, theirs = (snapshot[f"{one}_en" if in_english else one] for one in ("ours", "theirs"))
        return f"{own}: {ours}\n{rival}: {theirs}"

    return Digest(
        languages.in_each(words),
        [
            (_("Aspect"), str(FactAspect(snapshot["aspect"]).label)),
            (_("Source"), snapshot["source"]),
            (_("Day of the source"), snapshot["source_date"]),
            (_("Valid until"), f"{until:%Y-%m-%d %H:%M}"),
        ],
    )
