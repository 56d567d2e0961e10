"""Writing scorecards: what the supervisor forbids is not saved."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from journeys.targets import queries
from journeys.targets.enums import Level
from journeys.targets.models import Scorecard, ScorecardMeasure
from journeys.targets.operations.guards import TargetRefused, locked_card
from journeys.targets.rules import measures, weighing
from portal.audit import operations as audit
from portal.kit import masking
from portal.staff.enums import Permission
from portal.staff.models import Staff


@dataclass(frozen=True)
class Item:
    """A measure of a scorecard as somebody writes it."""

    measure: str
    weight: Decimal
    goal: Decimal
    floor: int
    cap: int
    unknown: int


@transaction.atomic
def write_scorecard(
    *,
    name: str,
    first_date: dt.date,
    point_value: Decimal,
    reason: str,
    items: Sequence[Item],
    actor: Staff,
    at: dt.datetime,
    scorecard_id: int | None = None,
) -> Scorecard:
    """This will write a scorecard of the person's branch, a new one or one that is still a draft.
    What the supervisor forbids is refused, by the database too. Raises TargetRefused."""
    if not actor.may(Permission.EDIT_TARGETS):
        raise TargetRefused(_("Your role writes no scorecards."))
    found = _measures(items)
    _check(items, found, first_date)
    said = {
        "name": masking.mask_text(name.strip()), "first_date": first_date,
        "point_value": point_value, "reason": masking.mask_text(reason.strip()),
    }  # fmt: skip
    if scorecard_id is None:
        card = _begun(actor, at, said)
    else:
        card = locked_card(scorecard_id=scorecard_id, actor=actor)
        for field, value in said.items():
            setattr(card, field, value)
        card.save(update_fields=list(said))
        card.measures.all().delete()
    ScorecardMeasure.objects.bulk_create(
        ScorecardMeasure(scorecard=card, kind=found[item.measure].kind, **asdict(item))
        for item in items
    )
    audit.record(
        action="scorecard.written", actor=actor, at=at, target=card,
        changes={"weights": {item.measure: str(item.weight) for item in items}},
    )  # fmt: skip
    return card


def _begun(actor: Staff, at: dt.datetime, said: dict[str, Any]) -> Scorecard:
    """A new one of the person's branch, with the next number there."""
    last = Scorecard.objects.filter(branch=actor.branch).aggregate(last=Max("version"))["last"]
    try:
        with transaction.atomic():
            return Scorecard.objects.create(
                branch=actor.branch, owner=actor, version=(last or 0) + 1, made_at=at, **said
            )
    except IntegrityError as refused:
        if "scorecard_version_once" not in str(refused):
            raise
        raise TargetRefused(
            _("Somebody wrote another one at this moment: save it once more.")
        ) from refused


def _measures(items: Sequence[Item]) -> dict[str, measures.Measure]:
    found = {}
    for item in items:
        one = measures.find_measure(item.measure)
        if one is None or Level.PERSON not in one.levels:
            raise TargetRefused(_("A measure is not known, or cannot be told of single persons."))
        if item.measure in found:
            raise TargetRefused(_("“{name}” stands there twice.").format(name=one.name))
        found[item.measure] = one
    return found


def _check(items: Sequence[Item], found: dict[str, measures.Measure], first_date: dt.date) -> None:
    weights = [
        weighing.Weight(str(found[item.measure].name), found[item.measure].kind, item.weight)
        for item in items
    ]
    if faults := queries.faults_of(weights, on=first_date):
        raise TargetRefused(*faults)
