"""What the own cards have against those of rivals: facts, each with its day, source and end."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.telemarketing.enums import FactAspect, FactState
from journeys.telemarketing.models.proposals import Proposal, settled_checks
from portal.kit import languages

LONGEST = dt.timedelta(days=366)
_SLOT = ("product", "rival_issuer", "rival_product", "aspect")


class ProductFact(Proposal):
    """What an own card has and a rival's has in one aspect, as a source said on a day. Callers are
    shown it while it is approved and `valid_until` has not come, and not a minute longer
    (Advertising Law, articles 11 and 13: true, sourced, of its time, and nobody is belittled).

    One person proposes it and another one approves it; it is never edited: the next one of the same
    aspect replaces it. Triggers hold that.
    """

    product = models.ForeignKey("journeys.CardProduct", models.PROTECT, related_name="facts")
    rival_issuer = models.CharField(_("rival"), max_length=80)
    rival_product = models.CharField(_("card of the rival"), max_length=80)
    aspect = models.CharField(_("aspect"), max_length=12, choices=FactAspect.choices)
    ours = models.CharField(_("what ours has"), max_length=200)
    ours_en = models.CharField(_("the same in English"), max_length=200)
    theirs = models.CharField(_("what theirs has"), max_length=200)
    theirs_en = models.CharField(_("the same in English"), max_length=200)
    source = models.CharField(_("source"), max_length=300)
    source_date = models.DateField(_("day of the source"))
    valid_until = models.DateTimeField(_("valid until"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="product_fact_is_sourced",
                condition=Q(aspect__in=FactAspect.values)
                & ~Q(rival_issuer="") & ~Q(rival_product="") & ~Q(ours="") & ~Q(ours_en="")
                & ~Q(theirs="") & ~Q(theirs_en="") & ~Q(source=""),
            ),
            models.CheckConstraint(
                name="product_fact_has_an_end",
                condition=Q(valid_until__gt=F("proposed_at"))
                & Q(valid_until__lte=F("proposed_at") + LONGEST),
            ),
            *settled_checks("product_fact"),
            models.UniqueConstraint(
                name="product_fact_one_proposed", fields=_SLOT,
                condition=Q(state=FactState.PROPOSED),
            ),
            models.UniqueConstraint(
                name="product_fact_one_approved", fields=_SLOT,
                condition=Q(state=FactState.APPROVED),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.product_id} {self.rival_issuer} {self.aspect}"

    @property
    def rival(self) -> str:
        """The rival's card with its issuer."""
        return f"{self.rival_issuer} {self.rival_product}"

    @property
    def our_words(self) -> str:
        return self.ours_en if languages.reads_english() else self.ours

    @property
    def their_words(self) -> str:
        return self.theirs_en if languages.reads_english() else self.theirs
