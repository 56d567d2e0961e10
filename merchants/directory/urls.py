"""Addresses of the merchant directory, below /merchants/."""

from django.urls import path

from merchants.directory import views

urlpatterns = [
    path("", views.merchant_list, name="merchant_list"),
    path("directory/same/", views.merchant_same_list, name="merchant_same_list"),
    path("directory/merges/<int:merge_id>/", views.merchant_merge_undo, name="merchant_merge_undo"),
    path("directory/divisions/", views.merchant_divisions, name="merchant_divisions"),
    path("directory/reveals/", views.contact_reveal_list, name="contact_reveal_list"),
    path("<str:number>/", views.merchant_page, name="merchant_page"),
    path("<str:number>/edit/", views.merchant_edit, name="merchant_edit"),
    path("<str:number>/partner/", views.merchant_partner, name="merchant_partner"),
    path("<str:number>/manager/", views.merchant_assign, name="merchant_assign"),
    path("<str:number>/same/<str:other>/", views.merchant_merge, name="merchant_merge"),
    path("<str:number>/entries/<slug:kind>/", views.merchant_entry_new, name="merchant_entry_new"),
    path(
        "<str:number>/entries/<slug:kind>/<int:entry_id>/",
        views.merchant_entry,
        name="merchant_entry",
    ),
    path(
        "<str:number>/contacts/<str:contact>/<slug:field>/",
        views.contact_reveal,
        name="contact_reveal",
    ),
]
