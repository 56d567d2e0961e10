"""Reading what callers say: scripts in force, the ones for a lead in hand, and how their variants
did."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from journeys.cards import queries as cards
from journeys.outreach import rules as filling
from journeys.telemarketing.enums import (
    FactState,
    LeadState,
    Mood,
    ScriptSegment,
    ScriptStage,
)
from journeys.telemarketing.models import CallScript, Lead, LeadHold, ScriptUse
from journeys.telemarketing.queries.wording import word_faults
from journeys.telemarketing.rules import variant_of
from portal.kit import clock, comparing, languages
from portal.kit.registry import Digest
from portal.kit.shares import Share


@dataclass(frozen=True)
class Said:
    """What a caller says in a part of a call: the words filled in, of a script in its variant."""

    stage: str
    words: str
    script: CallScript
    variant: str


@dataclass(frozen=True)
class Fared:
    """How a variant did: of the leads called with it on the screen those that applied."""

    code: str
    share: int
    words: str
    won: Share

    @property
    def name(self) -> str:
        return self.code.upper()


def place_of(script: CallScript) -> str:
    """This will name the place of a script, by which its variants are drawn."""
    return f"{script.product_id or ''}:{script.stage}:{script.segment}:{script.mood}"


def segment_of(lead: Lead) -> str:
    """This will tell of which segment a lead is."""
    if lead.customer_id is not None:
        return ScriptSegment.CUSTOMER.value
    is_company = lead.kind == ScriptSegment.COMPANY
    return ScriptSegment.COMPANY.value if is_company else ScriptSegment.PERSON.value


def scripts_for(hold: LeadHold, *, mood: str = "", product_id: int | None = None) -> list[Said]:
    """This will choose what is said to the lead in hand, a script for each part of the call: of
    those in force that fit, the one about the product before one about any, for the segment before
    one for everybody, for the mood before one for any. The variant is drawn by the lead."""
    lead = hold.lead
    rows = CallScript.objects.filter(
        Q(product=None) | Q(product=product_id, product__isnull=False),
        state=FactState.APPROVED, segment__in=["", segment_of(lead)], mood__in={"", mood},
    ).select_related("product")  # fmt: skip
    best: dict[str, CallScript] = {}
    for row in sorted(rows, key=_fit):
        best[row.stage] = row
    values = _values(hold, product_id)
    return [_said(best[stage], lead, values) for stage in ScriptStage.values if stage in best]


def _fit(row: CallScript) -> tuple[bool, bool, bool]:
    return row.product_id is not None, bool(row.segment), bool(row.mood)


def _values(hold: LeadHold, product_id: int | None) -> dict[str, str]:
    lead, product = hold.lead, None
    if product_id is not None:
        product = next((one for one in cards.own_products() if one.pk == product_id), None)
    return {
        "caller": hold.holder.label,
        "person": lead.shown_name,
        "company": lead.shown_company,
        "product": product.label if product else _("our credit card"),
        "branch": lead.branch.label,
    }


def _said(script: CallScript, lead: Lead, values: Mapping[str, str]) -> Said:
    variant = variant_of(place_of(script), lead.pk, script.variants)
    words = filling.render(script.words_of(variant), values)
    return Said(script.stage, words, script, variant["code"])


def list_scripts() -> QuerySet[CallScript]:
    """This will list all versions of scripts, by the part of the call and place, the latest
    first."""
    rows = CallScript.objects.select_related("product", "proposed_by", "settled_by")
    return rows.order_by("stage", "product", "segment", "mood", "-number", "pk")


def find_script(script_id: int) -> CallScript | None:
    """This will return a version of a script, or None."""
    rows = CallScript.objects.select_related("product", "proposed_by", "settled_by", "withdrawn_by")
    return rows.filter(pk=script_id).first()


def fared(script: CallScript) -> tuple[list[Fared], str]:
    """This will tell how the variants of a version did, each with the share of leads that applied
    and its interval, and what that lets one say: of fewer than 100 leads in one of them nothing."""
    rows = ScriptUse.objects.filter(script=script, hold__called_at__isnull=False)
    counted = {
        row["variant"]: (row["won"], row["leads"])
        for row in rows.values("variant").order_by("variant").annotate(
            leads=Count("hold__lead", distinct=True),
            won=Count("hold__lead", distinct=True, filter=Q(hold__lead__state=LeadState.WON)),
        )
    }  # fmt: skip
    found = [
        Fared(
            one["code"], one["share"], script.words_of(one),
            Share(*counted.get(one["code"], (0, 0))),
        )
        for one in script.variants
    ]  # fmt: skip
    return found, _compared(found)


def _compared(found: Sequence[Fared]) -> str:
    if len(found) < 2:
        return _("It has one text alone: there is nothing to compare.")
    if any(one.won.whole < comparing.FEWEST_COMPARED for one in found):
        few = _("Not enough yet: each variant needs calls to {least} leads to be compared.")
        return few.format(least=comparing.FEWEST_COMPARED)
    winner = comparing.compare([one.won for one in found]).winner
    if winner is None:
        return _("No winner: that one is ahead of all others is not shown.")
    return _("{variant} is ahead of all others by more than chance.").format(
        variant=found[winner].name
    )


def script_texts(variants: Sequence[Mapping[str, Any]]) -> list[str]:
    """This will return the words of variants, as the check of wording reads them."""
    return [text for one in variants for text in (one["body"], one["body_en"])]


def script_unready(_script_id: str, snapshot: dict[str, Any], at: dt.datetime) -> str:
    """This will say why a script that waits cannot be approved at `at`: a rule of wording came into
    force since. "" where it can."""
    return " ".join(word_faults(script_texts(snapshot["variants"]), on=clock.bank_day(at)))


def script_digest(snapshot: dict[str, Any]) -> Digest:
    """This will lay out a script that was submitted for those who decide about it."""

    def words() -> str:
        field = "body_en" if languages.reads_english() else "body"
        return "\n\n".join(
            f"{one['code'].upper()} ({one['share']} %): {one[field]}"
            for one in snapshot["variants"]
        )

    facts = [
        (_("Part of the call"), str(ScriptStage(snapshot["stage"]).label)),
        (_("Product"), snapshot["product"] or _("Any")),
        (
            _("For whom"),
            str(ScriptSegment(snapshot["segment"]).label)
            if snapshot["segment"]
            else _("Everybody"),
        ),
        (
            _("In which mood"),
            # One that was submitted before there was one list of moods names one of its own.
            str(dict(Mood.choices).get(snapshot["mood"], snapshot["mood"])) or _("Any"),
        ),
        (_("Evidence"), snapshot["evidence"] or "–"),
    ]
    return Digest(languages.in_each(words), facts)
