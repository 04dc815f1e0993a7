"""How somebody likes the pages: size of the text, language. Kept in cookies, and with the account."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.people.details import tell_details
from zhiyuan.domain.people.models import Sex
from zhiyuan.web.access import POST, public
from zhiyuan.web.request import Request

A_YEAR = 365 * 24 * 3600
ELDER_SIZES = ("20", "24", "30")  # pixels of the body text


def way_back(request: Request) -> str:
    """Where the form says to go on, as long as that is here."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "/"


@public(*POST)
def text_size(request: Request) -> HttpResponse:
    response = HttpResponseRedirect(way_back(request))
    size = request.POST.get("size", "")
    if size in ELDER_SIZES:
        response.set_cookie("elder", size, max_age=A_YEAR, samesite="Lax", secure=settings.PRODUCTION)
    else:
        response.delete_cookie("elder", samesite="Lax")
    return response


@public(*POST)
def language(request: Request) -> HttpResponse:
    response = HttpResponseRedirect(way_back(request))
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        name = settings.LANGUAGE_COOKIE_NAME
        response.set_cookie(name, wanted, max_age=A_YEAR, samesite="Lax", secure=settings.PRODUCTION)
        if request.person:
            tell_details(request.person, sex=Sex(request.person.sex), language=wanted, by=request.person, at=now())
    return response
