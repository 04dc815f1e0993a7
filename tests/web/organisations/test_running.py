"""What runs by itself: read by the office of the whole county and by nobody else."""

from datetime import timedelta

import pytest

from tests.build import COUNTY, TUNZI, a_dispatcher, a_volunteer, an_auditor, an_office, area
from tests.conftest import DESKTOP, PHONE
from tests.web.doors import log_in, log_in_browser, queries_of
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.foundation.models import PeriodicWork
from zhiyuan.domain.foundation.periodic import all_work, run_next, schedule

pytestmark = pytest.mark.django_db


def everything_is_done():
    while run_next(all_work(), at=now()):
        pass


def troubles():
    """One piece fails, one lies still, one is in a worker's hand."""
    hour = timedelta(hours=1)
    PeriodicWork.objects.filter(name="forget-codes").update(tries=3, last_error="OperationalError")
    PeriodicWork.objects.filter(name="forget-counts").update(last_ok_at=now() - 12 * hour)
    PeriodicWork.objects.filter(name="forget-calls").update(lease_until=now() + hour, leased_by="another")


def test_each_work_says_when_it_was_done_and_that_all_is_well(client):
    log_in(client, an_office())
    everything_is_done()

    page = client.get("/running/").content.decode()

    assert [work.name for work in all_work() if work.name not in page] == []
    assert page.count("按时做完") == len(all_work()) + 1
    assert "zy-late" not in page


def test_what_fails_or_lies_still_is_said_in_red_with_what_to_do(client):
    log_in(client, an_office())
    everything_is_done()
    troubles()

    page = client.get("/running/").content.decode()

    assert "有 2 项任务停了" in page
    assert "连续失败 3 次（OperationalError）" in page
    assert "periodic run forget-codes" in page
    assert "./run manage worker" in page
    assert "正在做" in page


def test_what_no_worker_has_begun_is_said(client):
    log_in(client, an_office())

    page = client.get("/running/").content.decode()

    assert page.count("还没开始") == len(all_work())


@pytest.mark.parametrize(
    "who",
    [lambda: an_office(TUNZI), lambda: a_dispatcher(COUNTY), an_auditor, lambda: a_volunteer().person],
    ids=["office of a township", "dispatcher", "auditor", "volunteer"],
)
def test_nobody_else_sees_it(client, who):
    log_in(client, who())

    assert client.get("/running/").status_code == 404
    assert "/running/" not in client.get("/more/").content.decode()


def test_the_office_finds_it_under_more(client):
    log_in(client, an_office())

    assert "/running/" in client.get("/more/").content.decode()


def test_the_page_costs_few_queries(client):
    log_in(client, an_office())
    schedule(all_work(), at=now())

    assert queries_of(client, "/running/") <= 8


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_page_is_sound_in_a_browser(open_page, live_server, axe, screen):
    area(COUNTY)
    office = an_office()
    everything_is_done()
    troubles()
    page = open_page(**screen)
    log_in_browser(page, live_server.url, office)

    page.goto("/running/")

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
