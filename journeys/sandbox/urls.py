"""Addresses of the practice gateways' page."""

from django.urls import path

from journeys.sandbox import views

urlpatterns = [
    path("sandbox/", views.sandbox_page, name="sandbox_page"),
    path("sandbox/received/", views.sandbox_received, name="sandbox_received"),
]
