"""What every page's frame needs to know."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from zhiyuan.domain.organisations.permissions import Permission, is_staff, may
from zhiyuan.domain.organisations.setting import manages_settings
from zhiyuan.web.demo.roles import DEMO_ROLES, current_demo_role
from zhiyuan.web.home.preferences import ELDER_SIZES


def shell(request: HttpRequest) -> dict[str, object]:
    person = getattr(request, "person", None)
    size = request.COOKIES.get("elder", "")
    return {
        "site_name": settings.SITE_NAME,
        "service_phone": settings.SERVICE_PHONE,
        "person": person,
        "elder": size if size in ELDER_SIZES else "",
        "language": get_language(),
        "synthetic": settings.SYNTHETIC,
        "is_staff": is_staff(person),
        "manages_settings": manages_settings(person),
        "unread": getattr(person, "unread", 0),
        "may": {p.value: may(person, p) for p in Permission} if person else {},
        "demo_roles": DEMO_ROLES if settings.MODE == "demo" else (),
        "demo_role": current_demo_role(request) if settings.MODE == "demo" else None,
    }
