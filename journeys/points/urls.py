"""Addresses of points."""

from django.urls import path

from journeys.points import views

urlpatterns = [
    path("customers/<str:number>/points/", views.customer_points, name="customer_points")
]
