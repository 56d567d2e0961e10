"""Reading the list of words: what is in force, and what was decided about it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns.wording.enums import Level
from campaigns.wording.models import WordDecision
from campaigns.wording.rules import GRAVEST_FIRST, Decided, Finding, Lexicon, check, lexicon_of
from campaigns.wording.rules.folding import fold
from journeys.outreach import queries as outreach


def lexicon(*, on: dt.date) -> Lexicon:
    """This will return the words and rules in force on a day."""
    rows = _latest(on).values_list("word", "state", "level", "source")
    return lexicon_of(on, tuple(Decided(*row) for row in rows))


def _latest(on: dt.date) -> QuerySet[WordDecision]:
    """Of each word the decision that is in force on a day."""
    rows = WordDecision.objects.filter(effective_date__lte=on)
    return rows.order_by("word", "-effective_date").distinct("word")


def forbidden_in(texts: Sequence[str], *, on: dt.date) -> list[str]:
    """This will say in sentences what may not be said in any of these texts on a day, each once,
    and what to do."""
    words = lexicon(on=on)
    told = [
        _("Forbidden in advertising: {term}.").format(term=one.term) + f" {one.todo}"
        for text in texts
        for one in check(text, words)
        if one.level == Level.BAN
    ]
    return list(dict.fromkeys(told))


def claims_in(texts: Sequence[str], *, on: dt.date) -> list[str]:
    """This will list the words of texts that need a source beside them on a day, each once."""
    words = lexicon(on=on)
    found = [one.term for text in texts for one in check(text, words)
             if one.level == Level.EVIDENCE]  # fmt: skip
    return list(dict.fromkeys(found))


def excused_by(texts: Sequence[str], *, on: dt.date) -> list[Any]:
    """This will list the people whose decisions about words, in force on a day, are why less is
    found in texts, or something less grave, than would be without each of them."""
    rows, now = list(_latest(on).select_related("decided_by")), lexicon(on=on)
    codes, folded = {rule.code for rule in lexicon_of(on).rules}, [fold(one).text for one in texts]
    asked = [
        row for row in rows
        if row.decided_by is not None
        and (row.word in codes or any(fold(row.word).text in text for text in folded))
    ]  # fmt: skip
    known = [(text, check(text, now)) for text in texts] if asked else []
    found: list[Any] = [
        row.decided_by for row in asked if _is_excused(known, now, without=row.word, on=on)
    ]
    return list({one.pk: one for one in found}.values())


def _is_excused(
    known: Sequence[tuple[str, Sequence[Finding]]], now: Lexicon, *, without: str, on: dt.date
) -> bool:
    """Whether a decision is why less is found in texts than would be without it; `known` holds
    each with what is found with it."""
    less = lexicon_of(on, tuple(one for one in now.decided if one.word != without))
    return any(
        not any(_covers(had, one) for had in found)
        for text, found in known
        for one in check(text, less)
    )


def _covers(known: Finding, other: Finding) -> bool:
    """Whether a finding says of a place all that another says."""
    is_as_grave = GRAVEST_FIRST.index(known.level) <= GRAVEST_FIRST.index(other.level)
    return is_as_grave and known.start < other.end and other.start < known.end


@dataclass(frozen=True)
class Dated:
    """A decision and how it stands on a day: in_force, coming or past."""

    row: WordDecision
    state: str

    @property
    def tone(self) -> str:
        return {"in_force": "success", "coming": "info"}.get(self.state, "secondary")


def decisions() -> QuerySet[WordDecision]:
    """This will list what was decided about words, the latest first."""
    return WordDecision.objects.select_related("decided_by").order_by("-effective_date", "-id")


def dated(rows: Iterable[WordDecision], *, on: dt.date) -> list[Dated]:
    """This will say of decisions how they stand on a day."""
    given = list(rows)
    past = WordDecision.objects.filter(
        word__in={row.word for row in given}, effective_date__lte=on
    ).order_by("word", "-effective_date")
    in_force = {row.pk for row in past.distinct("word")}
    return [
        Dated(
            row,
            "coming" if row.effective_date > on else "in_force" if row.pk in in_force else "past",
        )
        for row in given
    ]


@dataclass(frozen=True)
class TextFound:
    """A message text and what somebody should look at in it."""

    reference: str
    label: str
    findings: list[Finding]


def texts_found(*, on: dt.date) -> list[TextFound]:
    """This will check the message texts in use, and list those in which something was found."""
    words = lexicon(on=on)
    checked = [
        TextFound(text.reference, text.label, check(f"{text.subject}\n{text.body}", words))
        for text in outreach.texts_in_use()
    ]
    return [one for one in checked if one.findings]
