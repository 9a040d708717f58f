from django.urls import include, path

from core import http

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("core.urls")),
    path("tai-khoan/", include("allauth.account.urls")),
    path("", include("units.urls")),
    path("", include("movement.urls")),
    path("", include("directives.urls")),
    path("", include("evaluations.urls")),
]

handler400 = http.bad_request
handler403 = http.forbidden
handler404 = http.not_found
handler500 = http.server_error
