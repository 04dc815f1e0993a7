"""The roles that a visitor of the demo can step into, and what each is for."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class DemoRole:
    """One of the demo's people. `key` is also the key in the accounts that `seed_county` writes."""

    key: str
    name: str | Promise
    purpose: str | Promise
    start: str
    phone: str = ""  # whose account it is; a visitor has none


DEMO_ROLES = (
    DemoRole("visitor", _("Visitor"), _("Anybody: ask for help, see what is on, follow a request."), "/"),
    DemoRole("volunteer", _("Volunteer"), _("Sign up, check in, see the own hours."), "/me/", "10000000101"),
    DemoRole(
        "leader", _("Team leader"), _("Accept orders, plan, call the roll, confirm hours."), "/my-teams/", "10000000102"
    ),
    DemoRole(
        "clerk", _("Village clerk"), _("Take requests by telephone or visit, and verify them."), "/desk/", "10000000103"
    ),
    DemoRole(
        "dispatcher",
        _("Township dispatcher"),
        _("Send verified requests to teams, before their time is up."),
        "/desk/",
        "10000000104",
    ),
    DemoRole("county_dispatcher", _("County dispatcher"), _("The same for all 19 townships."), "/desk/", "10000000105"),
    DemoRole("office", _("County office"), _("Keep teams, sites and roles."), "/teams/", "10000000106"),
    DemoRole("auditor", _("Auditor"), _("See what was done by whom; change nothing."), "/journal/", "10000000107"),
)


def demo_role(key: str) -> DemoRole | None:
    return next((role for role in DEMO_ROLES if role.key == key), None)


def current_demo_role(request: HttpRequest) -> DemoRole | None:
    """The role that the visitor stepped into; a visitor, to begin with."""
    person = getattr(request, "person", None)
    return demo_role(request.session.get("demo_role", "")) if person else DEMO_ROLES[0]
