"""What tests of the web door share."""

from django.conf import settings
from django.contrib.auth import login
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.people.models import Person


def log_in(client: Client, person: Person) -> None:
    """Sign somebody in as the login page does, the second factor shown."""
    request = HttpRequest()
    request.session = client.session
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session["epoch"] = person.auth_epoch
    request.session["factor_at"] = now().isoformat()
    request.session.save()
    client.cookies["sessionid"] = request.session.session_key or ""


def log_in_browser(page: Page, address: str, person: Person) -> None:
    """The same for a browser: its next request is this person's. `address` is the live server's."""
    client = Client()
    log_in(client, person)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])


def queries_of(client: Client, address: str) -> int:
    """How many queries a page costs."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)
