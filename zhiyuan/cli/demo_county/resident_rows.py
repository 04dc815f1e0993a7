"""Writes the people behind the needs: whoever asks again is one resident, and some live together."""

from collections.abc import Sequence
from random import Random

from zhiyuan.cli.demo_county.need_plan import NeedDraft
from zhiyuan.cli.demo_county.phones import Use, synthetic_phone
from zhiyuan.cli.demo_county.seeded_ids import Ids
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.database import bulk_insert, next_key
from zhiyuan.domain.people.phones import phone_key
from zhiyuan.domain.residents.models import Household, Resident, Speech, Wish
from zhiyuan.domain.residents.names import family_key, name_key

_RESIDENT = (
    "id", "public_id", "household_id", "name", "name_key", "family_key", "phone", "phone_key", "area_id", "speech",
    "wishes", "helper_name", "helper_relation", "helper_phone", "since", "created_at", "created_by_id",
)  # fmt: skip
_HOUSEHOLD = ("id", "public_id", "area_id", "address", "way", "created_at", "created_by_id")
_WAYS = ("过桥左手第二家", "村部后面那条巷子", "小卖部往东走，铁大门", "涝坝边上，门前有棵槐树", "")
_WRITTEN_DOWN = 0.5  # of the residents have a house that somebody wrote down
_TOGETHER = 0.3  # of those live with the one before them in the village
_SPEECHES = ((Speech.UNSAID, Speech.DIALECT, Speech.MANDARIN), (50, 35, 15))
_WISHES = {
    Wish.HEARS_BADLY: 0.14,
    Wish.SEES_BADLY: 0.09,
    Wish.WALKS_BADLY: 0.22,
    Wish.LARGE_PRINT: 0.07,
    Wish.READS_NOTHING: 0.1,
}
_FIRST_HELPER = 5_000_000  # residents' own telephones stand before


class _Houses:
    """Houses as they are found out: some stand empty of words, some are shared with a neighbour who asked before."""

    def __init__(self, rng: Random, ids: Ids) -> None:
        self._rng, self._ids, self._first = rng, ids, next_key(Household)
        self._last: dict[str, int] = {}  # of each village
        self.rows: list[tuple[object, ...]] = []

    def of(self, draft: NeedDraft) -> int | None:
        rng = self._rng
        if rng.random() > _WRITTEN_DOWN:
            return None
        if draft.area_code in self._last and rng.random() < _TOGETHER:
            return self._last[draft.area_code]
        key = self._last[draft.area_code] = self._first + len(self.rows)
        self.rows.append((
            key, self._ids.public(), draft.area_code, draft.address, rng.choice(_WAYS), draft.created_at,
            draft.entered_by,
        ))  # fmt: skip
        return key


def write_residents(drafts: Sequence[NeedDraft], *, ids: Ids) -> list[int]:
    """The people of all drafts, which come in the order of asking; returns each draft's resident by key."""
    rng, first = Random("residents"), next_key(Resident)
    houses = _Houses(rng, ids)
    known: dict[tuple[str, str], int] = {}
    rows: list[tuple[object, ...]] = []
    for draft in drafts:
        if (draft.phone, draft.name) in known:
            continue
        key = known[draft.phone, draft.name] = first + len(rows)
        rows.append((
            key, ids.public(), houses.of(draft), draft.name, name_key(draft.name), family_key(draft.name), draft.phone,
            phone_key(draft.phone), draft.area_code, rng.choices(*_SPEECHES)[0].value, _wishes(rng),
            *_helper(draft, len(rows)), local_day(draft.created_at), draft.created_at, draft.entered_by,
        ))  # fmt: skip
    bulk_insert(Household, _HOUSEHOLD, houses.rows)
    bulk_insert(Resident, _RESIDENT, rows)
    return [known[draft.phone, draft.name] for draft in drafts]


def _wishes(rng: Random) -> str:
    return " ".join(wish.value for wish, share in _WISHES.items() if rng.random() < share)


def _helper(draft: NeedDraft, order: int) -> tuple[str, str, str]:
    """Whoever asked for them is who helps them."""
    if not draft.proxy_name:
        return "", "", ""
    return draft.proxy_name, draft.proxy_relation, synthetic_phone(Use.RESIDENT, _FIRST_HELPER + order)
