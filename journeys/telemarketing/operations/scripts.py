"""What callers say: one person proposes a version of a script, another one approves it; and which
of them were on the screen of a call is written down."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from journeys.outreach import rules as filling
from journeys.telemarketing import queries, rules
from journeys.telemarketing.enums import FactState
from journeys.telemarketing.models import CallScript, LeadHold, ScriptUse
from journeys.telemarketing.operations.settling import (
    TextRefused,
    refuse_others,
    settle,
    withdraw,
)
from portal.approvals import operations as approvals
from portal.approvals import rules as approval_rules
from portal.kit import clock
from portal.staff.models import Staff

SCRIPT_APPROVAL = _ACTION = "call_script"
_LONGEST = 1000


@dataclass(frozen=True)
class ScriptPlace:
    """What a script is for: a part of the call; a product, a segment and a mood, or any."""

    stage: str
    product_id: int | None = None
    segment: str = ""
    mood: str = ""

    @property
    def known(self) -> dict[str, Any]:
        return {"stage": self.stage, "product": self.product_id, "segment": self.segment,
                "mood": self.mood}  # fmt: skip


@transaction.atomic
def propose_script(
    *,
    place: ScriptPlace,
    variants: Sequence[rules.Variant],
    evidence: str,
    maker: Staff,
    at: dt.datetime,
) -> CallScript:
    """This will put the next version of a script before another person. Raises TextRefused: for
    words that advertising forbids, claims without evidence, values that nothing fills in, and
    shares that do not add up to 100."""
    refuse_others(actor=maker)
    on, rows = clock.bank_day(at), rules.as_rows(variants)
    texts = queries.script_texts(rows)
    _check_variants(variants, texts)
    if told := queries.word_faults(texts, on=on):
        raise TextRefused(" ".join(told))
    claims, evidence = queries.claims_in(texts, on=on), evidence.strip()
    if claims and not evidence:
        raise TextRefused(
            _("These words need a source: {words}. Name it under evidence.").format(
                words=", ".join(claims)
            ),
            "evidence",
        )
    row = _add(place, rows, evidence, maker, at)
    approvals.submit(
        kind=SCRIPT_APPROVAL, target_key=str(row.pk), title=_title(row, "zh-hans"),
        title_en=_title(row, "en"), summary="\n".join(texts), snapshot=_snapshot(row), maker=maker,
        excused=queries.excused_words(texts, on=on), at=at,
    )  # fmt: skip
    return row


def _check_variants(variants: Sequence[rules.Variant], texts: Sequence[str]) -> None:
    codes = tuple(one.code for one in variants)
    if not codes or codes != rules.CODES[: len(codes)]:
        raise TextRefused(_("A script has one to three variants."))
    if not all(text.strip() and len(text) <= _LONGEST for text in texts):
        raise TextRefused(_("Each variant has words in both languages, of 1,000 signs at most."))
    if sum(one.share for one in variants) != 100 or any(one.share < 1 for one in variants):
        raise TextRefused(_("The shares add up to 100, none of them below 1."))
    try:
        unknown = filling.unknown_variables(rules.VARIABLES, *texts)
    except filling.BadTemplate as bad:
        raise TextRefused(
            _("A value is written {{name}}, nothing else stands in braces: {part}").format(part=bad)
        ) from bad
    if unknown:
        raise TextRefused(
            _("Nothing brings these values: {names}. There are: {known}.").format(
                names=", ".join(unknown), known=", ".join(rules.VARIABLES)
            )
        )


def _add(
    place: ScriptPlace, rows: list[dict[str, Any]], evidence: str, maker: Staff, at: dt.datetime
) -> CallScript:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('journeys.call_script'))")
    same = CallScript.objects.filter(**place.known)
    if same.filter(state=FactState.PROPOSED).exists():
        raise TextRefused(
            _("Another version of this script waits for approval. Decide about that one first.")
        )
    number = 1 + (same.aggregate(last=Max("number"))["last"] or 0)
    return CallScript.objects.create(
        product_id=place.product_id, stage=place.stage, segment=place.segment, mood=place.mood,
        number=number, variants=rows, evidence=evidence, proposed_by=maker, proposed_at=at,
    )  # fmt: skip


def _title(row: CallScript, language: str) -> str:
    """Those who decide read it in languages of their own."""
    with translation.override(language):
        told = _("Script {place}, version {number}")
        return told.format(place=row.place, number=row.number)[:200]


def _snapshot(row: CallScript) -> dict[str, Any]:
    return {
        "stage": row.stage, "product": row.product.code if row.product else "",
        "segment": row.segment, "mood": row.mood, "number": row.number,
        "variants": row.variants, "evidence": row.evidence,
    }  # fmt: skip


def current_script_hash(target_key: str) -> str:
    """This will return the hash of a proposed script as it stands."""
    row = CallScript.objects.select_related("product").get(pk=target_key)
    return approval_rules.snapshot_hash(_snapshot(row))


def carry_script(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will put a script into use that `checker` approved, in the place of the one before."""
    row = CallScript.objects.select_for_update(of=("self",)).get(pk=target_key)
    place = ScriptPlace(row.stage, row.product_id, row.segment, row.mood)
    CallScript.objects.filter(**place.known, state=FactState.APPROVED).update(
        state=FactState.REPLACED
    )
    settle(
        row=row, state=FactState.APPROVED, actor=checker, at=at, action=_ACTION,
        changes={"place": row.place, "number": row.number},
    )  # fmt: skip


def leave_script(target_key: str, actor: Staff | None, at: dt.datetime) -> None:
    """This will note that a script was returned, withdrawn or void before it was ever said."""
    row = CallScript.objects.select_for_update(of=("self",)).get(pk=target_key)
    if row.is_proposed:
        settle(
            row=row, state=FactState.REFUSED, actor=actor, at=at, action=_ACTION,
            changes={"place": row.place, "number": row.number},
        )  # fmt: skip


@transaction.atomic
def withdraw_script(*, script_id: int, reason: str, actor: Staff, at: dt.datetime) -> CallScript:
    """This will withdraw a script: callers do not see it any more from this instant on. Raises
    TextRefused."""
    row = CallScript.objects.select_for_update(of=("self",)).get(pk=script_id)
    withdraw(
        row=row, reason=reason, actor=actor, at=at, action=_ACTION,
        changes={"place": row.place, "number": row.number},
    )  # fmt: skip
    return row


def note_scripts(
    *, hold: LeadHold, at: dt.datetime, mood: str = "", product_id: int | None = None
) -> None:
    """This will write down which scripts are on the screen of a call, in which variants, each once
    for the call."""
    ScriptUse.objects.bulk_create(
        [
            ScriptUse(hold=hold, script=one.script, variant=one.variant, at=at)
            for one in queries.scripts_for(hold, mood=mood, product_id=product_id)
        ],
        ignore_conflicts=True,
    )
