"""Addresses of the outbox."""

from django.urls import path

from journeys.outreach import views

urlpatterns = [
    path("outbox/", views.outbox_page, name="outbox_page"),
    path("outbox/figures/", views.outbox_figures, name="outbox_figures"),
    path("outbox/<int:message_id>/", views.message_page, name="message_page"),
    path("outbox/<int:message_id>/settle/", views.settle_message, name="settle_message"),
]
