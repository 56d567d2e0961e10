"""Since when each card rests. Big tables: a few rows for each card."""

from django.db import models
from django.db.models import F, Q


class CardRest(models.Model):
    """A span of days in which a card was not used: from its issue (`is_used` is then False) or
    from the day of a purchase, up to the day of the next one, or to this day (no `until`).

    Each card has one that lasts. Of those that ended after a purchase, only what lasted longer than
    30 days is kept: shorter ones decide no figure (docs/decisions/0247). A purchase before the day
    of issue is none of this card's. Written by `activity.operations.settle_marks` alone.
    """

    card = models.ForeignKey("journeys.Card", models.CASCADE, related_name="+", db_index=False)
    since = models.DateField()
    until = models.DateField(null=True)
    is_used = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="card_rest_once", fields=["card", "since"]),
            models.UniqueConstraint(
                name="card_rest_lasts_once", fields=["card"], condition=Q(until=None)
            ),
            models.CheckConstraint(
                name="card_rest_is_a_span", condition=Q(until=None) | Q(until__gt=F("since"))
            ),
        ]
        indexes = [
            # Who is about to fall asleep, in that order.
            models.Index(
                name="card_rest_lasting", fields=["since", "card"], condition=Q(until=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.since} {self.until}"


class CardMark(models.Model):
    """Something about a card was written: a purchase, or the card itself, which then says
    something else from `first` on and belonged, or belongs, to the cards issued in `month`.
    Triggers add marks with the facts and never look one up, so that nobody waits; whoever has
    worked off what they name takes them away."""

    card_id = models.BigIntegerField()
    first = models.DateField(null=True)
    month = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="card_mark_month_begins", condition=Q(month=None) | Q(month__day=1)
            ),
        ]

    def __str__(self) -> str:
        return str(self.card_id)
