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
    """How a variant did: of the leads called with it on the screen those that were interested,
    whoever applied among them, and those that applied."""

    code: str
    share: int
    words: str
    interested: Share
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


def fared(script: CallScript) -> tuple[list[Fared], list[str]]:
    """This will tell how the variants of a version did, each with the shares of leads that were
    interested and that applied and their intervals, and what that lets one say: of fewer than 100
    leads in one of them nothing. Interested is whose call with it on the screen came to an outcome
    that says so, and who applied since."""
    rows = ScriptUse.objects.filter(script=script, hold__called_at__isnull=False)
    won = Q(hold__lead__state=LeadState.WON)
    interested = won | Q(hold__call__disposition__is_interested=True)
    counted = {
        row["variant"]: (row["interested"], row["won"], row["leads"])
        for row in rows.values("variant").order_by("variant").annotate(
            leads=Count("hold__lead", distinct=True),
            interested=Count("hold__lead", distinct=True, filter=interested),
            won=Count("hold__lead", distinct=True, filter=won),
        )
    }  # fmt: skip
    found = []
    for one in script.variants:
        keen, applied, leads = counted.get(one["code"], (0, 0, 0))
        words = script.words_of(one)
        shares = Share(keen, leads), Share(applied, leads)
        found.append(Fared(one["code"], one["share"], words, *shares))
    return found, _compared(found)


def _compared(found: Sequence[Fared]) -> list[str]:
    if len(found) < 2:
        return [_("It has one text alone: there is nothing to compare.")]
    if any(one.won.whole < comparing.FEWEST_COMPARED for one in found):
        few = _("Not enough yet: each variant needs calls to {least} leads to be compared.")
        return [few.format(least=comparing.FEWEST_COMPARED)]
    measures = (
        (_("By interest:"), [one.interested for one in found]),
        (_("By applications:"), [one.won for one in found]),
    )
    return [f"{name} {_winner(found, shares)}" for name, shares in measures]


def _winner(found: Sequence[Fared], shares: list[Share]) -> str:
    winner = comparing.compare(shares).winner
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
