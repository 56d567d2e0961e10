"""Addresses of the funnel of acquiring partners, below /merchants/."""

from django.urls import path

from merchants.prospects import views

urlpatterns = [path("prospects/funnel/", views.prospect_funnel, name="prospect_funnel")]
