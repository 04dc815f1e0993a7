"""What a production start refuses and accepts: settings are read in a process of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as present

ROOT = Path(__file__).parent.parent.parent
SAFE = {
    "ZHIYUAN_MODE": "production",
    "ZHIYUAN_SECRET_KEY": "a0b1c2d3e4f5-a-secret-for-a-test-of-the-settings-only",
    "ZHIYUAN_SEALING_KEYS": ",".join(
        f"{name}:{name}-a0b1c2d3e4f5-key-for-a-test-of-settings-only" for name in ("k2", "k1")
    ),
    "ZHIYUAN_BLIND_INDEX_KEY": "a0b1c2d3e4f5-index-for-a-test-of-settings-only",
    "ZHIYUAN_HOSTS": "zhiyuan.example,www.zhiyuan.example",
    "ZHIYUAN_SMS_GATEWAY": "https://sms.example/send",
}
READ = "import django; django.setup(); from django.conf import settings as s; "


def environment_of(data, **changed):
    """What the safe production start finds, with some of it changed; None takes a variable out."""
    clean = {
        key: value for key, value in os.environ.items() if not key.startswith(("ZHIYUAN_", "DATABASE_", "DJANGO_"))
    }
    wanted = {**clean, **SAFE, "ZHIYUAN_DATA": str(data), "DJANGO_SETTINGS_MODULE": "zhiyuan.config.settings"}
    return {key: value for key, value in {**wanted, **changed}.items() if value is not None}


def start(tmp_path, code="", **changed):
    """Start as a fresh process would."""
    environment = environment_of(tmp_path, **changed)
    return subprocess.run(
        [sys.executable, "-c", READ + code], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


UNSAFE = [
    ("ZHIYUAN_MODE", "debug"),
    ("ZHIYUAN_SECRET_KEY", None),
    ("ZHIYUAN_SECRET_KEY", "short"),
    ("ZHIYUAN_SECRET_KEY", "ab" * 40),
    ("ZHIYUAN_BLIND_INDEX_KEY", None),
    ("ZHIYUAN_BLIND_INDEX_KEY", "short"),
    ("ZHIYUAN_BLIND_INDEX_KEY", SAFE["ZHIYUAN_SECRET_KEY"]),
    ("ZHIYUAN_SEALING_KEYS", None),
    ("ZHIYUAN_SEALING_KEYS", "k1"),
    ("ZHIYUAN_SEALING_KEYS", "k1:short"),
    ("ZHIYUAN_SEALING_KEYS", SAFE["ZHIYUAN_SEALING_KEYS"] + ",k1:a0b1c2d3e4f5-another-for-a-test-of-settings-"),
    ("ZHIYUAN_SEALING_KEYS", ":a0b1c2d3e4f5-nameless-for-a-test-of-settings-only"),
    ("ZHIYUAN_SEALING_KEYS", "k1:" + SAFE["ZHIYUAN_BLIND_INDEX_KEY"]),
    ("ZHIYUAN_HOSTS", None),
    ("ZHIYUAN_HOSTS", ""),
    ("ZHIYUAN_HOSTS", "*"),
    ("ZHIYUAN_HOSTS", "zhiyuan.example, *"),
    ("ZHIYUAN_SMS_GATEWAY", None),
    ("ZHIYUAN_SMS_GATEWAY", "sink"),
    ("ZHIYUAN_SMS_GATEWAY", "http://sms.example/send"),
    ("ZHIYUAN_SMS_GATEWAY_2", "sink"),
    ("ZHIYUAN_SMS_GATEWAY_2", "http://sms.example/send"),
    ("ZHIYUAN_CLOCK_SHIFT_SECONDS", "3600"),
    ("DATABASE_URL", "mysql://localhost/zhiyuan"),
]
READ_EACH = """
import json, os, runpy, sys
from django.core.exceptions import ImproperlyConfigured

for variable, value in json.loads(sys.argv[1]):
    before = dict(os.environ)
    os.environ.pop(variable, None)
    if value is not None:
        os.environ[variable] = value
    try:
        runpy.run_module("zhiyuan.config.settings")
        print("started")
    except ImproperlyConfigured as error:
        print(error)
    os.environ.clear()
    os.environ.update(before)
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What a production start answers to each unsafe value; read in one process, for they are many."""
    environment = environment_of(tmp_path_factory.mktemp("data"))
    command = [sys.executable, "-c", READ_EACH, json.dumps(UNSAFE)]
    ended = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    return ended.stdout.splitlines()


@pytest.mark.parametrize("number", range(len(UNSAFE)), ids=[f"{name}={value}" for name, value in UNSAFE])
def test_production_refuses_an_unsafe_value_and_names_its_variable_but_no_value(answers, number):
    variable, _unsafe = UNSAFE[number]

    assert variable in answers[number]
    assert " must " in answers[number]
    assert not [value for value in SAFE.values() if len(value) > 40 and value in answers[number]]


def test_a_refused_start_ends_with_the_reason(tmp_path):
    ended = start(tmp_path, ZHIYUAN_HOSTS="*")

    assert ended.returncode != 0
    assert (
        ended.stderr.strip()
        .splitlines()[-1]
        .endswith("ZHIYUAN_HOSTS must name the hosts that serve the site, without *.")
    )


def test_production_starts_with_safe_values_and_is_what_it_is_when_nothing_is_said(tmp_path):
    shown = "print(s.MODE, s.DEBUG, s.SYNTHETIC, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, "
    code = shown + "s.SECURE_HSTS_SECONDS, s.ALLOWED_HOSTS)"

    ended = start(tmp_path, code, ZHIYUAN_MODE=None)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "production False False True True True 31536000 ['zhiyuan.example', 'www.zhiyuan.example']\n"


def test_djangos_own_deployment_check_finds_nothing(tmp_path):
    ended = start(tmp_path, "from django.core.management import call_command; call_command('check', deploy=True)")

    assert (ended.stdout, ended.stderr) == ("System check identified no issues (2 silenced).\n", "")


@pytest.mark.parametrize("mode", ["demo", "test"])
def test_demo_and_test_start_without_any_variable(tmp_path, mode):
    unset = dict.fromkeys(SAFE, None)

    ended = start(tmp_path, "print(s.MODE, s.DEBUG, s.SYNTHETIC, s.SMS_GATEWAY)", **{**unset, "ZHIYUAN_MODE": mode})

    assert ended.stdout == f"{mode} False True sink\n"


def test_each_mode_keeps_its_data_and_its_keys_apart(tmp_path):
    unset = dict.fromkeys(SAFE, None)
    code = "print(s.SECRET_KEY, s.SEALING_KEYS, s.BLIND_INDEX_KEY, sep='|')"

    keys = [
        start(tmp_path, code, **{**unset, "ZHIYUAN_MODE": mode}).stdout.strip().split("|") for mode in ("demo", "test")
    ]

    assert len({key for row in keys for key in row}) == 6


def test_the_policy_allows_nothing_but_our_own_files(client, db):
    policy = client.get("/healthz").headers["Content-Security-Policy"]

    assert policy == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
    )


def test_every_answer_carries_the_safe_headers(client, db):
    for address in ("/healthz", "/nowhere/"):
        headers = client.get(address).headers
        wanted = {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        assert {name: headers.get(name) for name in wanted} == wanted
        assert "Content-Security-Policy" in headers


def test_nothing_is_debugged_and_sessions_are_out_of_reach_of_scripts():
    assert present.DEBUG is False
    assert (present.SESSION_COOKIE_HTTPONLY, present.SESSION_COOKIE_SAMESITE) == (True, "Lax")
    assert present.SESSION_COOKIE_AGE <= 14 * 86400
    assert present.STAFF_SESSION_SECONDS <= 12 * 3600
