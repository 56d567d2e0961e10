"""Addresses of applications."""

from django.urls import path

from journeys.cards import views

urlpatterns = [path("applications/clock/", views.application_clock, name="application_clock")]
