"""What the own cards have against those of rivals: one person proposes a fact, another one approves
it; it ends by itself, by the next one of its aspect, or by a withdrawal."""

import datetime as dt
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journeys.telemarketing import queries
from journeys.telemarketing.enums import FactAspect, FactState
from journeys.telemarketing.models import LONGEST, ProductFact
from journeys.telemarketing.operations.settling import (
    TextRefused,
    refuse_others,
    settle,
    withdraw,
)
from portal.approvals import operations as approvals
from portal.approvals import rules as approval_rules
from portal.kit import clock, refused
from portal.staff.models import Staff

FACT_APPROVAL = _ACTION = "product_fact"
_SENTENCES = {
    "product_fact_one_proposed": gettext_lazy(
        "A fact about these two cards in this aspect waits for approval. Decide about that one "
        "first, or withdraw it."
    ),
    "product_fact_of_own_product": gettext_lazy("Choose one of our own cards."),
}


@dataclass(frozen=True)
class FactSaid:
    """What a fact says: of which rival's card, in which aspect, what either has, in both languages,
    where and when that was read, and the instant from which on it is told no more."""

    rival_issuer: str
    rival_product: str
    aspect: str
    ours: str
    ours_en: str
    theirs: str
    theirs_en: str
    source: str
    source_date: dt.date
    valid_until: dt.datetime

    @property
    def clean(self) -> "FactSaid":
        """The same without blanks at the ends."""
        words: dict[str, Any] = {
            name: value.strip() for name, value in asdict(self).items() if isinstance(value, str)
        }
        return replace(self, **words)


@transaction.atomic
def propose_fact(*, product_id: int, said: FactSaid, maker: Staff, at: dt.datetime) -> ProductFact:
    """This will put a fact about one of the own cards before another person, in the place of the
    one that is told now in this aspect, if there is any. Raises TextRefused: for words that
    belittle, promise or boast, a source that lies ahead or will be older than a year by then, and
    words that are missing."""
    refuse_others(actor=maker)
    said, on = said.clean, clock.bank_day(at)
    _check_days(said, on, at)
    row = ProductFact(product_id=product_id, proposed_by=maker, proposed_at=at, **asdict(said))
    texts = queries.fact_texts(asdict(said))
    if not all(value for value in asdict(said).values()):
        raise TextRefused(_("A fact says what ours has and what theirs has, and names its source."))
    if told := queries.word_faults(texts, on=on):
        raise TextRefused(" ".join(told))
    with refused.in_words(_SENTENCES, lambda sentence, _rule: TextRefused(sentence)):
        row.save(force_insert=True)
    snapshot = _snapshot(row)
    approvals.submit(
        kind=FACT_APPROVAL, target_key=str(row.pk), title=_title(row, "zh-hans"),
        title_en=_title(row, "en"), summary=f"{row.ours} / {row.theirs}", snapshot=snapshot,
        maker=maker, excused=queries.excused_words(texts, on=on), at=at,
    )  # fmt: skip
    return row


def _check_days(said: FactSaid, on: dt.date, at: dt.datetime) -> None:
    if said.source_date > on:
        raise TextRefused(_("The source is not there yet: its day lies ahead."), "source_date")
    if said.valid_until <= at:
        raise TextRefused(_("It would be over already: give a later end."), "valid_until")
    if clock.bank_day(said.valid_until) > said.source_date + LONGEST:
        raise TextRefused(
            _("A source is good for a year at most: give an earlier end, or a newer source."),
            "valid_until",
        )


def _title(row: ProductFact, language: str) -> str:
    """Those who decide read it in languages of their own."""
    with translation.override(language):
        told = _("{product} against {rival}: {aspect}")
        return told.format(
            product=row.product.label, rival=row.rival, aspect=FactAspect(row.aspect).label
        )[:200]


def _snapshot(row: ProductFact) -> dict[str, Any]:
    names = [name for name in FactSaid.__dataclass_fields__ if not name.endswith(("date", "until"))]
    return {
        "product": row.product.code,
        **{name: getattr(row, name) for name in names},
        "source_date": row.source_date.isoformat(),
        "valid_until": row.valid_until.astimezone(dt.UTC).isoformat(),
    }


def _said_of(row: ProductFact) -> dict[str, str]:
    """What the audit trail tells of it; its words stand in the submission."""
    return {"product": row.product.code, "rival": row.rival, "aspect": row.aspect}


def current_fact_hash(target_key: str) -> str:
    """This will return the hash of a proposed fact as it stands."""
    row = ProductFact.objects.select_related("product").get(pk=target_key)
    return approval_rules.snapshot_hash(_snapshot(row))


def carry_fact(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will have a fact told that `checker` approved, in the place of the one before it."""
    row = ProductFact.objects.select_for_update(of=("self",)).get(pk=target_key)
    before = ProductFact.objects.filter(
        state=FactState.APPROVED, product=row.product_id, rival_issuer=row.rival_issuer,
        rival_product=row.rival_product, aspect=row.aspect,
    )  # fmt: skip
    before.update(state=FactState.REPLACED)
    settle(
        row=row, state=FactState.APPROVED, actor=checker, at=at, action=_ACTION,
        changes=_said_of(row),
    )  # fmt: skip


def leave_fact(target_key: str, actor: Staff | None, at: dt.datetime) -> None:
    """This will note that a fact was returned, withdrawn or void before it was ever told."""
    row = ProductFact.objects.select_for_update(of=("self",)).get(pk=target_key)
    if row.is_proposed:
        settle(
            row=row, state=FactState.REFUSED, actor=actor, at=at, action=_ACTION,
            changes=_said_of(row),
        )  # fmt: skip


@transaction.atomic
def withdraw_fact(*, fact_id: int, reason: str, actor: Staff, at: dt.datetime) -> ProductFact:
    """This will withdraw a fact: it is told no more from this instant on. By whoever writes facts,
    and by whoever withdraws texts. Raises TextRefused."""
    row = ProductFact.objects.select_for_update(of=("self",)).get(pk=fact_id)
    withdraw(
        row=row, reason=reason, actor=actor, at=at, action=_ACTION,
        changes=_said_of(row),
    )  # fmt: skip
    return row
