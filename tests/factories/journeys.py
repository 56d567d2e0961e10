"""Customers and what they did."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import factory

from journeys.cards.enums import ApplicationState
from journeys.contact.enums import Channel, ConsentPurpose, DayKind
from journeys.customers import queries
from journeys.customers.enums import LawfulBasis, Source, Trait
from journeys.models import (
    Application,
    CalendarYear,
    Card,
    CardProduct,
    Consent,
    ConsentText,
    ContactHours,
    ContactRule,
    Customer,
    Lead,
    Transaction,
)
from portal.kit import masking, sealed
from tests.factories import leads
from tests.factories.portal import BranchFactory

DAY = dt.date(2026, 3, 2)
INSTANT = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)


class ContactRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ContactRule
        django_get_or_create = ("effective_date",)

    effective_date = dt.date(2020, 1, 1)
    day_cap = 2
    month_cap = 5
    source = "test"

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **values: Any) -> Any:
        """With the same hours on all channels and days, and years that are known."""
        opens, closes = values.pop("opens", dt.time(9)), values.pop("closes", dt.time(20))
        rule = super()._create(model_class, *args, **values)
        for channel, day_kind in itertools.product(Channel.values, DayKind.values):
            ContactHours.objects.get_or_create(
                effective_date=rule.effective_date, channel=channel, day_kind=day_kind,
                defaults={"opens": opens, "closes": closes, "source": "test"},
            )  # fmt: skip
        make_years_known()
        return rule


def make_years_known() -> None:
    """Committed tests run in an emptied database; and the real clock goes on."""
    years = range(2020, 2061)
    CalendarYear.objects.bulk_create(
        (CalendarYear(year=year, source="test") for year in years), ignore_conflicts=True
    )


def _own(number: int) -> str:
    """Eight digits for a customer. The last is always 7: by what a number ends with, 0000, 1111 or
    2222, the practice gateways practise a fault, and tests look for ends such as 1234."""
    return f"{number:07d}7"


class CustomerFactory(factory.django.DjangoModelFactory):
    """A customer with a phone and an e-mail address, sealed as in real life."""

    class Meta:
        model = Customer

    class Params:
        phone = factory.Sequence(lambda n: f"138{_own(n)}")
        email = factory.Sequence(lambda n: f"customer{_own(n)}@example.test")
        address = ""
        id_number = ""

    number = factory.Sequence(lambda n: f"C{_own(n)}")
    name = "王小明"
    name_pinyin = "wang xiao ming"
    branch = factory.SubFactory(BranchFactory)
    registered_date = DAY
    source = Source.CORE_BANKING
    lawful_basis = LawfulBasis.CONTRACT
    phone_sealed = factory.LazyAttribute(lambda row: sealed.seal(row.phone, "customer.phone"))
    phone_index = factory.LazyAttribute(lambda row: sealed.blind_index(row.phone, "phone"))
    phone_masked = factory.LazyAttribute(lambda row: masking.mask_phone(row.phone))
    callee = factory.LazyAttribute(
        lambda row: queries.callee_of(row.phone) if row.phone_sealed else None
    )
    email_sealed = factory.LazyAttribute(lambda row: sealed.seal(row.email, "customer.email"))
    email_index = factory.LazyAttribute(lambda row: sealed.blind_index(row.email, "email"))
    email_masked = factory.LazyAttribute(lambda row: masking.mask_email(row.email))
    reader = factory.LazyAttribute(
        lambda row: queries.hash_of(Trait.EMAIL, row.email) if row.email_sealed else None
    )
    id_number_sealed = factory.LazyAttribute(
        lambda row: sealed.seal(row.id_number, "customer.id_number") if row.id_number else None
    )
    id_number_index = factory.LazyAttribute(
        lambda row: sealed.blind_index(row.id_number, "id_number") if row.id_number else None
    )
    id_number_masked = factory.LazyAttribute(lambda row: masking.mask_id_number(row.id_number))
    bearer = factory.LazyAttribute(
        lambda row: queries.hash_of(Trait.ID_NUMBER, row.id_number) if row.id_number else None
    )
    address_sealed = factory.LazyAttribute(
        lambda row: sealed.seal(row.address, "customer.address") if row.address else None
    )
    address_index = factory.LazyAttribute(
        lambda row: sealed.blind_index(row.address, "address") if row.address else None
    )
    address_masked = factory.LazyAttribute(lambda row: masking.mask_address(row.address))


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CardProduct
        django_get_or_create = ("code",)

    code = "GOLD"
    name = "金卡"
    name_en = "Gold card"
    issuer = "本行"


class ApplicationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Application

    number = factory.Sequence(lambda n: f"A{n:08d}")
    customer = factory.SubFactory(CustomerFactory)
    product = factory.SubFactory(ProductFactory)
    branch = factory.SelfAttribute("customer.branch")
    filed_date = DAY - dt.timedelta(days=10)
    state = ApplicationState.APPROVED
    decided_date = DAY


class CardFactory(factory.django.DjangoModelFactory):
    """A card issued on DAY, ten days after its application; not yet activated."""

    class Meta:
        model = Card
        skip_postgeneration_save = True

    reference = factory.Sequence(lambda n: f"K{n:08d}")
    masked_number = "622588******0001"
    customer = factory.SubFactory(CustomerFactory)
    application = factory.SubFactory(
        ApplicationFactory, customer=factory.SelfAttribute("..customer")
    )
    product = factory.SelfAttribute("application.product")
    branch = factory.SelfAttribute("customer.branch")
    issued_date = DAY

    @factory.post_generation
    def _application_follows(card, _create: bool, _given: object, **_more: object) -> None:  # noqa: N805
        """As the import of cards does."""
        rows = Application.objects.filter(pk=card.application_id, card_issued_date=None)
        rows.update(card_issued_date=card.issued_date)


class TransactionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Transaction

    reference = factory.Sequence(lambda n: f"T{n:010d}")
    card = factory.SubFactory(CardFactory)
    customer = factory.SelfAttribute("card.customer")
    kind = factory.LazyAttribute(lambda row: "purchase" if row.amount > 0 else "refund")
    amount = Decimal("100.00")
    posted_date = DAY


class ConsentTextFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ConsentText
        django_get_or_create = ("code", "version")

    code = "marketing"
    version = 1
    purpose = ConsentPurpose.MARKETING
    words = "本人同意接收营销信息。"
    words_en = "I agree to receive marketing."
    effective_date = dt.date(2020, 1, 1)


class ConsentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Consent

    customer = factory.SubFactory(CustomerFactory)
    purpose = ConsentPurpose.MARKETING
    channel = Channel.SMS
    is_granted = True
    text = factory.Maybe("is_granted", factory.SubFactory(ConsentTextFactory), None)
    evidence = "test"
    effective_at = INSTANT
    recorded_at = factory.SelfAttribute("effective_at")


class LeadFactory(factory.django.DjangoModelFactory):
    """A new lead of a branch, owned by nobody; with an owner or state it came so with its list."""

    class Meta:
        model = Lead

    class Params:
        phone = ""

    number = factory.Sequence(lambda n: f"L{n:07d}")
    kind = "person"
    name = "李晓明"
    phone_sealed = factory.LazyAttribute(
        lambda row: sealed.seal(row.phone, "lead.phone") if row.phone else None
    )
    phone_index = factory.LazyAttribute(
        lambda row: sealed.blind_index(row.phone, "phone") if row.phone else None
    )
    phone_masked = factory.LazyAttribute(
        lambda row: masking.mask_phone(row.phone) if row.phone else "154****0001"
    )
    callee = factory.LazyAttribute(lambda row: queries.callee_of(row.phone) if row.phone else None)
    source = Source.REFERRAL
    lawful_basis = LawfulBasis.CONSENT
    branch = factory.SubFactory(BranchFactory)
    created_at = INSTANT

    @classmethod
    def _create(cls, model_class: type[Lead], *args: Any, **kwargs: Any) -> Lead:
        owner, state = kwargs.pop("owner", None), kwargs.pop("state", "new")
        lead: Lead = super()._create(model_class, *args, **kwargs)
        return leads.moved(lead, owner=owner, state=state)
