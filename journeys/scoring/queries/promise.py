"""What the model of potential learns from, its versions, and what it foretells of one customer."""

import datetime as dt
import logging
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext

from journeys.scoring import rules
from journeys.scoring.enums import Potential
from journeys.scoring.models import PotentialModel
from journeys.scoring.queries.models import reads_traits
from journeys.scoring.queries.potential import facts_of
from journeys.scoring.rules.telling import LEAST
from portal.kit.personal import ERASED

_log = logging.getLogger(__name__)
MOST_PEOPLE = 20_000
# One of so many customers by a hash of the key, known on a day, with the facts of that day and what
# was spent in the span after it.
_PAST = f"""
SELECT facts.*, CASE WHEN %(with_traits)s THEN person.birth_date END, later.spent
FROM journeys_customer AS person
CROSS JOIN LATERAL ({rules.facts_sql("person.id", "%(on)s")}) AS facts
CROSS JOIN LATERAL (
    SELECT coalesce(sum(t.amount), 0) AS spent
    FROM journeys_card AS card JOIN journeys_transaction AS t ON t.card_id = card.id
    WHERE card.customer_id = person.id
      AND t.posted_date > %(on)s AND t.posted_date <= %(on)s::date + {rules.SPAN_DAYS}
) AS later
WHERE person.registered_date <= %(on)s AND person.name <> %(erased)s
  AND (hashint8(person.id) & 2147483647) %% %(each)s = 0
ORDER BY person.id
"""


@dataclass(frozen=True)
class Past:
    """Customers as they were on a day, and what each spent in the span after it."""

    on: dt.date
    facts: list[rules.Facts]
    later: list[Decimal | None]


@dataclass(frozen=True)
class PromiseWhy:
    """One reason: the fact in words, and whether it speaks for spending or against it."""

    fact: str
    added: float

    @property
    def words(self) -> str:
        """The reason as a sentence."""
        sentence = gettext("{fact}. Speaks for it.") if self.added > 0 else (
            gettext("{fact}. Speaks against it.")
        )  # fmt: skip
        return sentence.format(fact=self.fact)


@dataclass(frozen=True)
class Promise:
    """The chance that a customer spends the goal within the span ahead, by a version of the model,
    what that means beside others, and why, the weightiest first."""

    version: PotentialModel
    chance: float
    potential: Potential
    reasons: list[PromiseWhy]

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        return rules.TONES[self.potential]


def past_of(*, on: dt.date, with_traits: bool) -> Past:
    """This will read customers as of the end of a day, one of so many that there are about
    MOST_PEOPLE, with what each spent in the span after it. Without `with_traits` no personal trait
    is even read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journeys_customer")
        each = max(1, -(-cursor.fetchone()[0] // MOST_PEOPLE))
        values = {"on": on, "erased": ERASED, "each": each, "with_traits": with_traits}
        cursor.execute(_PAST, values)
        rows = cursor.fetchall()
    return Past(on, [rules.Facts(on, *row[:-1]) for row in rows], [row[-1] for row in rows])


def newest_potential(*, with_traits: bool) -> PotentialModel | None:
    """This will return the newest version, whatever it lacks."""
    return PotentialModel.objects.filter(with_traits=with_traits).order_by("-id").first()


def potential_versions(*, limit: int = 20) -> list[PotentialModel]:
    """This will list the newest versions, without what they learned."""
    rows = PotentialModel.objects.select_related("made_by").defer("learned", "parts")
    return list(rows.order_by("-id")[:limit])


def promise_of(*, customer_id: int, branch: Any, on: dt.date, with_traits: bool) -> Promise | None:
    """This will foretell of a customer by the newest version that the branch may use, without
    personal traits unless they are wanted and the branch reads them; None where that version
    learned nothing, or cannot be read: then the scorecard stands for itself."""
    may = with_traits and reads_traits(branch)
    version = newest_potential(with_traits=may)
    if version is None or version.learned is None:
        return None
    from journeys.scoring.rules import model, promise, reasons

    facts = facts_of(customer_id=customer_id, on=on, with_traits=may)
    try:
        learned = model.model_of(version.learned)
        table = promise.columns_for(learned, promise.people_of([facts], [None]))
    except model.ModelUnreadable:
        _log.exception("Version %s of the model of potential cannot be read", version.pk)
        return None
    explained = reasons.explain(learned, table, 0)
    chance = 1 / (1 + math.exp(-(explained.average + sum(explained.facts.values()))))
    return Promise(version, chance, _called(version, chance), _told(facts, explained.facts))


def _called(version: PotentialModel, chance: float) -> Potential:
    if chance >= version.figures["high_from"]:
        return Potential.HIGH
    return Potential.MIDDLE if chance >= version.figures["middle_from"] else Potential.LOW


def _told(facts: rules.Facts, added: Any) -> list[PromiseWhy]:
    found = [
        PromiseWhy(factor.read(facts).words, added[factor.code])
        for factor in rules.FACTORS
        if abs(added.get(factor.code, 0.0)) >= LEAST
    ]
    return sorted(found, key=lambda why: -abs(why.added))
