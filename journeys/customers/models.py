"""Customers: persons and small companies. Phone, ID number, e-mail and address are
sealed."""

from typing import Any

from django.db import models
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Length, Replace, Right
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from journeys.customers.enums import CustomerKind, LawfulBasis, Source
from journeys.customers.rules import HASH_OF
from portal.kit import keys, masking
from portal.kit.fields import SealedField, index_field
from portal.kit.personal import ERASED, said

# The pinyin as people type it: "wangxiaoming".
LETTERS = Replace("name_pinyin", Value(" "), Value(""))
# The name as `rules.name_as_typed` has what was typed: by code points, so that Latin letters of
# ASCII alone are made small, whatever the database's own order of signs.
NAME_AS_TYPED = Func(
    "name",
    template="lower(replace(normalize(%(expressions)s, NFKC), ' ', '') COLLATE \"C\")",
    output_field=TextField(),
)


class Customer(models.Model):
    """A customer under the bank's own number. `*_masked` is what pages show."""

    number = models.CharField(_("customer number"), max_length=40, unique=True)
    kind = models.CharField(
        _("kind"), max_length=8, choices=CustomerKind.choices, default=CustomerKind.PERSON
    )
    name = models.CharField(_("name"), max_length=80)
    name_pinyin = models.CharField(max_length=200, blank=True)
    # "wang xiao ming" is also found by "wxm".
    name_initials = models.GeneratedField(
        expression=Func(
            F("name_pinyin"), Value("([^ ])[^ ]* ?"), Value(r"\1"), Value("g"),
            function="regexp_replace",
        ),
        output_field=models.CharField(max_length=200),
        db_persist=True,
    )  # fmt: skip
    birth_date = models.DateField(_("born on"), null=True)
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    division_code = models.CharField(_("division code"), max_length=12, blank=True)
    registered_date = models.DateField(_("customer since"))
    as_of = models.DateTimeField(_("as of"), null=True)
    heard_at = models.DateTimeField(_("received without an instant"), null=True)
    source = models.CharField(_("source"), max_length=16, choices=Source.choices)
    lawful_basis = models.CharField(_("lawful basis"), max_length=12, choices=LawfulBasis.choices)
    phone_sealed = SealedField(seal="customer.phone", index="phone")
    phone_index = index_field()
    phone_masked = models.CharField(_("phone"), max_length=20, blank=True)
    # Who answers the phone, who bears the ID number, who reads the e-mail: hashes by which the gate
    # knows the same under several numbers. Unlike the indexes beside them, they never change their
    # key.
    callee = models.BinaryField(null=True, max_length=16)
    id_number_sealed = SealedField(seal="customer.id_number", index="id_number")
    id_number_index = index_field()
    id_number_masked = models.CharField(_("ID number"), max_length=24, blank=True)
    bearer = models.BinaryField(null=True, max_length=16)
    email_sealed = SealedField(seal="customer.email", index="email")
    email_index = index_field()
    email_masked = models.CharField(_("e-mail"), max_length=120, blank=True)
    reader = models.BinaryField(null=True, max_length=16)
    address_sealed = SealedField(seal="customer.address", index="address")
    address_index = index_field()
    address_masked = models.CharField(
        _("postal address"), max_length=80, blank=True, default="", db_default=""
    )

    class Meta:
        indexes = [
            models.Index(name="customer_phone_index", fields=["phone_index"]),
            *(models.Index(name=f"customer_{name}", fields=[name]) for name in HASH_OF.values()),
            models.Index(name="customer_id_number_index", fields=["id_number_index"]),
            models.Index(name="customer_email_index", fields=["email_index"]),
            models.Index(Right("phone_masked", 4), "id", name="customer_phone_tail"),
            models.Index(name="customer_branch", fields=["branch", "id"]),
            # Both the search by a start and the order, in a database that sorts by code points.
            models.Index(LETTERS, "id", name="customer_letters"),
            models.Index(name="customer_initials", fields=["name_initials", "id"]),
            models.Index(NAME_AS_TYPED, "id", name="customer_name_typed"),
        ]
        constraints = [
            keys.addressable("customer_number_addressable"),
            *(
                models.CheckConstraint(
                    name=f"customer_{field}_sealed_with_index",
                    condition=models.Q(**{f"{field}_sealed": None, f"{field}_index": None})
                    | models.Q(
                        **{f"{field}_sealed__isnull": False, f"{field}_index__isnull": False}
                    ),
                )
                for field in ("phone", "id_number", "email", "address")
            ),
            *(
                models.CheckConstraint(
                    name=f"customer_{field}_with_{name}",
                    condition=models.Q(**{f"{field}_sealed": None, name: None})
                    | models.Q(**{f"{field}_sealed__isnull": False, f"{name}__isnull": False})
                    & models.Q(Exact(Length(name), 16)),
                )
                for field, name in HASH_OF.items()
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def shown_name(self) -> str:
        """The name as lists show it: a person's is masked, a company's is public but for a number
        or address in it, as small traders have."""
        if self.name == ERASED:
            return said(self.name)
        mask = masking.mask_text if self.kind == CustomerKind.COMPANY else masking.mask_name
        return mask(self.name)

    @property
    def has_masked_name(self) -> bool:
        """Whether pages show less than the name."""
        return self.name != ERASED and self.shown_name != self.name

    @property
    def kind_label(self) -> str:
        """The kind in words. Django's get_kind_display translates every choice anew for each row,
        which takes a quarter of the time of a list."""
        return str(CustomerKind(self.kind).label)

    @property
    def stage_row(self) -> Any:
        """Where the customer stands on the journey, or None before it was first worked out."""
        return getattr(self, "journey", None)


class ErasedNumber(models.Model):
    """A keyed hash of the number of a customer or lead who was erased at the person's request: a
    later file or list that names the number again is refused, and does not bring the person back.
    The number itself stands nowhere any more."""

    number_hash = models.BinaryField(unique=True, max_length=16)
    erased_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="erased_number_is_hashed",
                condition=models.Q(Exact(Length("number_hash"), 16)),
            ),
        ]
