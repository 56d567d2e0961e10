"""Addresses of applications."""

from django.urls import path

from journeys.cards import views

urlpatterns = [
    path("applications/clock/", views.application_clock, name="application_clock"),
    path("applications/clock/limits/", views.clock_rules, name="clock_rules"),
    path("applications/clock/limits/new/", views.clock_rule_new, name="clock_rule_new"),
]
