"""Addresses of the outbox."""

from django.urls import path

from journeys.outreach import views

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
]
