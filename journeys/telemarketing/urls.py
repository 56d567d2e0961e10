"""Addresses of branch telemarketing."""

from django.urls import path

from journeys.telemarketing import views

urlpatterns = [path("leads/", views.lead_list, name="lead_list")]
