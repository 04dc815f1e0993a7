"""For whoever watches the program: is the process there, may it be served from."""

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.foundation.database import database_faults
from zhiyuan.domain.foundation.periodic import standings
from zhiyuan.web.access import public


@public()
def alive(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


@public()
def ready(request: HttpRequest) -> HttpResponse:
    """503 while the database does not answer or lacks what keeps it honest; details go to `./run manage doctor`.

    Work that nobody has done for long is said too: pages can be served all the same.
    """
    late = 0
    try:
        faults = len(database_faults())
        late = sum(standing.late for standing in standings(at=now()))
    except Error:
        faults = 1
    body: dict[str, object] = {"status": "not ready" if faults else "degraded" if late else "ok", "faults": faults}
    if late:
        body["late_work"] = late
    return JsonResponse(body, status=503 if faults else 200, headers={"Retry-After": "30"} if faults else {})
