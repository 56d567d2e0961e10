"""Templates and messages of the outbox."""

import factory

from journeys.contact.enums import Channel, Purpose
from journeys.contact.models import Contact
from journeys.outreach.models import Message, MessageTemplate
from tests.factories.journeys import INSTANT, CustomerFactory


class TemplateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MessageTemplate
        django_get_or_create = ("code", "channel", "language", "version")

    code = "greeting"
    channel = Channel.SMS
    language = "zh-hans"
    version = 1
    subject = factory.LazyAttribute(lambda row: "您好" if row.channel == "email" else "")
    body = "【信用卡中心】{name}您好。拒收请回复R"


class MessageFactory(factory.django.DjangoModelFactory):
    """A message that is due at INSTANT (noon in Shanghai), with its contact reserved."""

    class Meta:
        model = Message
        skip_postgeneration_save = True

    customer = factory.SubFactory(CustomerFactory)
    channel = Channel.SMS
    purpose = Purpose.MARKETING
    template = factory.SubFactory(TemplateFactory, channel=factory.SelfAttribute("..channel"))
    context = factory.LazyFunction(lambda: {"name": "王**"})
    origin = "test"
    dedup_key = factory.Sequence(lambda n: f"test:{n}")
    queued_at = INSTANT
    not_before = INSTANT

    @factory.post_generation
    def contact(self, create: bool, extracted: object, **_more: object) -> None:
        Contact.objects.create(
            customer=self.customer,
            channel=self.channel,
            purpose=self.purpose,
            at=self.not_before,
            origin=self.origin,
            dedup_key=self.dedup_key,
        )
