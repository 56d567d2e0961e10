"""Which values were revealed to whom, who looked for whom by a full value, and how often that is
allowed."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from journeys.reveals.enums import RevealField, RevealReason, SearchDoor

USUAL_SEARCHES = 30
USUAL_DIALS = 300
# What can be searched for by its whole value: everything that is sealed.
SEARCHED = [RevealField.PHONE, RevealField.ID_NUMBER, RevealField.EMAIL, RevealField.ADDRESS]


class RevealRule(models.Model):
    """The limits in force from a day on, with their source beside them. Added to only; where none
    is in force, nothing is revealed, and nobody is looked for by a full value."""

    effective_date = models.DateField(_("in force from"), unique=True)
    per_day = models.PositiveSmallIntegerField(
        _("values per person and day"), help_text=_("With 0 nothing is revealed.")
    )
    searches_per_day = models.PositiveSmallIntegerField(
        _("searches by a full phone, ID number or e-mail, per person and day"),
        default=USUAL_SEARCHES,
        help_text=_("With 0 nobody is looked for by a full value."),
    )
    dials_per_day = models.PositiveSmallIntegerField(
        _("numbers of leads to dial, per person and day"),
        default=USUAL_DIALS,
        db_default=USUAL_DIALS,
        help_text=_("With 0 no number of a lead is shown to be dialled."),
    )
    reason_length = models.PositiveSmallIntegerField(_("fewest signs of a reason"))
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("reveal rule")
        verbose_name_plural = _("reveal rules")
        constraints = [
            models.CheckConstraint(
                name="reveal_rule_asks_reason", condition=Q(reason_length__range=(4, 200))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effective_date}"


class Reveal(models.Model):
    """One value that was shown in full to one person, and why; never the value itself.

    It is the `number_of_day`th of that person on the bank's day; a trigger holds it below the
    limit of the rule in force, of which `allowed` is a copy. A trigger refuses update and delete.
    """

    customer = models.ForeignKey("journeys.Customer", models.PROTECT, related_name="reveals")
    actor = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+")
    field = models.CharField(max_length=12, choices=RevealField.choices)
    kind = models.CharField(max_length=16, choices=RevealReason.choices)
    words = models.TextField()
    at = models.DateTimeField()
    on_date = models.DateField()
    number_of_day = models.PositiveSmallIntegerField()
    allowed = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="reveal_number_once", fields=["actor", "on_date", "number_of_day"]
            ),
            models.CheckConstraint(
                name="reveal_within_limit",
                condition=Q(number_of_day__gte=1, number_of_day__lte=F("allowed")),
            ),
            models.CheckConstraint(name="reveal_has_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="reveal_field_known", condition=Q(field__in=RevealField.values)
            ),
            models.CheckConstraint(
                name="reveal_kind_known", condition=Q(kind__in=RevealReason.values)
            ),
        ]
        indexes = [
            models.Index(name="reveal_newest", fields=["-at", "-id"]),
            models.Index(name="reveal_day", fields=["on_date", "actor"]),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.number_of_day}/{self.allowed}"

    @property
    def person_and_day(self) -> tuple[Any, Any]:
        return self.actor_id, self.on_date


class ExactSearch(models.Model):
    """One search of a person for the holder of a full value; never the value itself, but a keyed
    hash that tells whether two searches asked for the same.

    It is the `number_of_day`th of that person on the bank's day, or was refused because the limit,
    of which `allowed` is a copy, had been reached: then it has no number, and `found`, the count
    of those whom it found, is empty. Triggers hold the limit and refuse update and delete.
    """

    actor = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+")
    field = models.CharField(
        max_length=12, choices=[(field.value, field.label) for field in SEARCHED]
    )
    door = models.CharField(max_length=12, choices=SearchDoor.choices)
    asked_hash = models.BinaryField(max_length=16)
    found = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField()
    on_date = models.DateField()
    number_of_day = models.PositiveSmallIntegerField(null=True)
    allowed = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="exact_search_number_once", fields=["actor", "on_date", "number_of_day"]
            ),
            models.CheckConstraint(
                name="exact_search_within_limit",
                condition=Q(number_of_day__isnull=True, found__isnull=True)
                | Q(
                    number_of_day__isnull=False,
                    found__isnull=False,
                    number_of_day__gte=1,
                    number_of_day__lte=F("allowed"),
                ),
            ),
            models.CheckConstraint(
                name="exact_search_field_known", condition=Q(field__in=SEARCHED)
            ),
            models.CheckConstraint(
                name="exact_search_door_known", condition=Q(door__in=SearchDoor.values)
            ),
            models.CheckConstraint(
                name="exact_search_is_hashed", condition=Q(Exact(Length("asked_hash"), 16))
            ),
        ]
        indexes = [
            models.Index(name="exact_search_newest", fields=["-at", "-id"]),
            models.Index(name="exact_search_day", fields=["on_date", "actor"]),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.number_of_day or '-'}/{self.allowed}"

    @property
    def person_and_day(self) -> tuple[Any, Any]:
        return self.actor_id, self.on_date

    @property
    def is_refused(self) -> bool:
        return self.number_of_day is None

    @property
    def mark(self) -> str:
        """The beginning of the hash: the same for searches that asked for the same."""
        return bytes(self.asked_hash).hex()[:8]
