"""Stepping into a role, and reading what the demo's sink received."""

from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.notices.queries import sink_messages
from zhiyuan.domain.people.login import person_with_phone
from zhiyuan.web.access import POST, demo_only
from zhiyuan.web.demo.roles import demo_role
from zhiyuan.web.people.login import sign_in
from zhiyuan.web.request import Request

SHOWN = 60


@demo_only(*POST)
def step_into(request: Request) -> HttpResponse:
    role = demo_role(request.POST.get("role", ""))
    if role is None:
        raise Http404
    person = person_with_phone(role.phone) if role.phone else None
    if role.phone and person is None:
        raise Http404
    if person is None:
        logout(request)
    else:
        sign_in(request, person)
        request.session["demo_role"] = role.key
        request.session["factor_at"] = now().isoformat()  # nobody's authenticator is at hand in a demo
    return redirect(role.start)


@demo_only()
def sent(request: Request) -> HttpResponse:
    return render(request, "demo/messages.html", {"section": "demo", "sent": sink_messages(SHOWN)})
