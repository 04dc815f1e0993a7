"""All work that comes round. Each must be safe to run twice."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.limits import forget_counts
from zhiyuan.domain.foundation.periodic import Periodic
from zhiyuan.domain.journal.once import forget_calls
from zhiyuan.domain.needs.ticking import tick
from zhiyuan.domain.organisations.reviewing import remind_of_reviews
from zhiyuan.domain.people.closing import forget_closed
from zhiyuan.domain.people.forgetting import forget_codes, forget_sessions

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WORK = (
    Periodic("need-clocks", _("Warn, escalate and put away requests whose time is up"), MINUTE, tick),
    Periodic("role-reviews", _("Remind of roles that should be looked at"), DAY, remind_of_reviews),
    Periodic("closed-accounts", _("Erase what was kept of closed accounts, once its time is over"), DAY, forget_closed),
    Periodic("forget-counts", _("Forget how often something was tried, once it no longer counts"), HOUR, forget_counts),
    Periodic("forget-codes", _("Forget login codes that have ended"), HOUR, forget_codes),
    Periodic("forget-calls", _("Forget which forms were sent, once nobody sends them again"), DAY, forget_calls),
    Periodic("forget-sessions", _("Forget logins that have ended"), DAY, forget_sessions),
)
