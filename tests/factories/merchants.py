"""Merchants, their categories, and what hangs on them."""

import datetime as dt

import factory

from merchants.directory.enums import Scenario
from merchants.models import (
    DataClause,
    Division,
    Merchant,
    MerchantCategory,
    MerchantContact,
    MerchantContract,
    Store,
)
from portal.kit import masking, sealed
from tests.factories.portal import BranchFactory


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MerchantCategory
        django_get_or_create = ("mcc",)

    mcc = "5812"
    name = "餐馆"
    name_en = "Eating places and restaurants"
    scenario = Scenario.DINING


class MerchantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Merchant

    number = factory.Sequence(lambda n: f"M{n:06d}")
    name = factory.Sequence(lambda n: f"商户{n:05d}")
    name_en = factory.Sequence(lambda n: f"Merchant {n:05d}")
    category = factory.SubFactory(CategoryFactory)
    branch = factory.SubFactory(BranchFactory)


class DivisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Division
        django_get_or_create = ("code",)

    code = "330106"
    name = "西湖区"
    name_en = "Xihu"


class StoreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Store

    merchant = factory.SubFactory(MerchantFactory)
    number = factory.Sequence(lambda n: f"S{n:06d}")
    name = factory.Sequence(lambda n: f"门店{n:05d}")
    division = factory.SubFactory(DivisionFactory)


class ContractFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MerchantContract

    merchant = factory.SubFactory(MerchantFactory)
    number = factory.Sequence(lambda n: f"HT{n:06d}")
    signed_date = dt.date(2026, 1, 5)
    first_date = dt.date(2026, 1, 10)
    last_date = dt.date(2026, 12, 31)


class ClauseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DataClause

    merchant = factory.SubFactory(MerchantFactory)
    state = "signed"
    purposes = ["redemption"]
    data_kinds = "卡号后四位"
    handling = "核销时比对，不留存"
    first_date = dt.date(2026, 1, 10)
    last_date = dt.date(2026, 12, 31)


class ContactFactory(factory.django.DjangoModelFactory):
    """A contact person; `name`, `phone` and `email` are sealed as operations seal them."""

    class Meta:
        model = MerchantContact

    class Params:
        name = "王小明"
        phone = ""
        email = ""

    merchant = factory.SubFactory(MerchantFactory)
    number = factory.Sequence(lambda n: f"P{n:06d}")
    role = "manager"
    name_sealed = factory.LazyAttribute(lambda row: sealed.seal(row.name, f"{_SEAL}name"))
    name_index = factory.LazyAttribute(lambda row: _index(row.name, "name"))
    name_masked = factory.LazyAttribute(lambda row: masking.mask_name(row.name))
    phone_sealed = factory.LazyAttribute(lambda row: _sealed(row.phone, "phone"))
    phone_index = factory.LazyAttribute(lambda row: _index(row.phone, "phone"))
    phone_masked = factory.LazyAttribute(lambda row: masking.mask_phone(row.phone))
    email_sealed = factory.LazyAttribute(lambda row: _sealed(row.email, "email"))
    email_index = factory.LazyAttribute(lambda row: _index(row.email, "email"))
    email_masked = factory.LazyAttribute(lambda row: masking.mask_email(row.email))


_SEAL = "merchantcontact."


def _sealed(value: str, field: str) -> bytes | None:
    return sealed.seal(value, f"{_SEAL}{field}") if value else None


def _index(value: str, field: str) -> bytes | None:
    return sealed.blind_index(value, f"{_SEAL}{field}") if value else None
