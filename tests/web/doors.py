"""What tests of the web door share."""

from django.contrib.auth import login
from django.http import HttpRequest
from django.test import Client

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.people.models import Person


def log_in(client: Client, person: Person) -> None:
    """Sign somebody in as the login page does, the second factor shown."""
    request = HttpRequest()
    request.session = client.session
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    request.session["epoch"] = person.auth_epoch
    request.session["factor_at"] = now().isoformat()
    request.session.save()
    client.cookies["sessionid"] = request.session.session_key or ""
