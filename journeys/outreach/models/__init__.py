"""Texts of messages, the outbox, what comes back, and what holds messages up."""

from journeys.outreach.models.answers import Answer, BadCall, Receipt
from journeys.outreach.models.outbox import Message, SentCount, words_of_origin
from journeys.outreach.models.own import OwnAddress
from journeys.outreach.models.standing import CallingOff, OriginHalt, SendingRate
from journeys.outreach.models.texts import MessageTemplate, TextTest, TextWithdrawal

__all__ = [
    "Answer", "BadCall", "CallingOff", "Message", "MessageTemplate", "OriginHalt", "OwnAddress",
    "Receipt", "SendingRate", "SentCount", "TextTest", "TextWithdrawal", "words_of_origin",
]  # fmt: skip
