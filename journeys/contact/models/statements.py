"""What people say: consent and refusal; and addresses at which they are not reached."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from journeys.contact.enums import (
    Channel,
    ConsentPurpose,
    RefusalSource,
)
from journeys.customers.enums import Trait
from portal.kit import languages, masking
from portal.kit.fields import SealedField, index_field


class ConsentText(models.Model):
    """Words that people agree to, in both languages. Never changed: new words are a new version.
    A trigger refuses update and delete."""

    code = models.CharField(_("code"), max_length=32)
    version = models.PositiveSmallIntegerField(_("version"))
    purpose = models.CharField(_("purpose"), max_length=12, choices=ConsentPurpose.choices)
    words = models.TextField(_("words in Chinese"))
    words_en = models.TextField(_("words in English"))
    effective_date = models.DateField(_("in force from"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="consent_text_once", fields=["code", "version"]),
            models.CheckConstraint(name="consent_text_version_counts", condition=Q(version__gte=1)),
            models.CheckConstraint(
                name="consent_text_has_words", condition=~Q(words="") & ~Q(words_en="")
            ),
            models.CheckConstraint(
                name="consent_text_purpose_known",
                condition=Q(purpose__in=ConsentPurpose.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}/{self.version}"

    @property
    def label(self) -> str:
        """What the text is for and its version; its code where that says something else."""
        named = _("{purpose}, version {version}").format(
            purpose=self.get_purpose_display(), version=self.version
        )
        return named if self.code == self.purpose else f"{named} ({self.code})"

    @property
    def shown_words(self) -> str:
        """The words in the reader's language."""
        return self.words_en if languages.reads_english() else self.words


class Consent(models.Model):
    """A statement of consent or its withdrawal. Added to only: a trigger refuses update and delete.

    A consent is said at `recorded_at` or, where that is earlier, at `effective_at`, and holds from
    `effective_at` on. A withdrawal is said at `effective_at` and takes back every consent said
    until then, so that the order in which statements come in does not matter. `reference` is the
    source's own key, None for what was recorded here. `channel` is "" where the purpose has none.
    """

    customer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, related_name="consents", db_index=False
    )
    purpose = models.CharField(_("purpose"), max_length=12, choices=ConsentPurpose.choices)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, blank=True)
    is_granted = models.BooleanField()
    text = models.ForeignKey(
        ConsentText, models.PROTECT, null=True, related_name="consents", db_index=False
    )
    evidence = models.CharField(_("evidence"), max_length=200)
    effective_at = models.DateTimeField(_("effective at"))
    recorded_at = models.DateTimeField(_("recorded at"))
    reference = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="consent_reference_once", fields=["reference"]),
            models.CheckConstraint(
                name="consent_channel_of_marketing_alone",
                condition=Q(purpose="marketing", channel__in=Channel.values)
                | Q(purpose__in=["sharing", "decisions"], channel=""),
            ),
            models.CheckConstraint(
                name="consent_given_names_its_text",
                condition=Q(is_granted=True, text__isnull=False)
                | Q(is_granted=False, text__isnull=True),
            ),
            models.CheckConstraint(
                name="consent_withdrawn_at_once",
                condition=Q(is_granted=True) | Q(effective_at__lte=F("recorded_at")),
            ),
            models.CheckConstraint(name="consent_has_evidence", condition=~Q(evidence="")),
            models.CheckConstraint(name="consent_reference_not_empty", condition=~Q(reference="")),
        ]
        indexes = [
            models.Index(
                name="consent_of_customer",
                fields=["customer", "purpose"],
                include=["channel", "effective_at", "recorded_at", "is_granted"],
            ),
            models.Index(name="consent_recorded", fields=["-recorded_at", "-id"]),
            models.Index(name="consent_text_recorded", fields=["text", "-recorded_at", "-id"]),
            models.Index(
                name="consent_withdrawn",
                fields=["channel", "-recorded_at", "-id"],
                condition=Q(is_granted=False),
            ),
        ]

    @property
    def shown_evidence(self) -> str:
        """The evidence as pages show it: people write numbers and addresses into it."""
        return masking.mask_text(self.evidence)


class DoNotContact(models.Model):
    """A person's word never to be contacted for marketing again. Final: one is enough for ever,
    each further one stands beside it. A trigger refuses update and delete.

    `at` is when the person said it. `reference` is the source's own key, None for what was
    recorded here.
    """

    customer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, related_name="refusals", db_index=False
    )
    at = models.DateTimeField(_("said at"))
    words = models.TextField(_("words"))
    source = models.CharField(_("source"), max_length=40)
    recorded_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    reference = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="do_not_contact_reference_once", fields=["reference"]),
            models.CheckConstraint(name="do_not_contact_has_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="do_not_contact_reference_not_empty", condition=~Q(reference="")
            ),
        ]
        indexes = [
            models.Index(name="do_not_contact_of_customer", fields=["customer", "at", "id"]),
            models.Index(name="do_not_contact_said", fields=["-at", "-id"]),
        ]

    @property
    def shown_words(self) -> str:
        """The person's words as pages show them, numbers and addresses masked."""
        return masking.mask_text(self.words)

    @property
    def shown_source(self) -> str:
        """How it was said, in words where the way is known."""
        known = dict(RefusalSource.choices)
        return str(known.get(self.source, self.source))


class ErasedRefusal(models.Model):
    """What is kept of a refusal beside no customer: the hash of a phone, ID number or e-mail
    address (`Customer.callee`, `bearer` or `reader`) and the day of the first word. Whoever is on
    file with it, or comes on file with it, is not contacted.

    The name is that of the first of its three sources: a person who was erased, or whose phone, ID
    number or e-mail was taken away without another in its place (a trigger on customers adds the
    row); a refusal by SMS from a phone that nobody is on file with; and a lead that objected to
    marketing, whose words stand in the request (decision 0138). Rows are only added to, but for an
    earlier day.
    """

    kind = models.CharField(max_length=10, choices=Trait.choices)
    value_hash = models.BinaryField(unique=True, max_length=16)
    refused_date = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="erased_refusal_is_hashed", condition=Q(Exact(Length("value_hash"), 16))
            ),
            models.CheckConstraint(
                name="erased_refusal_kind_known", condition=Q(kind__in=Trait.values)
            ),
        ]


class BadAddress(models.Model):
    """A mail address from which mail came back for good, as a report said at `since`. The gate
    takes it for none, whoever has it, until `until`, when somebody says that it works again. The
    row is of the customer from whom the mail came back. A trigger refuses delete."""

    customer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, related_name="bad_addresses", db_index=False
    )
    address_sealed = SealedField(seal="badaddress.address", index="email", once="until IS NULL")
    address_index = index_field()
    address_masked = models.CharField(_("e-mail"), max_length=120, blank=True)
    cause = models.CharField(_("cause"), max_length=120)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True)
    ended_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bad_address_sealed_with_index",
                condition=Q(address_sealed=None, address_index=None)
                | Q(address_sealed__isnull=False, address_index__isnull=False),
            ),
            models.CheckConstraint(name="bad_address_has_cause", condition=~Q(cause="")),
            models.CheckConstraint(
                name="bad_address_ended_by_somebody",
                condition=Q(until=None, ended_by=None)
                | Q(until__isnull=False, until__gte=F("since"), ended_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="bad_address_open_once",
                fields=["address_index"],
                condition=Q(until=None, address_index__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="bad_address_of_customer", fields=["customer", "id"]),
            models.Index(name="bad_address_latest", fields=["-since", "-id"]),
        ]

    def __str__(self) -> str:
        return str(self.pk)  # the trail keeps it after an erasure
