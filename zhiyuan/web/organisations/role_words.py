"""What each role may do, said from the table of grants."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from zhiyuan.domain.organisations.models import Role
from zhiyuan.domain.organisations.permissions import GRANTS, Permission

NOTES: dict[Role, str | Promise] = {
    Role.SOCIAL_WORKER: _("Brings in what people need while visiting them, follows those requests, sees no others."),
    Role.GRID_WORKER: _("Enters requests after a round of visits in the grid, follows those, sees no others."),
}


def what_it_may(role: Role) -> str:
    """The role's permissions in the order of the table, in one line."""
    held = [str(permission.label) for permission in Permission if permission in GRANTS[role]]
    return pgettext("list", ", ").join(held)


def roles_in_words() -> list[tuple[Role, str, str]]:
    """Every role, what it may do, and a sentence where the bare list would mislead."""
    return [(role, what_it_may(role), str(NOTES.get(role, ""))) for role in Role]
