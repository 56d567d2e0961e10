"""Addresses of the evidence of turnover."""

from django.urls import path

from merchants.evidence import views

urlpatterns = [
    path("<str:number>/evidence/", views.merchant_evidence, name="merchant_evidence"),
    path("<str:number>/figures/", views.merchant_figures, name="merchant_figures"),
]
