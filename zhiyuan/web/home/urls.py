from django.urls import path

from zhiyuan.web.home import health, pages, preferences

urlpatterns = [
    path("", pages.home, name="home"),
    path("figures/<slug:key>/", pages.one_figure, name="figure"),
    path("more/", pages.more, name="more"),
    path("help/", pages.help_for_all, name="help"),
    path("help/<slug:role>/", pages.help_for_role, name="help_for_role"),
    path("privacy/", pages.privacy, name="privacy"),
    path("settings/text-size/", preferences.text_size, name="text_size"),
    path("settings/language/", preferences.language, name="language"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
