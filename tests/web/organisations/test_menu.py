"""The menu on pages: kept by staff, shown by sites, asked from."""

import pytest

from tests.build import MABAO, TUNZI, a_category, a_clerk, a_menu_item, a_site, an_office, area
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.needs.models import Need
from zhiyuan.domain.organisations.models import MenuItem, SiteLevel

pytestmark = pytest.mark.django_db


def asked(**changes):
    area(MABAO)
    said = {"words": "药吃完了", "village": MABAO, "urgency": "normal", "name": "王奶奶", "phone": "10000000017"}
    return {**said, **changes}


def test_the_office_adds_an_item_and_it_stands_on_the_sites_page(client):
    site = a_site()
    a_category("medicine")
    log_in(client, an_office())

    form = {"category": "medicine", "name_zh": "代取药品", "name_en": "Fetching medicine", "order": "5", "on": "on"}
    answer = client.post("/menu/new/", {**form, "levels": ["station"], "from_month": "10", "to_month": "3"})

    item = MenuItem.objects.get()
    assert answer.url == "/menu/"
    assert (item.offered_at, item.from_month, item.to_month, item.site) == ((SiteLevel.STATION,), 10, 3, None)
    assert "代取药品" in client.get("/menu/").content.decode()
    page = client.get(f"/sites/{site.public_id}/").content.decode()
    assert f"/ask/?site={site.public_id}&amp;item={item.code}" in page


def test_the_form_begins_with_what_the_item_is(client):
    a_menu_item(levels=",station,", from_month=10, to_month=3)
    log_in(client, an_office())

    page = client.get("/menu/medicine_fetch/change/").content.decode()

    assert 'value="代取药品"' in page
    assert '<option value="10" selected>' in page


def test_a_slip_in_the_menu_stays_on_the_page(client):
    a_category("medicine")
    log_in(client, an_office())

    form = {"category": "medicine", "name_zh": "代取药品", "name_en": "", "order": "5", "from_month": "10"}

    assert client.post("/menu/new/", form).status_code == 422
    assert client.post("/menu/new/", {**form, "name_en": "Medicine"}).status_code == 422
    assert MenuItem.objects.count() == 0


def test_a_township_sees_its_own_items_and_must_name_a_site(client):
    a_menu_item("county")
    a_menu_item("own", site=a_site())
    log_in(client, an_office(TUNZI))

    page = client.get("/menu/").content.decode()

    assert ("项目own" in page, "项目county" in page) == (True, False)
    form = {"category": "medicine", "name_zh": "甲", "name_en": "A", "order": "5"}
    assert client.post("/menu/new/", form).status_code == 422
    assert client.get("/menu/county/change/").status_code == 404


def test_the_menu_is_for_those_who_keep_sites(client):
    log_in(client, a_clerk())

    assert client.get("/menu/").status_code == 404


def test_lists_ask_as_often_for_many_as_for_one(client):
    a_menu_item()
    log_in(client, an_office())
    site = a_site()
    pages = ("/menu/", f"/sites/{site.public_id}/", f"/sites/{site.public_id}/poster/")
    one = [queries_of(client, page) for page in pages]
    for number in range(3):
        a_menu_item(f"more{number}", category=f"kind{number}", site=a_site())

    assert [queries_of(client, page) for page in pages] == one
    assert max(one) <= 10


def test_whoever_comes_from_a_site_finds_its_village_and_the_line_chosen(client):
    site = a_site()
    a_menu_item()
    a_menu_item("own", site=site)

    page = client.get(f"/ask/?site={site.public_id}&item=own").content.decode()

    assert f'<option value="{MABAO}" selected>' in page
    assert '<option value="own" selected>项目own</option>' in page
    assert site.name in page
    assert "项目own" not in client.get("/ask/").content.decode()


def test_a_line_of_the_menu_says_its_kind_of_help_by_itself(client):
    a_menu_item()

    answer = client.post("/ask/", asked(item="medicine_fetch"))

    need = Need.objects.get()
    assert answer.status_code == 302
    assert (need.item.code, need.category_id) == ("medicine_fetch", "medicine")


def test_a_line_of_another_kind_is_asked_about(client):
    a_menu_item()
    a_category("repair")

    answer = client.post("/ask/", asked(item="medicine_fetch", category="repair"))

    assert answer.status_code == 422
    assert "这一项不属于您选的这类求助" in answer.content.decode()


def test_without_kind_and_line_the_page_asks_again(client):
    a_menu_item()

    answer = client.post("/ask/", asked())

    assert answer.status_code == 422
    assert "请选最接近的一类" in answer.content.decode() or "zy-err" in answer.content.decode()
    assert Need.objects.count() == 0


def test_the_clerk_enters_a_line_of_the_menu_too(client):
    a_menu_item()
    log_in(client, a_clerk())

    client.post("/desk/new/", asked(item="medicine_fetch", door="phone"))

    assert Need.objects.get().item.code == "medicine_fetch"


def test_the_poster_speaks_chinese_or_english_whatever_the_page_does(client):
    site = a_site(phone="10000000044")
    a_menu_item()
    a_menu_item("centres", levels=",centre,")
    client.cookies["django_language"] = "en"

    chinese = client.get(f"/sites/{site.public_id}/poster/").content.decode()
    english = client.get(f"/sites/{site.public_id}/poster/?language=en").content.decode()

    assert "打电话也可以" in chinese
    assert "周一至周五 08:30–12:00" in chinese or "星期一至星期五 08:30–12:00" in chinese
    assert "代取药品" in chinese
    assert "Rather call?" in english
    assert "medicine_fetch" in english
    assert "centres" not in english


def test_a_closed_site_has_no_poster(client):
    site = a_site(until="2026-01-01")

    assert client.get(f"/sites/{site.public_id}/poster/").status_code == 404
