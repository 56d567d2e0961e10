"""Addresses of stages."""

from django.urls import path

from journeys.stages import views

urlpatterns = [path("stages/", views.stage_funnel, name="stage_funnel")]
