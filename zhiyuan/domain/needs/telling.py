"""What the resident and the team are told by SMS: short, with the number, in their language."""

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.needs.models import Need
from zhiyuan.domain.notices.outbox import post_message
from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.organisations.queries import leaders_of


def _tell_resident(need: Need, event: str, text: str, *, at: datetime) -> None:
    """One text for one event of a need; `text` is marked for translation and may use number and site."""
    with translation.override(need.person.language if need.person else settings.LANGUAGE_CODE):
        words = gettext(text)
    team = need.team
    facts = {
        "number": need.number,
        "site": settings.SITE_NAME,
        "phone": settings.SERVICE_PHONE,
        "team": team.name if team else "",
        "team_phone": (team.phone if team else "") or settings.SERVICE_PHONE,
    }
    post_message(need.phone, words % facts, key=f"need:{need.public_id}:{event}:{need.times_sent}", at=at)


def tell_received(need: Need, *, at: datetime) -> None:
    text = gettext_noop("%(site)s: we have your request %(number)s. Follow it with this number or call %(phone)s.")
    _tell_resident(need, "received", text, at=at)


def tell_question(need: Need, *, at: datetime) -> None:
    text = gettext_noop("%(site)s: we have a question about request %(number)s. Please look at it or call %(phone)s.")
    _tell_resident(need, f"question:{int(at.timestamp())}", text, at=at)


def tell_rejected(need: Need, *, at: datetime) -> None:
    text = gettext_noop("%(site)s: we cannot take request %(number)s. The reason stands there; or call %(phone)s.")
    _tell_resident(need, "rejected", text, at=at)


def tell_accepted(need: Need, *, at: datetime) -> None:
    text = gettext_noop("%(site)s: %(team)s takes request %(number)s. Its telephone: %(team_phone)s.")
    _tell_resident(need, "accepted", text, at=at)


def tell_done(need: Need, *, at: datetime) -> None:
    text = gettext_noop("%(site)s: request %(number)s is done. Was it good? Please say so there or call %(phone)s.")
    _tell_resident(need, "done", text, at=at)


def _tell_leaders(need: Need, team: Team, event: str, text: str, *, at: datetime) -> None:
    """One text for everybody who can answer for a team. Who asked and where exactly stays in the program."""
    for grant in leaders_of(team, local_day(at)):
        person = grant.person
        if not person.phone:
            continue
        with translation.override(person.language):
            words = gettext(text) % {
                "site": settings.SITE_NAME,
                "number": need.number,
                "team": team.name,
                "category": str(need.category),
                "place": need.area.place,
            }
        key = f"{event}:{need.public_id}:{need.times_sent}:{person.public_id}"
        post_message(person.phone, words, key=key, at=at)


def tell_leaders(need: Need, team: Team, *, at: datetime) -> None:
    text = gettext_noop("%(site)s: request %(number)s for %(team)s, %(category)s in %(place)s. Please say yes or no.")
    _tell_leaders(need, team, "order", text, at=at)


def tell_leaders_it_is_over(need: Need, team: Team, *, at: datetime) -> None:
    """The resident withdrew it, or the desk took it back."""
    text = gettext_noop("%(site)s: %(team)s need not do request %(number)s any more. Nobody has to come.")
    _tell_leaders(need, team, "order-over", text, at=at)
