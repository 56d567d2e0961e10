"""Leads: persons and companies that may apply for a card."""

from django.db import models
from django.db.models import Value
from django.db.models.functions import Cast, Length, Mod
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from journeys.customers.enums import CustomerKind, LawfulBasis, Source
from journeys.telemarketing.enums import LeadState
from portal.kit import masking
from portal.kit.fields import SealedField, index_field
from portal.kit.personal import ERASED, said

# The id of the message that a call is for, in the lead's number.
MESSAGE_ID = r"^M-([0-9]{1,18})-[0-9a-f]{16}$"
_MESSAGE = Cast(
    models.Func(models.F("number"), Value(MESSAGE_ID), function="substring"),
    models.BigIntegerField(),
)
_IS_FREE = models.Q(owner=None, state="new", holder=None)
_IS_OPEN = models.Q(state__in=["new", "working"])
_IS_OPEN_CALL = models.Q(number__startswith="M-", state__in=["new", "working"])


class Lead(models.Model):
    """A person or company that may apply, with its source and the lawful basis for holding it."""

    number = models.CharField(_("lead number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=CustomerKind.choices)
    name = models.CharField(_("name"), max_length=80)
    company = models.CharField(_("company"), max_length=120, blank=True)
    phone_sealed = SealedField(seal="lead.phone", index="phone")
    phone_index = index_field()
    phone_masked = models.CharField(_("phone"), max_length=20, blank=True)
    # Who answers the phone, as beside a customer's: by it a refusal of the phone is found.
    callee = models.BinaryField(null=True, max_length=16)
    source = models.CharField(_("source"), max_length=16, choices=Source.choices)
    lawful_basis = models.CharField(_("lawful basis"), max_length=12, choices=LawfulBasis.choices)
    post = models.ForeignKey(
        "merchants.Post", models.PROTECT, null=True, related_name="+", db_index=False
    )
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+")
    team = models.ForeignKey("portal.Team", models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="leads")
    state = models.CharField(
        _("state"), max_length=8, choices=LeadState.choices, default=LeadState.NEW
    )
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("what the call is about"), blank=True, default="", db_default="")
    # Where the call has a last day: the end of it.
    call_before = models.DateTimeField(_("call before"), null=True)
    # Since when its person is out of the plan that asked for the call.
    left_at = models.DateTimeField(_("out of the plan since"), null=True)
    created_at = models.DateTimeField(_("collected at"))
    # Owner, state and these follow the history of moves, which alone writes them (`LeadMove`).
    moved = models.PositiveIntegerField(default=0, db_default=0)
    protected_until = models.DateTimeField(_("protected until"), null=True)
    protected_at_most = models.DateTimeField(null=True)
    # What the next lead is chosen by: from 0 to 100; calls that were made, and when the last was;
    # not before; and what was promised on the telephone.
    priority = models.PositiveSmallIntegerField(_("priority"), default=50, db_default=50)
    attempts = models.PositiveSmallIntegerField(_("calls made"), default=0, db_default=0)
    called_at = models.DateTimeField(_("called last"), null=True)
    call_from = models.DateTimeField(_("call again from"), null=True)
    promised_at = models.DateTimeField(_("promised for"), null=True)
    # Whether it came, or was called, since its priority was worked out; a trigger says so.
    score_due = models.BooleanField(default=True, db_default=True)
    # Who has it in hand at this moment, and until when: nobody else is given it.
    holder = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+", db_index=False
    )
    held_until = models.DateTimeField(null=True)
    # Whoever collected it is credited for good: a trigger notes where that was, and refuses every
    # change of these and of source and post.
    collected_by = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+", db_index=False
    )
    campaign = models.CharField(
        _("code of the campaign"), max_length=40, blank=True, default="", db_default=""
    )
    credit_branch = models.ForeignKey(
        "portal.Branch", models.PROTECT, null=True, related_name="+", db_index=False
    )
    credit_team = models.ForeignKey(
        "portal.Team", models.PROTECT, null=True, related_name="+", db_index=False
    )
    basis_words = models.CharField(
        _("what the lawful basis rests on"), max_length=200, blank=True, default="", db_default=""
    )
    # The hash of what makes two leads look like one person or company (`queries.alike_of`), and
    # whether it came as the one open lead of its phone.
    alike = models.BinaryField(null=True, max_length=16)
    is_sole = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index(name="lead_branch_state", fields=["branch", "state", "-created_at"]),
            models.Index(name="lead_owner_state", fields=["owner", "state", "-created_at"]),
            # Calls of messages that are not over: by the message, and by turn and last day.
            models.Index(_MESSAGE, name="lead_open_call", condition=_IS_OPEN_CALL),
            models.Index(
                Mod(_MESSAGE, 60), "call_before", name="lead_call_turn", condition=_IS_OPEN_CALL
            ),
            # What the clock may return to the pool.
            models.Index(
                name="lead_protected",
                fields=["protected_until", "id"],
                condition=models.Q(protected_until__isnull=False),
            ),
            # What the next lead of a pool is found by, and its list is read by: the best first
            # (`queries.walking`); and what was promised.
            models.Index(
                name="lead_next",
                fields=["branch", "-priority", "attempts", "-created_at", "-id"],
                condition=_IS_FREE,
            ),
            models.Index(
                name="lead_next_promised",
                fields=["branch", "promised_at"],
                condition=_IS_FREE & models.Q(promised_at__isnull=False),
            ),
            models.Index(
                name="lead_score_due",
                fields=["id"],
                condition=models.Q(score_due=True, state__in=["new", "working"]),
            ),
            # All calls to one phone, whoever's lead it is.
            models.Index(
                name="lead_callee", fields=["callee"], condition=models.Q(callee__isnull=False)
            ),
            models.Index(
                name="lead_held_until",
                fields=["held_until"],
                condition=models.Q(held_until__isnull=False),
            ),
            # Who may be the same person or company.
            models.Index(
                name="lead_alike",
                fields=["alike", "id"],
                condition=_IS_OPEN & models.Q(alike__isnull=False),
            ),
            models.Index(
                name="lead_of_post",
                fields=["post", "created_at"],
                condition=models.Q(post__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="lead_of_post_says_so",
                condition=models.Q(post=None) | models.Q(source=Source.POST),
            ),
            models.CheckConstraint(
                name="lead_left_is_of_message",
                condition=models.Q(left_at=None) | models.Q(number__startswith="M-"),
            ),
            # Of the leads that came as the one of their phone, one is open.
            models.UniqueConstraint(
                name="lead_one_open_of_phone",
                fields=["callee"],
                condition=_IS_OPEN & models.Q(is_sole=True),
            ),
            models.CheckConstraint(
                name="lead_alike_is_hashed",
                condition=models.Q(alike=None) | models.Q(Exact(Length("alike"), 16)),
            ),
            models.CheckConstraint(
                name="lead_working_has_owner",
                condition=~models.Q(state=LeadState.WORKING) | models.Q(owner__isnull=False),
            ),
            models.CheckConstraint(
                name="lead_priority_in_bounds", condition=models.Q(priority__lte=100)
            ),
            models.CheckConstraint(
                name="lead_promise_is_not_before",
                condition=models.Q(promised_at=None)
                | models.Q(call_from__isnull=False, call_from=models.F("promised_at")),
            ),
            models.CheckConstraint(
                name="lead_called_has_time",
                condition=models.Q(attempts=0, called_at=None)
                | models.Q(attempts__gte=1, called_at__isnull=False),
            ),
            # Nobody has two leads in hand, none that is another's, and none that has ended.
            models.UniqueConstraint(
                name="lead_one_in_hand",
                fields=["holder"],
                condition=models.Q(holder__isnull=False),
            ),
            models.CheckConstraint(
                name="lead_in_hand_is_free_or_own",
                condition=models.Q(holder=None, held_until=None)
                | models.Q(holder__isnull=False, held_until__isnull=False)
                & models.Q(state__in=["new", "working"])
                & (models.Q(owner=None) | models.Q(owner=models.F("holder"))),
            ),
            models.CheckConstraint(
                name="lead_phone_with_callee",
                condition=models.Q(phone_sealed=None, callee=None)
                | models.Q(phone_sealed__isnull=False, callee__isnull=False)
                & models.Q(Exact(Length("callee"), 16)),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def shown_name(self) -> str:
        """The person's name, masked."""
        if self.name == ERASED:
            return said(self.name)
        return masking.mask_name(self.name)

    @property
    def shown_company(self) -> str:
        """The company's name, which is public but for a number or address in it."""
        return masking.mask_text(self.company)

    @property
    def shown_reason(self) -> str:
        """What the call is about, numbers and addresses masked."""
        return masking.mask_text(self.reason)

    @property
    def is_left(self) -> bool:
        """Whether its person is out of the plan that asked for the call, which is not over."""
        return self.left_at is not None and self.is_open

    @property
    def is_without_use(self) -> bool:
        """Whether nobody is on it (any more), and its person is out of the plan."""
        return self.is_left and self.state == LeadState.NEW and self.owner_id is None

    @property
    def is_open(self) -> bool:
        """Whether there is still work to do."""
        return self.state in (LeadState.NEW, LeadState.WORKING)
