from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "zhiyuan.web"
    label = "web"

    def ready(self) -> None:
        import zhiyuan.web.checks  # noqa: F401, PLC0415 registers the check that every route declares its access
