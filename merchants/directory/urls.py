"""Addresses of the merchant directory, below /merchants/."""

from django.urls import path

from merchants.directory import views

urlpatterns = [
    path("", views.merchant_list, name="merchant_list"),
    path("<str:number>/", views.merchant_page, name="merchant_page"),
]
