"""A guardian is asked by their own telephone; meanwhile what was typed rests sealed in the session."""

import json
from datetime import date
from typing import Any

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.foundation.sealed import seal, unseal
from zhiyuan.domain.notices.guardians import ask_guardian
from zhiyuan.domain.people.guardians import Guardian
from zhiyuan.domain.people.login import redeem_code
from zhiyuan.web.request import Request

PLACE, KEY = "session.guardian", "guardian"


def ask(request: Request, guardian: Guardian, *, child: str, **facts: str) -> None:
    """Send the guardian a code, and keep what they are to agree to until it comes back."""
    challenge = ask_guardian(guardian.phone, child=child, until=guardian.until, place=request.client_place, at=now())
    said = {
        "name": guardian.name,
        "phone": guardian.phone,
        "relation": guardian.relation,
        "until": guardian.until.isoformat(),
        "activity": guardian.activity,
        "companion": guardian.companion,
    }
    request.session[KEY] = seal(json.dumps({"challenge": challenge, "child": child, "guardian": said, **facts}), PLACE)


def asked(request: Request) -> dict[str, Any] | None:
    """What a guardian was asked in this session and has not answered yet."""
    sealed = request.session.get(KEY)
    found: dict[str, Any] | None = json.loads(unseal(sealed, PLACE)) if sealed else None
    return found


def redeem(facts: dict[str, Any], code: str, *, place: str) -> Guardian:
    """The guardian, once the code that was sent to them is typed; refused when it is another."""
    said = dict(facts["guardian"])
    redeem_code(facts["challenge"], said["phone"], code, place=place, at=now())
    return Guardian(**{**said, "until": date.fromisoformat(said["until"])})


def forget(request: Request) -> None:
    request.session.pop(KEY, None)
