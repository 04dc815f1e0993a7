"""All addresses, room by room."""

from django.urls import include, path

handler400 = "zhiyuan.web.errors.bad_request"
handler404 = "zhiyuan.web.errors.not_found"
handler500 = "zhiyuan.web.errors.server_error"

urlpatterns = [
    path("", include("zhiyuan.web.home.urls")),
    path("", include("zhiyuan.web.people.urls")),
    path("", include("zhiyuan.web.needs.urls")),
    path("", include("zhiyuan.web.collecting.urls")),
    path("", include("zhiyuan.web.activities.urls")),
    path("", include("zhiyuan.web.organisations.urls")),
    path("", include("zhiyuan.web.volunteers.urls")),
    path("", include("zhiyuan.web.residents.urls")),
    path("", include("zhiyuan.web.notices.urls")),
    path("", include("zhiyuan.web.demo.urls")),
]
