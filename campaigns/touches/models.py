"""Who is inside a touch plan, what became of each step, and who was looked at for entry."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.touches.enums import EnrolmentState, Left, StepState, words_of
from journeys.contact.enums import Channel


class Enrolment(models.Model):
    """One stay of a customer in the touch plan of a campaign: his `rotation`-th. `occasion` is what
    he entered by, and enters by once. `version` is the one whose steps are sent, `left_detail` the
    number of the exit that was met. A trigger refuses delete, and that somebody comes back, but
    into a stay that had finished by a step that told nothing, and waits again."""

    campaign = models.ForeignKey(
        "campaigns.Campaign", models.PROTECT, related_name="enrolments", db_index=False
    )
    version = models.ForeignKey(
        "campaigns.CampaignVersion", models.PROTECT, related_name="+", db_index=False
    )
    customer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, related_name="+", db_index=False
    )
    rotation = models.PositiveSmallIntegerField()
    occasion = models.CharField(max_length=60)
    entered_at = models.DateTimeField(_("entered at"))
    ends_at = models.DateTimeField()
    state = models.CharField(
        _("state"), max_length=6, choices=EnrolmentState.choices, default=EnrolmentState.INSIDE
    )
    left_at = models.DateTimeField(_("left at"), null=True)
    left_because = models.CharField(max_length=10, choices=Left.choices, blank=True)
    left_detail = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="enrolment_rotation_once", fields=["customer", "campaign", "rotation"]
            ),
            models.UniqueConstraint(
                name="enrolment_inside_once",
                fields=["customer", "campaign"],
                condition=Q(state="inside"),
            ),
            models.UniqueConstraint(
                name="enrolment_occasion_once", fields=["customer", "campaign", "occasion"]
            ),
            models.CheckConstraint(
                name="enrolment_rotation_from_one", condition=Q(rotation__gte=1)
            ),
            models.CheckConstraint(
                name="enrolment_left_has_reason",
                condition=Q(state="inside", left_at=None, left_because="", left_detail=None)
                | Q(state="left", left_at__isnull=False) & ~Q(left_because=""),
            ),
        ]
        indexes = [
            models.Index(
                name="enrolment_inside", fields=["version", "id"], condition=Q(state="inside")
            ),
            models.Index(name="enrolment_ending", fields=["ends_at"], condition=Q(state="inside")),
            models.Index(name="enrolment_states", fields=["campaign", "state", "left_because"]),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}/{self.customer_id}/{self.rotation}"

    @property
    def is_inside(self) -> bool:
        return self.state == EnrolmentState.INSIDE

    @property
    def left_words(self) -> str:
        """Why the person left, for the reader; empty where he did not."""
        return str(Left(self.left_because).label) if self.left_because else ""


class TouchStep(models.Model):
    """One step for one stay: what is due, and once it is answered the receipt of it.

    `state` follows the message: a step whose message reached nobody is `unsent`, with the outbox's
    word for why, or waits to go by another channel than those that it `tried`.

    `planned_at` is when the plan says that it is due, null while its anchor is not known; `due_at`
    when it is looked at next, `wait_until` when its wait is over, `valid_until` from when on it is
    not sent any more. `answer` is a StepAnswer or an answer of the gate; of a step that waits the
    last one. `reasons` holds what its conditions found. A trigger refuses delete, and that what was
    answered is answered anew, but for a message that reached nobody, was called back, or off since
    the reward that it told of was taken back: then the step waits again.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="steps", db_index=False)
    version = models.ForeignKey(
        "campaigns.CampaignVersion", models.PROTECT, related_name="+", db_index=False
    )
    customer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, related_name="+", db_index=False
    )
    code = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    planned_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    wait_until = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=StepState.choices, default=StepState.WAITING)
    answer = models.CharField(max_length=16, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, blank=True)
    # In which of the step's variants it was told, or was to be when the gate was asked.
    variant = models.CharField(_("variant"), max_length=40, blank=True, default="", db_default="")
    # The channels by which it reached nobody, with commas between them.
    tried = models.CharField(max_length=48, blank=True, default="", db_default="")
    next_free = models.DateTimeField(null=True)
    reasons = models.JSONField(default=dict)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="touch_step_once", fields=["enrolment", "code"]),
            models.CheckConstraint(
                name="touch_step_answered_has_answer",
                condition=Q(state="waiting", answered_at=None)
                | ~Q(state="waiting") & Q(answered_at__isnull=False) & ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="touch_step_sent_has_channel",
                condition=~Q(state__in=["sent", "unsent"]) | ~Q(channel=""),
            ),
            models.CheckConstraint(
                name="touch_step_tries_another",
                condition=Q(channel="")
                | ~Q(state="sent")
                | ~Q(tried__contains=models.F("channel")),
            ),
            models.CheckConstraint(
                name="touch_step_due_is_planned",
                condition=Q(due_at=None) | Q(planned_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="touch_step_due",
                fields=["version", "due_at", "id"],
                condition=Q(state="waiting", due_at__isnull=False),
            ),
            models.Index(name="touch_step_planned", fields=["version", "planned_at"]),
            models.Index(
                name="touch_step_variants",
                fields=["version", "code", "variant", "state"],
                condition=~Q(variant=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}/{self.code}"

    @property
    def is_waiting(self) -> bool:
        return self.state == StepState.WAITING

    @property
    def was_written(self) -> bool:
        return self.state == StepState.SENT

    @property
    def answer_words(self) -> str:
        """The answer in words, and of a message that reached nobody that it did."""
        words = words_of(self.answer, self.state)
        return f"{StepState.UNSENT.label}: {words}" if self.state == StepState.UNSENT else words

    @property
    def channel_words(self) -> str:
        return str(Channel(self.channel).label) if self.channel else ""


class StepCount(models.Model):
    """How many more, or fewer, steps of a version stand so since a statement, of those planned for
    a day (null while their anchor is not known): all rows together say how many do. Triggers add
    them, and the sweep adds them to the row that holds their sum (`operations.add_up`). Nothing but
    these write here, and a key would have whoever answers steps wait for whoever stops a version.
    """

    version = models.ForeignKey(
        "campaigns.CampaignVersion", models.PROTECT, related_name="+", db_constraint=False
    )
    code = models.CharField(max_length=40)
    state = models.CharField(max_length=8)
    answer = models.CharField(max_length=16, blank=True)
    channel = models.CharField(max_length=8, blank=True)
    day = models.DateField(null=True)
    steps = models.IntegerField()
    is_sum = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="step_count_sum_once",
                fields=["version", "code", "state", "answer", "channel", "day"],
                condition=Q(is_sum=True),
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(name="step_count_day", fields=["version", "day"]),
            models.Index(name="step_count_new", fields=["version"], condition=Q(is_sum=False)),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.code} {self.state}: {self.steps}"


class StayCount(models.Model):
    """The same of the stays of a version."""

    version = models.ForeignKey(
        "campaigns.CampaignVersion", models.PROTECT, related_name="+", db_constraint=False
    )
    state = models.CharField(max_length=6)
    left_because = models.CharField(max_length=10, blank=True)
    stays = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.version_id} {self.state}: {self.stays}"


class TouchIntake(models.Model):
    """One time that a version looked for people to enter: by what, how far it is, and of how many
    it was, who entered and why the others did not. `audience` is the sum of `entered` and of the
    counts in `refused`."""

    version = models.ForeignKey("campaigns.CampaignVersion", models.PROTECT, related_name="+")
    occasion = models.CharField(max_length=60)
    begun_at = models.DateTimeField()
    next_id = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    audience = models.PositiveIntegerField(default=0)
    entered = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="touch_intake_once", fields=["version", "occasion"]),
            models.CheckConstraint(
                name="touch_intake_adds_up", condition=Q(audience__gte=models.F("entered"))
            ),
        ]
        indexes = [
            models.Index(
                name="touch_intake_open", fields=["version"], condition=Q(finished_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.occasion}"


class TouchMark(models.Model):
    """That a day of a customer's card, application or reward came or moved. Triggers add these
    rows; whoever has followed one drops it."""

    customer_id = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.customer_id)


class CallTurn(models.Model):
    """The one row that holds up to which minute calls were asked about in turn (`asked_until`, its
    beginning), so that a sweep that comes late asks for the minutes that it missed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    asked_until = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="call_turn_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.asked_until)


class LeftCall(models.Model):
    """That somebody left a touch plan by its goal, an exit, or because it is not about him any
    more, when this step had been told the telephone: whoever has looked for its call drops it."""

    step = models.OneToOneField(TouchStep, models.PROTECT, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return str(self.step_id)
