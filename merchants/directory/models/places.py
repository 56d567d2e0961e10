"""Where merchants are: the administrative divisions of the country, and stores."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from merchants.directory.enums import CitySize, StoreState
from merchants.directory.models.merchants import Merchant
from portal.kit import keys, languages


class Division(models.Model):
    """An administrative division: a province (2 digits), a city (4) or a county (6). A code begins
    with that of the division above."""

    code = models.CharField(_("code"), max_length=6, primary_key=True)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="division_code_form", condition=Q(code__regex=r"^(\d{2}|\d{4}|\d{6})$")
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.name_en if languages.reads_english() else self.name


class CityTier(models.Model):
    """How large a city is from a day on, with who says so: merchants are compared within it. `city`
    is the code of its division, of four digits."""

    city = models.CharField(_("code of the city"), max_length=4)
    size = models.CharField(_("size"), max_length=10, choices=CitySize.choices)
    effective_date = models.DateField(_("in force from"))
    source = models.TextField(_("source"))

    class Meta:
        verbose_name = _("size of a city")
        verbose_name_plural = _("sizes of cities")
        constraints = [
            models.UniqueConstraint(name="city_tier_once", fields=["city", "effective_date"]),
            models.CheckConstraint(
                name="city_tier_said",
                condition=Q(city__regex=r"^\d{4}$", size__in=CitySize.values) & ~Q(source=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city} {self.size}"


class Store(models.Model):
    """A place of business of a merchant, under the number of its source or of the house."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="stores")
    number = models.CharField(_("store number"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    division = models.ForeignKey(
        Division, models.PROTECT, verbose_name=_("division"), related_name="stores"
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=StoreState.choices, default=StoreState.OPEN
    )
    opened_date = models.DateField(_("opened on"), null=True, blank=True)
    closed_date = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        constraints = [
            keys.addressable("store_number_addressable"),
            models.CheckConstraint(
                name="store_state_known", condition=Q(state__in=StoreState.values)
            ),
            models.CheckConstraint(
                name="store_closed_has_date",
                condition=Q(state=StoreState.CLOSED, closed_date__isnull=False)
                | (~Q(state=StoreState.CLOSED) & Q(closed_date=None)),
            ),
            models.CheckConstraint(
                name="store_closed_after_opening",
                condition=Q(opened_date=None)
                | Q(closed_date=None)
                | Q(closed_date__gte=F("opened_date")),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        english = languages.reads_english() and self.name_en
        return self.name_en if english else self.name
