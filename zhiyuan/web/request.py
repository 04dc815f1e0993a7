"""What a request is in this door: Django's, with the person who asks and htmx's headers."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import Volunteer


class Request(HttpRequest):
    """As the middlewares leave it. `person` is None for whoever is not signed in."""

    person: Person | None
    request_id: str
    htmx: HtmxDetails

    client_place: str  # the asker's network, for limits


class SignedInRequest(Request):
    person: Person


class VolunteerRequest(SignedInRequest):
    volunteer: Volunteer
