"""The files of certificates: for their owner and for whoever verifies them, to keep and never to run."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.foundation.files import CONTENT_TYPES
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.credentials import open_credential_file, take_back_credential
from zhiyuan.domain.volunteers.models import Credential
from zhiyuan.domain.volunteers.queries import credentials_of, volunteers_visible_to
from zhiyuan.web.access import POST, staff, volunteer
from zhiyuan.web.request import SignedInRequest, VolunteerRequest


def _as_attachment(credential: Credential, by: Person) -> HttpResponse:
    content = open_credential_file(credential, by=by, at=now())
    suffix = str(credential.file_name).rpartition(".")[2]
    response = HttpResponse(content, content_type=CONTENT_TYPES[suffix])
    response["Content-Disposition"] = f'attachment; filename="{credential.kind_id}.{suffix}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@volunteer()
def own_file(request: VolunteerRequest, public_id: str) -> HttpResponse:
    credential = get_object_or_404(credentials_of(request.volunteer), public_id=public_id)
    return _as_attachment(credential, request.person)


@staff(Permission.VERIFY_CREDENTIAL)
def staff_file(request: SignedInRequest, public_id: str, credential_id: str) -> HttpResponse:
    owner = get_object_or_404(volunteers_visible_to(request.person), public_id=public_id)
    return _as_attachment(get_object_or_404(credentials_of(owner), public_id=credential_id), request.person)


@volunteer(*POST)
def take_back(request: VolunteerRequest, public_id: str) -> HttpResponse:
    credential = get_object_or_404(credentials_of(request.volunteer), public_id=public_id)
    take_back_credential(credential, by=request.person, at=now())
    messages.success(request, _("Taken back. The file is deleted."))
    return redirect("/me/credentials/")
