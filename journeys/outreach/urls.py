"""Addresses of the outbox."""

from django.urls import path

from journeys.outreach import views
from journeys.outreach.intake import callbacks, on_site

urlpatterns = [
    path("outbox/", views.outbox_page, name="outbox_page"),
    path("outbox/figures/", views.outbox_figures, name="outbox_figures"),
    path("outbox/standing/", views.outbox_standing, name="outbox_standing"),
    path("outbox/rates/", views.outbox_rates, name="outbox_rates"),
    path("outbox/origin/<path:origin>/standing/", views.origin_standing, name="origin_standing"),
    path("outbox/origin/<path:origin>/change/", views.change_origin, name="change_origin"),
    path("outbox/origin/<path:origin>/", views.origin_page, name="origin_page"),
    path("outbox/<int:message_id>/", views.message_page, name="message_page"),
    path("outbox/<int:message_id>/settle/", views.settle_message, name="settle_message"),
    path("answers/", views.answer_list, name="answer_list"),
    path("answers/<int:answer_id>/settle/", views.answer_settle, name="answer_settle"),
    path("bad-addresses/", views.bad_address_list, name="bad_address_list"),
    path("bad-addresses/<int:bad_address_id>/end/", views.bad_address_end, name="bad_address_end"),
    path("own-addresses/", views.own_addresses_page, name="own_addresses_page"),
    path("own-addresses/<slug:channel>/ask/", views.own_address_ask, name="own_address_ask"),
    path(
        "own-addresses/<slug:channel>/confirm/",
        views.own_address_confirm,
        name="own_address_confirm",
    ),
    path("own-addresses/<slug:channel>/end/", views.own_address_end, name="own_address_end"),
    path("unsubscribe/", views.unsubscribe, name="unsubscribe"),
    path("api/v1/channels/<slug:code>/receipts/", callbacks.receipts, name="channel_receipts"),
    path("api/v1/channels/<slug:code>/answers/", callbacks.answers, name="channel_answers"),
    path("api/v1/on-site/messages/", on_site.messages, name="api_on_site_messages"),
    path("api/v1/on-site/read/", on_site.read, name="api_on_site_read"),
]
