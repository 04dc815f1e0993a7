"""What is not for volunteers is passed to whoever it is for, and stays with us until they have answered."""

from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import verb
from zhiyuan.domain.needs.models import Body, Need, NeedState, Referral, Verification
from zhiyuan.domain.needs.moving import lock_need, move, require_reason
from zhiyuan.domain.needs.telling import tell_referral_answered, tell_referred, tell_taker
from zhiyuan.domain.organisations.permissions import Permission, require
from zhiyuan.domain.people.models import Person


class ReferralObstacle(TextChoices):
    NO_DEPARTMENT = "referral_without_department", _("Name the department or unit.")
    NOT_REFERRED = "need_not_referred", _("This request is not with another body.")


def body_name(referral: Referral) -> str:
    """Who has it, as people say it."""
    return referral.department or str(Body(referral.body).label)


@verb
def refer_need(need: Need, body: Body, note: str, *, department: str = "", by: Person, at: datetime) -> Need:
    """Pass a need to another body, with what they were told. The desk stays its owner until there is an answer."""
    need = lock_need(need)
    require(by, Permission.VERIFY_NEED, area=need.area_id)
    if body == Body.DEPARTMENT and not department.strip():
        raise Refused(ReferralObstacle.NO_DEPARTMENT)
    require_reason(note)
    move(need, NeedState.REFERRED, by=by, at=at, reason=note)
    referral = Referral.objects.create(need=need, body=body, department=department, note=note, by=by, at=at)
    tell_referred(need, body_name(referral), at=at)
    return need


@verb
def note_referral_answer(need: Need, answer: str, *, theirs: bool, by: Person, at: datetime) -> Need:
    """Note what the other body said: it saw to it (the need is closed), or it is not theirs (back to the desk)."""
    need = lock_need(need)
    require(by, Permission.VERIFY_NEED, area=need.area_id)
    referral = Referral.objects.select_for_update().filter(need=need, answered_at=None).first()
    if referral is None:
        raise Refused(ReferralObstacle.NOT_REFERRED)
    require_reason(answer)
    referral.answer, referral.answered_by, referral.answered_at = answer, by, at
    referral.save(update_fields=["answer", "answered_by", "answered_at"])
    move(need, NeedState.CLOSED if theirs else _as_before(need), by=by, at=at, reason=answer)
    tell_referral_answered(need, body_name(referral), at=at)
    if theirs:
        tell_taker(need, at=at)
    return need


def _as_before(need: Need) -> NeedState:
    """Back at the desk: what nobody had made sure of is made sure of first."""
    verified = Verification.objects.filter(need=need).exists()
    return NeedState.VERIFIED if verified else NeedState.SUBMITTED
