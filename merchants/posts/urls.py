"""Addresses of posts, below /merchants/posts/."""

from django.urls import path

from merchants.posts import views

urlpatterns = [
    path("", views.post_list, name="post_list"),
    path("rota/", views.post_rota, name="post_rota"),
    path("mine/", views.post_mine, name="post_mine"),
    path("results/", views.post_results, name="post_results"),
    path("staff/", views.post_staff_list, name="post_staff_list"),
    path("staff/<str:username>/qualified/", views.qualification_new, name="qualification_new"),
    path("staff/<str:username>/absent/", views.absence_new, name="absence_new"),
    path(
        "qualifications/<int:qualification_id>/withdraw/",
        views.qualification_withdraw,
        name="qualification_withdraw",
    ),
    path("absences/<int:absence_id>/cancel/", views.absence_cancel, name="absence_cancel"),
    path("of/<str:number>/", views.merchant_posts, name="merchant_posts"),
    path("new/<str:number>/", views.post_new, name="post_new"),
    path("at/<str:number>/", views.post_page, name="post_page"),
    path("at/<str:number>/edit/", views.post_edit, name="post_edit"),
    path("at/<str:number>/cost/", views.post_cost, name="post_cost"),
    path("at/<str:number>/shift/", views.shift_new, name="shift_new"),
    path("shifts/<int:shift_id>/", views.shift_page, name="shift_page"),
    path("shifts/<int:shift_id>/cancel/", views.shift_cancel, name="shift_cancel"),
    path("shifts/<int:shift_id>/<str:step>/", views.shift_step, name="shift_step"),
]
