"""What the resident, the teams and the desks are told: short, with the number, in their language."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.needs.models import Need, NeedState, Urgency
from zhiyuan.domain.notices.telling import Template, tell, tell_phone
from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.organisations.queries import desk_people, leaders_of
from zhiyuan.domain.people.models import Person

RECEIVED = Template(
    "need.received",
    gettext_noop("%(site)s: we have your request %(number)s. Follow it with this number or call %(phone)s."),
    urgent=True,  # an answer at once to somebody who is waiting for it
)
QUESTION = Template(
    "need.question",
    gettext_noop("%(site)s: we have a question about request %(number)s. Please look at it or call %(phone)s."),
)
REJECTED = Template(
    "need.rejected",
    gettext_noop(
        "%(site)s: we cannot take request %(number)s. The reason stands there, and how to object; or call %(phone)s."
    ),
)
REFERRED = Template(
    "need.referred",
    gettext_noop("%(site)s: request %(number)s was passed to %(body)s. We stay with it until there is an answer."),
)
REFERRAL_ANSWERED = Template(
    "need.referral_answered",
    gettext_noop("%(site)s: %(body)s answered about request %(number)s. Please look at it or call %(phone)s."),
)
MERGED = Template(
    "need.merged",
    gettext_noop("%(site)s: request %(number)s is dealt with together with others. You are told just the same."),
)
ACCEPTED = Template(
    "need.accepted",
    gettext_noop("%(site)s: %(team)s takes request %(number)s. Its telephone: %(team_phone)s."),
)
LATE = Template(
    "need.late",
    gettext_noop("%(site)s: request %(number)s is late, we are sorry. %(desk)s sees to it now; or call %(phone)s."),
)
DONE = Template(
    "need.done",
    gettext_noop("%(site)s: request %(number)s is done. Was it good? Please say so there or call %(phone)s."),
)
DONE_AGAIN = Template(
    "need.rating_asked",
    gettext_noop("%(site)s: was request %(number)s done well? A word to %(phone)s is enough. We do not ask again."),
)
ORDER = Template(
    "order.sent",
    gettext_noop("%(site)s: request %(number)s for %(team)s, %(category)s in %(place)s. Please say yes or no."),
)
ORDER_TODAY = Template(
    "order.sent_today",
    gettext_noop("%(site)s: wanted today: %(category)s in %(place)s, request %(number)s for %(team)s. Yes or no?"),
    urgent=True,
)
ORDER_AGAIN = Template(
    "order.asked_again",
    gettext_noop("%(site)s: %(team)s has not answered request %(number)s yet. Yes or no by %(time)s, please."),
)
ORDER_OVER = Template(
    "order.over",
    gettext_noop("%(site)s: %(team)s need not do request %(number)s any more. Nobody has to come."),
)
TAKEN_ELSEWHERE = Template(
    "order.taken_elsewhere",
    gettext_noop("%(site)s: another team has taken request %(number)s. Thank you all the same, %(team)s."),
)
OFFERED = Template(
    "order.offered",
    gettext_noop("%(site)s: request %(number)s, %(category)s in %(place)s, can be claimed. First come, first served."),
)
STORY_ENDED = Template(
    "need.story_ended",
    gettext_noop("Request %(number)s that you took down has ended: %(state)s."),
    page_only=True,
)
TEAM_WARNED = Template(
    "order.running_out",
    gettext_noop("%(site)s: request %(number)s of %(team)s should go on by %(time)s. Or hand it back in good time."),
)
CLOCK_WARNS = Template(
    "desk.clock_warns", gettext_noop("%(desk)s: requests on your desk are running out of time."), page_only=True
)
CLOCK_LATE = Template("desk.clock_late", gettext_noop("%(desk)s: overdue requests lie on your desk now."))
CAME_UP = Template("desk.came_up", gettext_noop("%(desk)s: a request from below lies on your desk now. Please look."))
CALL_AGAIN = Template("desk.call_again", gettext_noop("%(desk)s: somebody has not answered a question. Please call."))


def _tell_households(need: Need, template: Template, event: str, *, at: datetime, **facts: object) -> None:
    for work, one in _with_households([need]):
        _tell_resident(one, template, event, at=at, work=work, **facts)


def _with_households(works: Sequence[Need]) -> Iterator[tuple[Need, Need]]:
    """Each with its own household and with those whose requests were taken together with it: all are told the same."""
    others = Need.objects.filter(merged_into__in=works, rating=None).select_related("person").order_by("pk")
    following: dict[int | None, list[Need]] = {work.pk: [work] for work in works}
    for one in others:
        following[one.merged_into_id].append(one)
    return ((work, one) for work in works for one in following[work.pk])


def _tell_resident(
    need: Need, template: Template, event: str, *, at: datetime, work: Need | None = None, **facts: object
) -> None:
    """One text for one event: to the one who needs it, by account or telephone, and to whoever asked for them. `work`:
    the request that is served for it."""
    work = work or need
    team = work.team
    known = {
        "number": need.number,
        "team": team.name if team else "",
        "team_phone": (team.phone if team else "") or settings.SERVICE_PHONE,
    }
    key = f"need:{need.public_id}:{event}:{work.times_sent}"
    if need.person:
        tell(
            need.person, template, {**known, **facts}, key=key, at=at, href=f"/r/{need.receipt_id}/", area=need.area_id
        )
    else:
        tell_phone(need.phone, template, {**known, **facts}, key=key, at=at, area=need.area_id, name=need.name)
    if need.proxy_phone and need.proxy_phone != need.phone:
        proxy = {"area": need.area_id, "name": need.proxy_name}
        tell_phone(need.proxy_phone, template, {**known, **facts}, key=f"{key}:proxy", at=at, **proxy)


def tell_received(need: Need, *, at: datetime) -> None:
    _tell_resident(need, RECEIVED, "received", at=at)


def tell_question(need: Need, *, at: datetime) -> None:
    _tell_resident(need, QUESTION, f"question:{int(at.timestamp())}", at=at)


def tell_rejected(need: Need, *, at: datetime) -> None:
    _tell_resident(need, REJECTED, f"rejected:{int(at.timestamp())}", at=at)


def tell_referred(need: Need, body: str, *, at: datetime) -> None:
    _tell_households(need, REFERRED, f"referred:{int(at.timestamp())}", at=at, body=body)


def tell_referral_answered(need: Need, body: str, *, at: datetime) -> None:
    _tell_households(need, REFERRAL_ANSWERED, f"referral-answered:{int(at.timestamp())}", at=at, body=body)


def tell_merged(need: Need, *, at: datetime) -> None:
    _tell_resident(need, MERGED, f"merged:{int(at.timestamp())}", at=at)


def tell_accepted(need: Need, *, at: datetime) -> None:
    _tell_households(need, ACCEPTED, "accepted", at=at)


def tell_late(needs: Sequence[Need], *, at: datetime) -> None:
    """Once for each desk that they went up to."""
    for need, one in _with_households(needs):
        _tell_resident(one, LATE, f"late:{need.escalations}", at=at, work=need, desk=need.desk.name)


def tell_done(need: Need, *, at: datetime) -> None:
    _tell_households(need, DONE, "done", at=at)


def ask_for_rating_again(need: Need, *, at: datetime) -> None:
    _tell_households(need, DONE_AGAIN, "rating-asked", at=at)


def tell_taker(need: Need, *, at: datetime) -> None:
    """Whoever took the call or made the visit hears how it ended."""
    if need.entered_by:
        facts = {"number": need.number, "state": NeedState(need.state).label}
        key = f"story:{need.public_id}:{need.state}"
        tell(need.entered_by, STORY_ENDED, facts, key=key, at=at, href=f"/desk/{need.public_id}/")


def _tell_leaders(need: Need, team: Team, template: Template, *, at: datetime, time: str = "") -> None:
    """One text for everybody who can answer for a team. Who asked and where exactly stays in the program."""
    facts = {
        "number": need.number,
        "team": team.name,
        "category": need.category,
        "place": need.area.place,
        "time": time,
    }
    for grant in leaders_of(team, local_day(at)):
        key = f"{template.name}:{need.public_id}:{need.times_sent}:{grant.person.public_id}"
        tell(grant.person, template, facts, key=key, at=at, href="/my-teams/")


def tell_leaders(need: Need, team: Team, *, at: datetime) -> None:
    _tell_leaders(need, team, ORDER_TODAY if need.urgency == Urgency.URGENT else ORDER, at=at)


def ask_leaders_again(need: Need, team: Team, *, at: datetime) -> None:
    _tell_leaders(need, team, ORDER_AGAIN, at=at, time=_said(need.due_at))


def warn_leaders(need: Need, team: Team, *, at: datetime) -> None:
    _tell_leaders(need, team, TEAM_WARNED, at=at, time=_said(need.due_at))


def _said(moment: datetime | None) -> str:
    """11/24 15:30, as it is read in both languages."""
    return f"{timezone.localtime(moment):%m/%d %H:%M}" if moment else ""


def tell_leaders_it_is_over(need: Need, team: Team, *, at: datetime) -> None:
    """The resident withdrew it, or the desk took it back."""
    _tell_leaders(need, team, ORDER_OVER, at=at)


def tell_taken_elsewhere(need: Need, team: Team, *, at: datetime) -> None:
    _tell_leaders(need, team, TAKEN_ELSEWHERE, at=at)


def tell_offered(need: Need, teams: Iterable[Team], *, at: datetime) -> None:
    for team in teams:
        _tell_leaders(need, team, OFFERED, at=at)


def tell_desk_above(need: Need, *, at: datetime) -> None:
    """A request went up by somebody's hand: an objection, an order that came back too often."""
    people = desk_people(need.desk_id, Permission.VERIFY_NEED, on=local_day(at))
    tell_desk(people, CAME_UP, need.desk, at=at)


def tell_desk(people: Iterable[Person], template: Template, desk: Area, *, at: datetime) -> None:
    """At most once an hour for each kind of news, however many requests it is about."""
    for person in people:
        key = f"{template.name}:{desk.code}:{at:%Y%m%d%H}:{person.public_id}"
        tell(person, template, {"desk": desk.name}, key=key, at=at, href="/desk/?overdue=1")
