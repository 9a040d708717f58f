from django.urls import path

from directives import views

app_name = "directives"
urlpatterns = [
    path("so-van-ban/", views.series_list, name="series-list"),
    path("so-van-ban/<int:authority_pk>/<str:type>/<int:year>/", views.series_mode, name="series-mode"),
    path("van-ban/", views.document_list, name="document-list"),
    path("van-ban/<int:pk>/", views.document_detail, name="document-detail"),
    path("van-ban/<int:pk>/tep/", views.document_file, name="document-file"),
    path("van-ban/<int:pk>/ban-ky/", views.document_scan, name="document-scan"),
    path("van-ban/<int:pk>/ban-ky/tep/", views.document_scan_file, name="document-scan-file"),
]
