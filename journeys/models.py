"""The models of journeys, gathered from the topics for Django."""

from journeys.cards.models import Application, Card, CardProduct
from journeys.care.models import CareEvent, Complaint, ComplaintRule, ServiceCase
from journeys.contact.models import (
    CalendarDay,
    CalendarYear,
    Consent,
    ConsentText,
    Contact,
    ContactHours,
    ContactRule,
    DoNotContact,
    MarketingPause,
)
from journeys.customers.models import Customer
from journeys.outreach.models import Message, MessageTemplate
from journeys.points.models import PointsEntry
from journeys.sandbox.models import ReceivedMessage
from journeys.spending.models import Transaction
from journeys.stages.models import CustomerStage, StageCount
from journeys.telemarketing.models import Lead

__all__ = [
    "Application", "CalendarDay", "CalendarYear", "Card", "CardProduct", "CareEvent", "Complaint",
    "ComplaintRule", "Consent", "ConsentText", "Contact", "ContactHours", "ContactRule", "Customer",
    "CustomerStage", "DoNotContact", "Lead", "MarketingPause", "Message", "MessageTemplate",
    "PointsEntry", "ReceivedMessage", "ServiceCase", "StageCount", "Transaction",
]  # fmt: skip
