"""Groups of campaigns that exclude one another."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.groups import rules


class ExclusiveGroup(models.Model):
    """Of the campaigns that name it, a customer is given something by one alone: for `days` from
    the day of the grant, or for good where they are null. Added to only: published texts and
    approvals rest on it, so for another term there is another group."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)
    days = models.PositiveSmallIntegerField(_("days"), null=True)
    source = models.TextField(_("reason"))
    decided_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="exclusive_group_days",
                condition=Q(days=None) | Q(days__range=(1, rules.MOST_DAYS)),
            ),
            models.CheckConstraint(
                name="exclusive_group_is_named",
                condition=~Q(code="") & ~Q(name="") & ~Q(name_en="") & ~Q(source=""),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def plain(self) -> rules.Group:
        return rules.Group(self.pk, self.code, self.name, self.name_en, self.days)

    @property
    def label(self) -> str:
        return self.plain.label

    @property
    def term(self) -> str:
        return self.plain.term
