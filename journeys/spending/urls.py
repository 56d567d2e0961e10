"""Addresses of spending."""

from django.urls import path

from journeys.spending import views

urlpatterns = [
    path("spending/merchants/<str:number>/", views.merchant_turnover, name="merchant_turnover"),
]
