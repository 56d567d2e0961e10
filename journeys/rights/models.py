"""What persons ask about their data, and what was done: requests, copies, corrections, erasures."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.rights.enums import (
    Certainty,
    CopyForm,
    ErasureState,
    IdentityCheck,
    ProofScope,
    RefusalGround,
    RightsChannel,
    RightsEventKind,
    RightsKind,
    RightsState,
    told,
)
from portal.kit.fields import SealedField
from portal.kit.personal import said

_TONES: dict[str, str] = {
    RightsState.OPEN: "warning",
    RightsState.WAITING: "info",
    RightsState.APPROVED: "info",
    RightsState.DONE: "success",
    RightsState.REFUSED: "secondary",
}
USUAL_COPIES = 5
_RUNNING = [RightsState.OPEN, RightsState.WAITING, RightsState.APPROVED]
_ENDED = [RightsState.DONE, RightsState.REFUSED]
_ALLOWED = [ErasureState.APPROVED, ErasureState.CARRYING_OUT, ErasureState.ERASED]


class RightsRule(models.Model):
    """Working days for an answer and the most copies of a day, in force from a day on, with the
    source. Added to only."""

    effective_date = models.DateField(_("in force from"), unique=True)
    answer_days = models.PositiveSmallIntegerField(_("working days for the answer"))
    certainty = models.CharField(_("certainty"), max_length=1, choices=Certainty.choices)
    copies_per_day = models.PositiveSmallIntegerField(
        _("copies that a member of staff may make in a day"),
        default=USUAL_COPIES,
        help_text=_("With 0 no copy is made."),
    )
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("rule of requests about data")
        verbose_name_plural = _("rules of requests about data")
        constraints = [
            models.CheckConstraint(name="rights_rule_days", condition=Q(answer_days__gte=1)),
            models.CheckConstraint(
                name="rights_rule_certainty", condition=Q(certainty__in=Certainty.values)
            ),
        ]

    def __str__(self) -> str:
        return str(self.effective_date)


class RightsRequest(models.Model):
    """One request of a person, a customer or a lead, with its clock."""

    number = models.CharField(_("request number"), max_length=40, unique=True)
    kind = models.CharField(_("asked for"), max_length=8, choices=RightsKind.choices)
    customer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, null=True, related_name="rights_requests"
    )
    lead = models.ForeignKey("journeys.Lead", models.PROTECT, null=True, related_name="+")
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+")
    channel = models.CharField(_("came by"), max_length=8, choices=RightsChannel.choices)
    identity_check = models.CharField(
        _("identity"), max_length=12, choices=IdentityCheck.choices, default=IdentityCheck.NOT_YET
    )
    details = models.TextField(_("what the person asks"))
    received_date = models.DateField(_("received on"))
    due_date = models.DateField(_("to be answered by"))
    state = models.CharField(
        _("state"), max_length=8, choices=RightsState.choices, default=RightsState.OPEN
    )
    opened_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    handled_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    answered_date = models.DateField(_("answered on"), null=True)
    refusal_ground = models.CharField(
        _("ground of the refusal"), max_length=10, choices=RefusalGround.choices, blank=True
    )
    outcome = models.TextField(_("outcome"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rights_of_one_person",
                condition=Q(customer=None, lead__isnull=False)
                | Q(customer__isnull=False, lead=None),
            ),
            models.CheckConstraint(
                name="rights_kind_known", condition=Q(kind__in=RightsKind.values)
            ),
            models.CheckConstraint(
                name="rights_state_known", condition=Q(state__in=RightsState.values)
            ),
            models.CheckConstraint(
                name="rights_due_after_received", condition=Q(due_date__gt=F("received_date"))
            ),
            models.CheckConstraint(name="rights_has_details", condition=~Q(details="")),
            models.CheckConstraint(
                name="rights_ended_has_outcome",
                condition=(~Q(state__in=_ENDED) & Q(answered_date=None))
                | (Q(state__in=_ENDED, answered_date__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="rights_refused_has_ground",
                condition=Q(state="refused", refusal_ground__in=RefusalGround.values)
                | (~Q(state="refused") & Q(refusal_ground="")),
            ),
            models.CheckConstraint(
                name="rights_done_has_identity",
                condition=~Q(state__in=["done", "waiting", "approved"])
                | ~Q(identity_check=IdentityCheck.NOT_YET),
            ),
        ]
        indexes = [
            models.Index(
                name="rights_running", fields=["due_date", "id"], condition=Q(state__in=_RUNNING)
            ),
            models.Index(name="rights_received", fields=["-received_date", "-id"]),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def person(self) -> models.Model:
        """The customer or lead that it is about."""
        return self.customer or self.lead  # type: ignore[return-value]

    @property
    def details_shown(self) -> str:
        """The person's words as pages show them, erased ones included."""
        return said(self.details)

    @property
    def is_running(self) -> bool:
        """Whether its clock runs."""
        return self.state in _RUNNING

    @property
    def is_open(self) -> bool:
        """Whether staff may take a step."""
        return self.state == RightsState.OPEN

    @property
    def is_refused(self) -> bool:
        return self.state == RightsState.REFUSED

    @property
    def has_identity(self) -> bool:
        """Whether it was made sure that it is the person who asks."""
        return self.identity_check != IdentityCheck.NOT_YET

    @property
    def told_outcome(self) -> str:
        """The outcome for who reads it."""
        return told(self.outcome)

    @property
    def state_tone(self) -> str:
        """The colour of its badge."""
        return _TONES.get(self.state, "secondary")


class RightsEvent(models.Model):
    """One step in the history of a request. Added to only. Where the portal itself speaks, `words`
    is a code or the English sentence: `told_words` says it in the reader's language."""

    request = models.ForeignKey(RightsRequest, models.PROTECT, related_name="events")
    kind = models.CharField(_("step"), max_length=20, choices=RightsEventKind.choices)
    at = models.DateTimeField()
    actor = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rights_event_kind_known", condition=Q(kind__in=RightsEventKind.values)
            ),
        ]

    @property
    def told_words(self) -> str:
        """The words for who reads them."""
        if self.kind == RightsEventKind.IDENTITY and self.words in IdentityCheck.values:
            return str(IdentityCheck(self.words).label)
        return told(self.words)


class RightsCopy(models.Model):
    """A file that was made for the person and handed out at once; it is kept nowhere. Added to
    only.

    It is the `number_of_day`th of who made it on the bank's day; a trigger holds it below the limit
    of the rule in force, of which `allowed` is a copy (as for `journeys.Reveal`)."""

    request = models.ForeignKey(RightsRequest, models.PROTECT, related_name="copies")
    form = models.CharField(_("form"), max_length=4, choices=CopyForm.choices)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    tables = models.PositiveIntegerField(_("tables"))
    rows = models.PositiveIntegerField(_("rows"))
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    on_date = models.DateField(_("made on"))
    number_of_day = models.PositiveSmallIntegerField()
    allowed = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="rights_copy_number_once", fields=["made_by", "on_date", "number_of_day"]
            ),
            models.CheckConstraint(
                name="rights_copy_within_limit",
                condition=Q(number_of_day__gte=1, number_of_day__lte=F("allowed")),
            ),
            models.CheckConstraint(name="rights_copy_form", condition=Q(form__in=CopyForm.values)),
            models.CheckConstraint(
                name="rights_copy_hashed", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]


class Correction(models.Model):
    """A field of a customer or lead that was corrected at the person's request, both values
    masked. A later file of the source does not undo it: its row is refused until the source says
    the same, and `source_differs_at` tells when that last happened."""

    request = models.ForeignKey(RightsRequest, models.PROTECT, related_name="corrections")
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, null=True, related_name="+")
    field = models.CharField(_("field"), max_length=40)
    old_masked = models.CharField(_("before"), max_length=200, blank=True)
    new_masked = models.CharField(_("after"), max_length=200, blank=True)
    corrected_at = models.DateTimeField(_("corrected at"))
    corrected_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    source_differs_at = models.DateTimeField(_("the source brought another value at"), null=True)

    class Meta:
        indexes = [
            models.Index(
                name="correction_contradicted",
                fields=["source_differs_at"],
                condition=Q(source_differs_at__isnull=False),
            ),
        ]


class Erasure(models.Model):
    """The erasure of a person's identity, from the asking to the proof.

    `persons` names whom it covers ("customer:12", "lead:3"): the customer with the leads that are
    the same person. `needles` holds, sealed, what the search must not find any more; it is gone
    when that is proven. The database lets `carrying_out` follow only from an approved submission
    of the same persons, within the transaction `carried_by`, and opens the ledgers to that alone.
    """

    request = models.ForeignKey(RightsRequest, models.PROTECT, related_name="erasures")
    persons = ArrayField(models.CharField(max_length=40))
    submission = models.ForeignKey(
        "portal.Submission", models.PROTECT, null=True, related_name="+", db_index=False
    )
    state = models.CharField(
        max_length=12, choices=ErasureState.choices, default=ErasureState.ASKED
    )
    asked_at = models.DateTimeField()
    needles = SealedField(seal="erasure.needles")
    carried_by = models.CharField(max_length=24, blank=True)
    erased_at = models.DateTimeField(_("erased at"), null=True)
    rows_changed = models.JSONField(default=dict)
    is_search_due = models.BooleanField(default=False)
    failure = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="erasure_state_known", condition=Q(state__in=ErasureState.values)
            ),
            models.CheckConstraint(name="erasure_names_persons", condition=Q(persons__len__gt=0)),
            models.CheckConstraint(
                name="erasure_allowed_by_submission",
                condition=~Q(state__in=[*_ALLOWED, ErasureState.PROVEN])
                | Q(submission__isnull=False),
            ),
            models.CheckConstraint(
                name="erasure_done_has_time",
                condition=Q(state__in=["erased", "proven"], erased_at__isnull=False)
                | (~Q(state__in=["erased", "proven"]) & Q(erased_at=None)),
            ),
            models.CheckConstraint(
                name="erasure_needles_until_proven",
                condition=Q(state="erased", needles__isnull=False)
                | (~Q(state="erased") & Q(needles=None)),
            ),
            models.UniqueConstraint(
                name="erasure_one_at_a_time",
                fields=["request"],
                condition=~Q(state=ErasureState.RETURNED),
            ),
        ]
        indexes = [
            models.Index(
                name="erasure_to_do", fields=["id"], condition=Q(state__in=["approved", "erased"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.state}"

    @property
    def is_approved(self) -> bool:
        return self.state == ErasureState.APPROVED

    @property
    def is_erased(self) -> bool:
        """Whether the identity is gone, proven or not."""
        return self.erased_at is not None

    @property
    def may_be_tried_again(self) -> bool:
        """Whether it failed, or something was left, and nobody works on it."""
        is_left = self.state == ErasureState.ERASED and not self.is_search_due
        return is_left or (self.is_approved and self.failure != "")

    @property
    def waits_for_search(self) -> bool:
        return self.state == ErasureState.ERASED and self.is_search_due


class ErasureProof(models.Model):
    """What a search after an erasure looked at, and found. Added to only.

    `findings` are places that still hold something; `shared` places of other persons who have the
    same value as their own (the phone of a couple); `kept` what stays on purpose: the hash of the
    phone of a person who refused. `places` names table, column and row of each finding, never the
    value. `digest` is the SHA-256 of the whole report.
    """

    erasure = models.ForeignKey(Erasure, models.PROTECT, related_name="proofs")
    scope = models.CharField(_("searched"), max_length=4, choices=ProofScope.choices)
    started_at = models.DateTimeField(_("started at"))
    seconds = models.FloatField(_("seconds"))
    tables = models.PositiveIntegerField(_("tables"))
    columns = models.PositiveIntegerField(_("columns"))
    rows = models.BigIntegerField(_("rows looked at"))
    files = models.PositiveIntegerField(_("files looked at"))
    queued = models.PositiveIntegerField(_("entries of the queue looked at"))
    findings = models.PositiveIntegerField(_("findings"))
    shared = models.PositiveIntegerField(_("also another person's own"))
    kept = models.PositiveIntegerField(_("kept so that the refusal holds"), default=0, db_default=0)
    places = models.JSONField(default=list)
    digest = models.CharField("SHA-256", max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="erasure_proof_scope", condition=Q(scope__in=ProofScope.values)
            ),
            models.CheckConstraint(
                name="erasure_proof_hashed", condition=Q(digest__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="erasure_proof_looked", condition=Q(tables__gte=1, columns__gte=1)
            ),
        ]

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return self.findings == 0
