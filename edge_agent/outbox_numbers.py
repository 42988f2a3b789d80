"""The numbers (`seq`) of the messages: reserved in durable blocks, so that none is ever given twice, whatever ends the program.

A number goes into a message before its commit, and an alarm may leave before it too. After a crash nobody knows which of the
reserved numbers were given: all of them are left out, and told as a gap of reason `restart`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

BLOCK: Final = 10_000
"""More than a day of messages on a card that takes no writes. Beyond that numbers are given without a reservation."""

RESTART: Final = "restart"
NOT_STORED: Final = "not_stored"


class Numbers:
    """The numbers of one outbox file; used inside transactions of the thread that owns the connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._next = self._reserved = 1
        # of the transaction that is open
        self._used = 0

    def open(self) -> tuple[str, int]:
        """The outbox's identity and its first free number, with a block reserved behind it; in a transaction of its own."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            uid, next_seq, reserved = connection.execute("SELECT uid, next_seq, reserved FROM log").fetchone()
            if reserved > next_seq:
                connection.execute(
                    "INSERT OR IGNORE INTO gap VALUES (?, '', ?, ?, 0, 1)", (RESTART, next_seq, reserved - 1)
                )
                next_seq = reserved
            connection.execute("INSERT OR IGNORE INTO gap SELECT ?, channel, seq, seq, 1, 1 FROM hole", (NOT_STORED,))
            connection.execute("DELETE FROM hole")
            connection.execute("UPDATE log SET next_seq = ?, reserved = ?", (next_seq, next_seq + BLOCK))
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        self._next, self._reserved = next_seq, next_seq + BLOCK
        return str(uid), int(next_seq)

    def used(self, seq: int) -> None:
        """Note that a number is in the file, as a message or as a dropped one."""
        self._used = max(self._used, seq)

    def before_commit(self) -> None:
        """Write down what was used, with a new block before the old one ends."""
        if self._used < self._next:
            return
        following = self._used + 1
        reserved = self._reserved if self._reserved - following >= BLOCK // 2 else following + BLOCK
        self._connection.execute("UPDATE log SET next_seq = ?, reserved = ?", (following, reserved))

    def after_commit(self) -> None:
        """It is written."""
        if self._used >= self._next:
            self._next = self._used + 1
            self._reserved = self._reserved if self._reserved - self._next >= BLOCK // 2 else self._next + BLOCK
        self._used = 0

    def after_rollback(self) -> None:
        """Nothing of it is."""
        self._used = 0

    def passed_over(self, seq: int, channel: str) -> None:
        """Note that later numbers are stored before this one is."""
        self._connection.execute("INSERT OR IGNORE INTO hole VALUES (?, ?)", (seq, channel))

    def stored(self, seq: int) -> None:
        """Note that a number that had been passed over is stored now."""
        self._connection.execute("DELETE FROM hole WHERE seq = ?", (seq,))

    def close(self, next_seq: int) -> None:
        """Give back what was reserved and not given; `next_seq` is the next that would have been."""
        self._connection.execute("UPDATE log SET next_seq = ?, reserved = ?", (next_seq, next_seq))
