import json
import logging
import sys

from zhiyuan.config.logs import ALLOWED, QuietFormatter

SECRET = "王奶奶 10000000017"


def written(name="zhiyuan.web", message="something happened", args=(), exc_info=None, **extra):
    record = logging.LogRecord(name, logging.WARNING, "file.py", 1, message, args, exc_info)
    record.__dict__.update(extra)
    return QuietFormatter().format(record)


def test_a_line_is_json_with_the_constant_text_and_the_listed_fields():
    line = json.loads(written(request_id="ab12", status=404, seconds=0.2))

    assert set(line) == {"at", "level", "logger", "event", "request_id", "status", "seconds"}
    assert (line["event"], line["request_id"], line["status"]) == ("something happened", "ab12", 404)


def test_arguments_unlisted_fields_and_other_peoples_texts_are_never_written():
    lines = [
        written(message="told %s", args=(SECRET,)),
        written(phone=SECRET, body=SECRET),
        written(name="django.request", message=f"Not Found: {SECRET}"),
        written(name="django.db.backends", message=SECRET, sql=SECRET, params=(SECRET,)),
    ]

    assert not any("10000000017" in line or "王" in line for line in lines)
    assert "told %s" in lines[0]


def test_of_an_error_the_type_and_the_place_are_written_and_not_its_words():
    try:
        raise ValueError(SECRET)
    except ValueError:
        line = written(exc_info=sys.exc_info())

    told = json.loads(line)
    assert told["error"] == "ValueError"
    assert __file__ in told["where"][0]
    assert "10000000017" not in line


def test_what_may_be_written_names_nobody():
    assert ALLOWED == ("request_id", "route", "method", "status", "room", "work", "count", "seconds")
