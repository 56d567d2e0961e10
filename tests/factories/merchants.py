"""Merchants and their categories."""

import factory

from merchants.directory.enums import Scenario
from merchants.models import Merchant, MerchantCategory
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
    name = factory.Sequence(lambda n: f"商户{n}")
    name_en = factory.Sequence(lambda n: f"Merchant {n}")
    category = factory.SubFactory(CategoryFactory)
    branch = factory.SubFactory(BranchFactory)
