"""All work that comes round. Each must be safe to run twice."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.collecting.wishes import remind_of_wishes
from zhiyuan.domain.foundation.limits import forget_counts
from zhiyuan.domain.foundation.periodic import Periodic
from zhiyuan.domain.journal.once import forget_calls
from zhiyuan.domain.needs.ticking import tick
from zhiyuan.domain.organisations.reviewing import remind_of_reviews
from zhiyuan.domain.people.closing import forget_closed
from zhiyuan.domain.people.forgetting import forget_codes, forget_sessions
from zhiyuan.domain.volunteers.credentials import remind_of_expiry, sweep_credential_files
from zhiyuan.domain.volunteers.inviting import expire_invitations
from zhiyuan.domain.volunteers.pausing import end_pauses

MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
WORK = (
    Periodic("need-clocks", _("Warn, escalate and put away requests whose time is up"), MINUTE, tick),
    Periodic("role-reviews", _("Remind of roles that should be looked at"), DAY, remind_of_reviews),
    Periodic("wishes", _("Remind those who claimed a wish long ago"), DAY, remind_of_wishes),
    Periodic("invitations", _("Close invitations whose last day is over"), DAY, expire_invitations),
    Periodic("pauses", _("End pauses whose last day is over"), HOUR, end_pauses),
    Periodic("certificates", _("Tell whose certificates soon run out"), DAY, remind_of_expiry),
    Periodic("stray-files", _("Take away files whose handing in never came true"), WEEK, sweep_credential_files),
    Periodic("closed-accounts", _("Erase what was kept of closed accounts, once its time is over"), DAY, forget_closed),
    Periodic("forget-counts", _("Forget how often something was tried, once it no longer counts"), HOUR, forget_counts),
    Periodic("forget-codes", _("Forget login codes that have ended"), HOUR, forget_codes),
    Periodic("forget-calls", _("Forget which forms were sent, once nobody sends them again"), DAY, forget_calls),
    Periodic("forget-sessions", _("Forget logins that have ended"), DAY, forget_sessions),
)
