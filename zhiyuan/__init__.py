"""Zhiyuan (志愿): a county's whole volunteer service in one program.

Importing the package puts the SQLite of the `pysqlite3` wheel in place of the interpreter's own, before Django opens a
database: SQLite 3.7.0 to 3.51.2 can corrupt a database in WAL mode, and interpreters of today still carry those.
"""

import sys

import pysqlite3

# SQLite's own defaults; Django asks for two of them by name, and the wheel knows neither the names nor the question
LIMITS = {"SQLITE_LIMIT_COLUMN": (2, 2000), "SQLITE_LIMIT_VARIABLE_NUMBER": (9, 32766)}


class SQLiteConnection(pysqlite3.Connection):  # type: ignore[misc]
    """The wheel's connection, with the one method of Python 3.11's that Django asks for and the wheel lacks."""

    def getlimit(self, category: int) -> int:
        return dict(LIMITS.values())[category]


for name, (category, _limit) in LIMITS.items():
    setattr(pysqlite3, name, category)
sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
