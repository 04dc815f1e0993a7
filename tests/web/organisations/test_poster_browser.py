"""The poster on paper: one sheet of A4 that holds the whole menu."""

import re
import zlib
from contextlib import suppress
from unicodedata import normalize

import pytest

from tests.build import a_site, an_office
from tests.conftest import DESKTOP, PHONE
from tests.web.doors import log_in_browser
from zhiyuan.cli.demo_county.menu_table import MENU
from zhiyuan.cli.demo_county.organisation_rows import write_code_lists
from zhiyuan.domain.organisations.models import MenuItem

pytestmark = pytest.mark.django_db(transaction=True)
A4 = (595, 842)  # points
ONE_SIGN = rb"<[0-9A-F]+> <([0-9A-F]+)>\n"
SOME_SIGNS = rb"<([0-9A-F]+)> <([0-9A-F]+)> <([0-9A-F]+)>"


@pytest.fixture
def site(live_server):
    write_code_lists()
    MenuItem.objects.update(levels="", from_month=None, to_month=None)  # the fullest sheet there can be
    name = "镇原县屯字镇马堡村新时代文明实践站"
    return a_site(name=name, phone="10000000044", address="马堡村党群服务中心院内东侧一楼")


def signs_in(pdf: bytes) -> set[str]:
    """Every sign that a PDF's fonts can show, by their tables from glyphs to text."""
    text = b""
    for body in re.findall(rb"(?<!end)stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            text += zlib.decompressobj().decompress(body)
    signs = {bytes.fromhex(sign.decode()).decode("utf-16-be", "ignore") for sign in re.findall(ONE_SIGN, text)}
    for first, last, start in re.findall(SOME_SIGNS, text):
        signs.update(chr(int(start, 16) + step) for step in range(int(last, 16) - int(first, 16) + 1))
    return set(normalize("NFKC", "".join(signs)))  # fonts call some signs by their radicals


@pytest.mark.parametrize("language", ["zh", "en"])
def test_36_lines_fit_on_one_sheet_of_a4(site, desktop, language):
    desktop.goto(f"/sites/{site.public_id}/poster/?language={language}")

    pdf = desktop.pdf(prefer_css_page_size=True)

    assert len(MENU) == 36
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    width, height = map(float, re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)[0])
    assert (round(width), round(height)) == A4
    said = "".join(line.en if language == "en" else line.zh for line in MENU) + site.name
    wanted = {sign for sign in said if not sign.isspace()}
    assert len(wanted - signs_in(pdf)) <= len(wanted) // 25  # a few radicals have no other form


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_screen(site, open_page, axe, live_server, screen):
    page = open_page(**screen)
    log_in_browser(page, live_server.url, an_office())
    faults = []
    for address in (
        f"/sites/{site.public_id}/",
        f"/sites/{site.public_id}/poster/",
        "/menu/",
        "/menu/new/",
        "/menu/coal_carry/change/",
        f"/ask/?site={site.public_id}&item=coal_carry",
    ):
        answer = page.goto(address)
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        faults += [(address, answer.status)] if answer.status != 200 else []
        faults += [(address, f"{wider} px too wide")] if wider > 0 else []
        faults += [(address, fault) for fault in axe(page)]

    assert faults == []
