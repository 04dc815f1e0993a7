"""For whoever watches the program: is the process there, may it be served from."""

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse

from zhiyuan.domain.foundation.database import database_faults
from zhiyuan.web.access import public


@public()
def alive(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


@public()
def ready(request: HttpRequest) -> HttpResponse:
    """503 while the database does not answer or lacks what keeps it honest; details go to `./run manage doctor`."""
    try:
        faults = len(database_faults())
    except Error:
        faults = 1
    body = {"status": "not ready" if faults else "ok", "faults": faults}
    return JsonResponse(body, status=503 if faults else 200, headers={"Retry-After": "30"} if faults else {})
