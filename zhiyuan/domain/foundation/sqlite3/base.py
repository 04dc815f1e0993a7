"""Writers of one process wait for each other in line, not by asking SQLite again and again.

SQLite lets a waiting writer sleep, up to a tenth of a second a time, and whoever happens to ask at the right moment
goes first: with eight clients who write all the time, some waited two seconds. A lock in front hands the turn on at
once. Writers of other processes, such as a command beside the server, still meet in SQLite itself.
"""

from threading import Lock

from django.db.backends.sqlite3 import base

LONGEST_WAIT = 20  # seconds; then SQLite's own timeout decides
_turn = Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    _has_turn = False

    def _start_transaction_under_autocommit(self) -> None:
        self._has_turn = _turn.acquire(timeout=LONGEST_WAIT)
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc] # not in the stubs
        except BaseException:
            self._pass_turn()
            raise

    def _commit(self) -> None:
        # when it fails, the rollback that follows passes the turn
        super()._commit()  # type: ignore[misc] # not in the stubs
        self._pass_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc] # not in the stubs
        finally:
            self._pass_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc] # not in the stubs
        finally:
            self._pass_turn()

    def _pass_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            _turn.release()
