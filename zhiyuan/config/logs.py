"""Logs that name no one: only the fields listed here are ever written, as one JSON line each."""

import json
import logging
import traceback

ALLOWED = ("request_id", "route", "method", "status", "room", "work", "count", "seconds")


class QuietFormatter(logging.Formatter):
    """Time, level, logger and allow-listed extras; of an error its type and place, never its words or values."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {"at": self.formatTime(record), "level": record.levelname, "logger": record.name}
        if record.name.startswith("zhiyuan"):
            line["event"] = str(record.msg)  # the constant text; arguments are left out on purpose
        line.update({name: getattr(record, name) for name in ALLOWED if hasattr(record, name)})
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = [f"{f.filename}:{f.lineno}" for f in traceback.extract_tb(record.exc_info[2])][-8:]
        return json.dumps(line, ensure_ascii=False)
