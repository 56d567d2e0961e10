"""Posts at stores of partners, what they cost, and the rule that holds for them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from merchants.directory.enums import Scenario
from merchants.posts.enums import CostUnit, PostDays, QualificationKind
from portal.kit import keys


class PostRule(models.Model):
    """What holds for shifts from a day on; the latest that has come is in force. Added to only."""

    effective_date = models.DateField(_("in force from"), unique=True)
    needs = ArrayField(
        models.CharField(max_length=12),
        verbose_name=_("qualifications that a shift needs"),
        help_text=_("Such as cards, on_site, with commas between them."),
    )
    early_minutes = models.PositiveSmallIntegerField(_("check-in opens minutes before"))
    late_minutes = models.PositiveSmallIntegerField(_("late after minutes"))
    close_minutes = models.PositiveSmallIntegerField(_("forgotten check-out closed after minutes"))
    most_hours = models.PositiveSmallIntegerField(_("hours of a shift at most"))
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("rule of posts")
        verbose_name_plural = _("rules of posts")
        constraints = [
            models.CheckConstraint(
                name="post_rule_bounds",
                condition=Q(
                    early_minutes__lte=240, late_minutes__lte=240,
                    close_minutes__range=(15, 720), most_hours__range=(1, 16),
                ) & ~Q(source=""),
            ),
            models.CheckConstraint(
                name="post_rule_needs_known",
                condition=Q(needs__contained_by=list(QualificationKind.values), needs__len__gte=1),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.effective_date)


class Post(models.Model):
    """A place at a partner's store where staff of a branch stand, from `first_date` to `last_date`,
    both inside, from `opens` to `closes`. `seats` is how many stand there at once. `permission` is
    what the store allowed, who there did, and when. `duties` are the tasks of each shift."""

    number = models.CharField(_("number of the post"), max_length=40, unique=True)
    store = models.ForeignKey(
        "merchants.Store", models.PROTECT, related_name="posts", verbose_name=_("store")
    )
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+")
    scenario = models.CharField(_("scenario"), max_length=12, choices=Scenario.choices)
    seats = models.PositiveSmallIntegerField(_("seats"), default=1)
    first_date = models.DateField(_("first day"))
    last_date = models.DateField(_("last day"))
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("to"))
    days = models.CharField(
        _("days"), max_length=12, choices=PostDays.choices, default=PostDays.ALL
    )
    permission = models.CharField(_("permission of the store"), max_length=400)
    duties = ArrayField(models.CharField(max_length=120), verbose_name=_("tasks"), default=list)

    class Meta:
        constraints = [
            keys.addressable("post_number_addressable"),
            models.CheckConstraint(
                name="post_choices_known",
                condition=Q(scenario__in=Scenario.values, days__in=PostDays.values),
            ),
            models.CheckConstraint(name="post_seats", condition=Q(seats__range=(1, 9))),
            models.CheckConstraint(
                name="post_ends_after_start", condition=Q(last_date__gte=F("first_date"))
            ),
            models.CheckConstraint(
                name="post_closes_after_opening", condition=Q(closes__gt=F("opens"))
            ),
            models.CheckConstraint(name="post_is_permitted", condition=~Q(permission="")),
        ]
        indexes = [models.Index(name="post_by_days", fields=["last_date", "first_date"])]

    def __str__(self) -> str:
        return self.number

    @property
    def label(self) -> str:
        """The merchant and its store, both of which must be loaded."""
        return f"{self.store.merchant.label} · {self.store.label}"

    @property
    def hours(self) -> str:
        return f"{self.opens:%H:%M}–{self.closes:%H:%M}"


class PostCost(models.Model):
    """What a post costs from a day on, until the next one begins. Added to only."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="costs")
    first_date = models.DateField(_("from"))
    amount = models.DecimalField(_("cost (CNY)"), max_digits=10, decimal_places=2)
    unit = models.CharField(_("for"), max_length=8, choices=CostUnit.choices)
    source = models.CharField(_("source"), max_length=200)
    recorded_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="post_cost_once", fields=["post", "first_date"]),
            models.CheckConstraint(
                name="post_cost_said",
                condition=Q(amount__gte=0, unit__in=CostUnit.values) & ~Q(source=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.first_date}"
