"""The cache: translations, vectors and answers in one SQLite file, each under the hash of what made it.

A row is written in the same transaction as its batch, so a killed build loses at most the batch it
was working on. Reads never invent: a key is there with its value, or it is not there.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import platformdirs

from samestory.errors import SamestoryError, UsageError
from samestory.records import Matrix

log = logging.getLogger(__name__)

Values = npt.NDArray[np.float64]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS translations
    (key BLOB PRIMARY KEY, english TEXT NOT NULL, score REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS vectors
    (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answers
    (key BLOB PRIMARY KEY, answer BLOB NOT NULL) WITHOUT ROWID;
DROP TABLE IF EXISTS likelihoods;  -- of former versions
"""
_HEADER = b"SQLite format 3\0"
_CHUNK = 500  # keys per query: below SQLite's limit on bound variables in every build of it


def default_cache() -> Path:
    """Return the file that keeps translations, vectors and answers between builds."""
    return platformdirs.user_cache_path("samestory") / "store.sqlite"


class Translation(NamedTuple):
    """A decoded hypothesis and its log-probability per token."""

    english: str
    score: float


class Store:
    """A SQLite file of translations, vectors and answers. Use it as a context manager.

    `new_translations` counts those stored since it was opened.

    Raises SamestoryError where the file cannot be made. A damaged file is set aside as `*.broken`
    and a new one begun: the cache can always be made again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.new_translations = 0
        if path.is_dir():
            raise UsageError(f"{path} is a folder: name a file with --cache")
        if _is_foreign(path):
            raise UsageError(f"{path} is no cache of samestory: name another file with --cache")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._db = self._open()
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                broken = path.with_name(path.name + ".broken")
                for suffix in ("-wal", "-shm"):
                    path.with_name(path.name + suffix).unlink(missing_ok=True)
                path.replace(broken)
                log.warning("cache %s is damaged (%s): set aside as %s, starting a new one", path, error, broken.name)
                self._db = self._open()
        except (OSError, sqlite3.OperationalError) as error:
            raise SamestoryError(f"cache {path} cannot be opened ({error}): name another with --cache FILE") from error

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=60)
        try:
            _switch_to_wal(db)
            db.execute("PRAGMA synchronous=NORMAL")
            db.executescript(_SCHEMA)
            if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("quick_check failed")
        except BaseException:
            db.close()
            raise
        return db

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._db.close()

    def translations(self, model: str, options: str, sentences: Iterable[str]) -> dict[str, Translation]:
        """Return the stored translation of each of `sentences` that has one, by sentence."""
        keys = {_key(model, options, sentence): sentence for sentence in sentences}
        rows = self._select("SELECT key, english, score FROM translations WHERE key IN", list(keys))
        return {keys[key]: Translation(english, score) for key, english, score in rows}

    def add_translations(self, model: str, options: str, translations: Mapping[str, Translation]) -> None:
        """Store `translations`, by sentence, in one transaction."""
        rows = [(_key(model, options, sentence), t.english, t.score) for sentence, t in translations.items()]
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO translations VALUES (?, ?, ?)", rows)
        self.new_translations += len(rows)

    def vectors(self, model: str, texts: Iterable[str]) -> dict[str, Matrix]:
        """Return the stored vector, shape (d,), of each of `texts` that has one, by text."""
        keys = {_key(model, text): text for text in texts}
        rows = self._select("SELECT key, vector FROM vectors WHERE key IN", list(keys))
        return {keys[key]: np.frombuffer(blob, dtype="<f4") for key, blob in rows}

    def add_vectors(self, model: str, texts: Sequence[str], vectors: Matrix) -> None:
        """Store `vectors`, shape (n, d), one for each of the n `texts`, in one transaction."""
        rows = [(_key(model, text), row.astype("<f4").tobytes()) for text, row in zip(texts, vectors, strict=True)]
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def answers(self, model: str, options: str, texts: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Values]:
        """Return the stored answer, shape (k,), of each two of `texts` that have one."""
        keys = {_key(model, options, *both): both for both in texts}
        rows = self._select("SELECT key, answer FROM answers WHERE key IN", list(keys))
        return {keys[key]: np.frombuffer(blob, dtype="<f8") for key, blob in rows}

    def add_answers(self, model: str, options: str, answers: Mapping[tuple[str, str], Values]) -> None:
        """Store what `model` said of two texts, by these, in one transaction."""
        rows = [(_key(model, options, *both), answer.astype("<f8").tobytes()) for both, answer in answers.items()]
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?)", rows)

    def _select(self, query: str, keys: list[bytes]) -> Iterable[tuple[Any, ...]]:
        for start in range(0, len(keys), _CHUNK):
            chunk = keys[start : start + _CHUNK]
            yield from self._db.execute(f"{query} ({','.join('?' * len(chunk))})", chunk)


def _is_foreign(path: Path) -> bool:
    """Whether there is a file at `path` that SQLite never wrote: a user's own, not to be set aside."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(len(_HEADER))
    return head != _HEADER[: len(head)]


def _switch_to_wal(db: sqlite3.Connection) -> None:
    """Switch `db` to WAL, and wait where another process does so just now: SQLite itself gives up at once."""
    (wait,) = db.execute("PRAGMA busy_timeout").fetchone()
    give_up = time.monotonic() + wait / 1000
    while True:
        try:
            db.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def _key(*parts: str) -> bytes:
    return hashlib.sha256("\x1f".join(parts).encode()).digest()
