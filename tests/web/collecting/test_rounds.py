"""A round on one page: what can be read is kept, the rest stays with its reason."""

import pytest

from tests.build import MABAO, TODAY, TUNZI, a_clerk, a_grant, a_menu_item, a_need, a_person, a_round, area
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.collecting.models import Round, Visit
from zhiyuan.domain.needs.models import Need
from zhiyuan.domain.organisations.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(client):
    person = a_person(name="柳巡")
    area(MABAO)
    a_grant(person, Role.GRID_WORKER, area_code=TUNZI)
    a_menu_item()
    log_in(client, person)
    return person


def sheet(*rows, **changes):
    said = {"key": "page", "village": MABAO, "day": TODAY.isoformat(), "rows": str(len(rows))}
    for number, row in enumerate(rows):
        said |= {f"row{number}-{name}": value for name, value in {"key": f"k{number}", **row}.items()}
    return {**said, **changes}


GOOD = {"name": "王奶奶", "phone": "10000000017", "what": "i:medicine_fetch", "words": "药吃完了", "urgency": "urgent"}
NOTHING = {"nothing": "on"}


def test_a_whole_round_is_kept_and_led_to(client, worker):
    answer = client.post("/rounds/new/", sheet(GOOD, NOTHING, {}))

    walk = Round.objects.get()
    assert answer.url == f"/rounds/{walk.public_id}/"
    assert (Visit.objects.count(), Need.objects.count()) == (2, 1)
    need = Need.objects.get()
    assert (need.item.code, need.urgency, need.words) == ("medicine_fetch", "urgent", "药吃完了")
    page = client.get(answer.url).content.decode()
    assert need.number in page
    assert f"/r/{need.receipt_id}/" in page
    assert "王**" in page
    assert "王奶奶" not in page


def test_good_rows_are_kept_once_and_the_faulty_one_stays_as_typed(client, worker):
    faulty = {"name": "李爷爷", "phone": "12", "what": "k:medicine", "words": "腿疼"}

    first = client.post("/rounds/new/", sheet(GOOD, faulty))
    page = first.content.decode()
    assert first.status_code == 422
    assert Need.objects.count() == 1
    assert Need.objects.get().number in page
    assert 'value="李爷爷"' in page
    assert 'value="腿疼"' in page
    assert "zy-err" in page

    second = client.post("/rounds/new/", sheet({}, {**faulty, "phone": "10000000018"}))

    assert second.status_code == 302
    assert (Round.objects.count(), Visit.objects.count(), Need.objects.count()) == (1, 2, 2)


def test_the_same_page_sent_twice_happens_once(client, worker):
    urls = {client.post("/rounds/new/", sheet(GOOD, NOTHING)).url for _time in range(2)}

    assert len(urls) == 1
    assert (Visit.objects.count(), Need.objects.count()) == (2, 1)


def test_rows_are_added_without_a_script_and_nothing_typed_is_lost(client, worker):
    answer = client.post("/rounds/new/", sheet({"name": "李爷爷"}, {}, {}, more="1"))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="李爷爷"' in page
    assert page.count('class="co-row"') == 6
    assert "zy-err" not in page
    assert Round.objects.count() == 0


@pytest.mark.parametrize("row", [{}, {"name": "王奶奶"}, {**GOOD, "what": "i:nonsense"}, {**GOOD, "phone": ""}])
def test_nothing_is_kept_of_an_empty_page_or_a_faulty_row(client, worker, row):
    answer = client.post("/rounds/new/", sheet(row))

    assert answer.status_code == 422
    assert (Visit.objects.count(), Need.objects.count()) == (0, 0)


def test_a_village_outside_of_ones_area_is_not_offered(client, worker):
    answer = client.post("/rounds/new/", sheet(GOOD, village="621027102200"))

    assert answer.status_code == 422
    assert Need.objects.count() == 0


def test_rounds_are_ones_own(client, worker):
    other = a_round(a_clerk())

    assert client.get(f"/rounds/{other.public_id}/").status_code == 404
    log_in(client, a_person())
    assert client.get("/rounds/").status_code == 404


def test_lists_ask_as_often_for_many_as_for_one(client, worker):
    walk = a_round(worker, needs=(a_need(),))
    pages = ("/rounds/", f"/rounds/{walk.public_id}/")
    one = [queries_of(client, page) for page in pages]
    for number in range(3):
        a_round(worker, needs=(a_need(),), key=f"page{number}")
        Visit.objects.create(round=walk, key=f"more{number}", need=a_need(), at=walk.created_at)

    assert [queries_of(client, page) for page in pages] == one
    assert max(one) <= 8
