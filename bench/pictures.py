"""Pictures of the ten main pages in Chinese, as a phone and a desk screen show them: docs/pictures/NAME-WIDTH.png."""

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from bench.figures import note, say
from bench.server import HOST, ROOT, Server, a_server

FOLDER = ROOT / "docs" / "pictures"
SCREENS: tuple[ViewportSize, ...] = ({"width": 390, "height": 844}, {"width": 1440, "height": 900})
LARGEST = 400_000  # bytes
PEOPLE = "101000"


@dataclass(frozen=True)
class Picture:
    name: str
    role: str
    go: Callable[[Page, Server], None]


def at(address: str) -> Callable[[Page, Server], None]:
    def go(page: Page, server: Server) -> None:
        _open(page, address)

    return go


def first_of(address: str, pattern: str, words: str = "") -> Callable[[Page, Server], None]:
    """The page of the first item in a list whose address looks like this, and that says these words."""

    def go(page: Page, server: Server) -> None:
        _open(page, address)
        links = page.eval_on_selector_all("main a", "all => all.map(one => [one.getAttribute('href'), one.innerText])")
        _open(page, next(href for href, text in links if re.match(pattern, href) and words in text))

    return go


def a_receipt(page: Page, server: Server) -> None:
    _open(page, server.inside("a_receipt"))


def _open(page: Page, address: str) -> None:
    response = page.goto(address)
    if response is None or response.status != 200:
        raise RuntimeError(f"{address} was answered with {response.status if response else 'nothing'}.")


ID = "[0-9a-z]{16}/"
PICTURES = (
    Picture("home", "visitor", at("/")),
    Picture("ask", "visitor", at("/ask/")),
    Picture("receipt", "visitor", a_receipt),
    Picture("desk", "dispatcher", first_of("/desk/", f"/desk/{ID}", "已核实")),
    Picture("activities", "volunteer", at("/activities/")),
    Picture("activity", "volunteer", first_of("/activities/", f"/activities/{ID}")),
    Picture("me", "volunteer", at("/me/")),
    Picture("my-teams", "leader", at("/my-teams/")),
    Picture("roll-call", "leader", first_of("/my-teams/", f"/activities/{ID}roll-call/")),
    Picture("teams", "office", at("/teams/")),
)


def measure(*, write: bool) -> None:
    """Takes them of the county in ZHIYUAN_DATA, or of one that it makes. Writes them in any case."""
    data = {"ZHIYUAN_DATA": folder} if (folder := os.environ.get("ZHIYUAN_DATA")) else {}
    with a_server(ZHIYUAN_MODE="demo", **data) as server:
        say("a demo county")
        server.manage("seed_county", "--people", PEOPLE)
        server.start()
        take_all(server)


def take_all(server: Server) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=_browser(), args=[*flags, "--disable-gpu"])
        for screen in SCREENS:
            for picture in PICTURES:
                context = browser.new_context(
                    base_url=f"http://{HOST}:{server.port}",
                    viewport=screen,
                    locale="zh-CN",
                    timezone_id="Asia/Shanghai",
                )
                page = context.new_page()
                step_into(page, picture.role)
                picture.go(page, server)
                size = take(page, FOLDER / f"{picture.name}-{screen['width']}.png")
                note("pictures", {"name": picture.name, "width": screen["width"], "bytes": size})
                context.close()
        browser.close()


def _browser() -> str:
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        raise RuntimeError("No browser found: ./run test installs one, or CHROMIUM names one.")
    return found


def step_into(page: Page, role: str) -> None:
    """As the demo's bar does it."""
    _open(page, "/")
    if role != "visitor":
        page.click(".zy-demobar summary")
        with page.expect_navigation():
            page.click(f'button[name="role"][value="{role}"]')


def take(page: Page, path: Path) -> int:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path, animations="disabled")
    size = path.stat().st_size
    if size > LARGEST:
        raise RuntimeError(f"{path.name} has {size} bytes, more than {LARGEST}.")
    return size
