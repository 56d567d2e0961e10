"""Which numbers were shown or handed over to be dialled, and what the telephone system told."""

from django.db import models
from django.db.models import F, Q

from journeys.telemarketing.enums import DialWay


class LeadDial(models.Model):
    """That the number of a lead in hand was shown to its holder to dial it, or handed to the
    telephone system; never the number itself. The hold is the reason, and the gate was asked at
    that instant. It is the `number_of_day`th of that person on the bank's day; `allowed` is a copy
    of the limit of that day. `began_at` and `ended_at` are the telephone system's word about the
    call. A trigger refuses one without the lead in hand, delete, and every other change.
    """

    hold = models.ForeignKey("journeys.LeadHold", models.PROTECT, related_name="dials")
    asked_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    on_date = models.DateField()
    number_of_day = models.PositiveSmallIntegerField()
    allowed = models.PositiveSmallIntegerField()
    way = models.CharField(max_length=6, choices=DialWay.choices)
    taken_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=60, blank=True, default="")
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="lead_dial_number_once", fields=["asked_by", "on_date", "number_of_day"]
            ),
            models.CheckConstraint(
                name="lead_dial_within_limit",
                condition=Q(number_of_day__gte=1, number_of_day__lte=F("allowed")),
            ),
            models.CheckConstraint(name="lead_dial_way_known", condition=Q(way__in=DialWay.values)),
            models.CheckConstraint(
                name="lead_dial_taken_by_system",
                condition=Q(taken_at=None)
                | Q(taken_at__isnull=False, taken_at__gte=F("at"), way=DialWay.SYSTEM),
            ),
            models.CheckConstraint(
                name="lead_dial_in_order",
                condition=Q(began_at=None, ended_at=None)
                | Q(began_at__isnull=False, began_at__gte=F("at"), ended_at=None)
                | Q(began_at__isnull=False, began_at__gte=F("at"))
                & Q(ended_at__isnull=False, ended_at__gte=F("began_at")),
            ),
        ]
        indexes = [
            # What the telephone system is to dial.
            models.Index(
                name="lead_dial_waits", fields=["at"], condition=Q(way="system", taken_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hold_id} {self.number_of_day}"
