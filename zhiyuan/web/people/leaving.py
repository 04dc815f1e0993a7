"""Taking along what is stored about oneself, and closing the account."""

from django.contrib.auth import logout as django_logout
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.foundation.parameters import value_of
from zhiyuan.domain.journeys.leaving import close_account, facts_of_closing, obstacle_to_close
from zhiyuan.domain.journeys.own_data import download_own_data, own_data
from zhiyuan.domain.people.closing import RECORDS_KEPT
from zhiyuan.domain.people.phones import masked_id_number
from zhiyuan.web.access import BOTH, signed_in
from zhiyuan.web.request import SignedInRequest


@signed_in()
def data(request: SignedInRequest) -> HttpResponse:
    context = {
        "section": "me",
        "data": own_data(request.person),
        "id_number": masked_id_number(request.person.id_number),
    }
    return render(request, "people/own_data.html", context)


@signed_in()
def data_file(request: SignedInRequest) -> HttpResponse:
    at = now()
    answer = JsonResponse(
        download_own_data(request.person, at=at), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    answer["Content-Disposition"] = f'attachment; filename="zhiyuan-{local_day(at).isoformat()}.json"'
    return answer


@signed_in(*BOTH)
def close(request: SignedInRequest) -> HttpResponse:
    """The facts of what goes and what stays; the receipt is on the screen, for there is no account left to show it."""
    person, at = request.person, now()
    facts, obstacle = facts_of_closing(person, at=at), obstacle_to_close(person, at=at)
    years = value_of(RECORDS_KEPT, on=local_day(at)) // 365
    context = {"section": "me", "facts": facts, "obstacle": obstacle, "years": years, "at": at}
    if request.method == "POST":
        closed = close_account(person, by=person, at=at)
        django_logout(request)
        request.person = None  # type: ignore[assignment]
        answer = render(request, "people/closed.html", {**context, "closed": closed})
        add_never_cache_headers(answer)
        return answer
    return render(request, "people/close.html", context)
