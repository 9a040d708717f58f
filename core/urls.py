from django.urls import path

from core import views

app_name = "core"
urlpatterns = [
    path("cong-viec/<int:pk>/", views.job_detail, name="job-detail"),
    path("cong-viec/<int:pk>/thu-lai/", views.job_retry, name="job-retry"),
    path("thong-bao/", views.notice_list, name="notice-list"),
    path("thong-bao/<int:pk>/mo/", views.notice_open, name="notice-open"),
    path("thong-bao/da-doc/", views.notice_read_all, name="notice-read-all"),
]
