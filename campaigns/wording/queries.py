"""Reading the list of words: what is in force, and what was decided about it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from campaigns.wording.models import WordDecision
from campaigns.wording.rules import Decided, Finding, Lexicon, check, lexicon_of
from journeys.outreach import queries as outreach


def lexicon(*, on: dt.date) -> Lexicon:
    """This will return the words and rules in force on a day."""
    latest = (
        WordDecision.objects.filter(effective_date__lte=on)
        .order_by("word", "-effective_date")
        .distinct("word")
        .values_list("word", "state", "level", "source")
    )
    return lexicon_of(on, tuple(Decided(*row) for row in latest))


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
