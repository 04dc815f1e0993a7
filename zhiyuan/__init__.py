"""Zhiyuan (志愿): a county's whole volunteer service in one program.

Importing the package puts the SQLite of the `pysqlite3` wheel in place of the interpreter's own, before Django opens a
database: SQLite 3.7.0 to 3.51.2 can corrupt a database in WAL mode, and interpreters of today still carry those.
"""

import sys

import pysqlite3

VARIABLES_A_STATEMENT = 32766  # SQLite's default since 3.32


class SQLiteConnection(pysqlite3.Connection):  # type: ignore[misc]
    """The wheel's connection, with the one method of Python 3.11's that Django asks for and the wheel lacks."""

    def getlimit(self, category: int) -> int:
        return VARIABLES_A_STATEMENT


pysqlite3.SQLITE_LIMIT_VARIABLE_NUMBER = 9
sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
