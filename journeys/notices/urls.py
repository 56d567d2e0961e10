"""Addresses of the results that customers were told."""

from django.urls import path

from journeys.notices import views

urlpatterns = [path("applications/results/", views.result_list, name="result_list")]
