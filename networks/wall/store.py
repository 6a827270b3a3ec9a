"""The wall's own store: one SQLite file that has what was accepted on disk before anybody hears of it."""

import hashlib
import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

SCHEMA = Path(__file__).with_name("schema.sql")


@dataclass(frozen=True)
class PostPicture:
    """A picture as it hangs under a post."""

    digest: str
    alt: str


@dataclass(frozen=True)
class NewPost:
    """A post that was read and found good. `reply_to` is the id of the post it answers; `key` is the client's own."""

    network: str
    account: str
    author: str
    text: str
    language: str
    pictures: tuple[PostPicture, ...] = ()
    reply_to: int | None = None
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Post(NewPost):
    """A post that stands on the wall. `at` is aware UTC; `copies` counts the account's posts with this very text."""

    id: int
    root: int
    at: datetime
    copies: int


@dataclass(frozen=True)
class AccountCount:
    """An account, the name it last posted under, and how many posts of it stand here."""

    account: str
    author: str
    posts: int


def stamp(moment: datetime) -> str:
    """A moment in UTC as text that sorts by time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest_of(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


POST = """SELECT post.*, (SELECT count(*) FROM post AS other WHERE other.network = post.network
 AND other.account = post.account AND other.text_digest = post.text_digest) AS copies FROM post """


class Store:
    """Everything the wall knows. One connection behind one lock: a sandbox needs no more, and order stays plain.

    Raises OSError or sqlite3.Error where the folder or the file cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(folder / "wall.sqlite3", timeout=10, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.executescript(SCHEMA.read_text(encoding="utf-8"))
        self._db.execute("PRAGMA user_version = 1")  # writes always, so a file that is read-only is noticed here

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def know(self, network: str, account: str, author: str, token: str) -> bool:
        """Remembers the first token of an account. False where another token came first."""
        given = digest_of(token.encode())
        with self._writing() as db:
            db.execute("INSERT OR IGNORE INTO account VALUES (?, ?, ?, ?)", (network, account, author, given))
            where = "WHERE network = ? AND account = ?"
            row = db.execute(f"SELECT token_digest FROM account {where}", (network, account)).fetchone()  # noqa: S608 - our own words
        return secrets.compare_digest(str(row[0]), given)

    def is_strange(self, network: str, account: str, token: str) -> bool:
        """Whether the account is known, and by another token."""
        rows = self._rows("SELECT token_digest FROM account WHERE network = ? AND account = ?", (network, account))
        return bool(rows) and not secrets.compare_digest(str(rows[0][0]), digest_of(token.encode()))

    def keep_picture(self, digest: str, content_type: str, body: bytes) -> bool:
        """Stores a picture under its digest; False where it stood here already."""
        with self._writing() as db:
            values = (digest, content_type, body)
            return db.execute("INSERT OR IGNORE INTO picture VALUES (?, ?, ?)", values).rowcount == 1

    def picture(self, digest: str) -> tuple[str, bytes] | None:
        """A picture's content type and bytes."""
        rows = self._rows("SELECT content_type, body FROM picture WHERE digest = ?", (digest,))
        return (rows[0]["content_type"], rows[0]["body"]) if rows else None

    def has_picture(self, digest: str) -> bool:
        """Whether a picture was uploaded."""
        return bool(self._rows("SELECT 1 FROM picture WHERE digest = ?", (digest,)))

    def add(self, new: NewPost) -> int:
        """Accepts a post and gives its id; on disk when this returns."""
        with self._writing() as db:
            root = self._root(db, new.reply_to)
            digest = digest_of(new.text.encode())
            added = db.execute(
                "INSERT INTO post (network, account, author, text, text_digest, language, key, reply_to, root, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (new.network, new.account, new.author, new.text, digest, new.language, new.key, new.reply_to, root,
                 stamp(datetime.now(UTC))),
            ).lastrowid or 0  # fmt: skip
            if root is None:
                db.execute("UPDATE post SET root = id WHERE id = ?", (added,))
            rows = [(added, place, picture.digest, picture.alt) for place, picture in enumerate(new.pictures)]
            db.executemany("INSERT INTO post_picture VALUES (?, ?, ?, ?)", rows)
        return added

    @staticmethod
    def _root(db: sqlite3.Connection, reply_to: int | None) -> int | None:
        if reply_to is None:
            return None
        return int(db.execute("SELECT root FROM post WHERE id = ?", (reply_to,)).fetchone()[0])

    def count(self) -> int:
        """How many posts stand here."""
        return int(self._rows("SELECT count(*) FROM post")[0][0])

    def post(self, number: int) -> Post | None:
        """One post by its id."""
        return next(iter(self._posts("WHERE id = ?", (number,))), None)

    def posts(self) -> list[Post]:
        """All posts, oldest first."""
        return self._posts("ORDER BY id")

    def posts_of(self, network: str, account: str, since: datetime | None) -> list[Post]:
        """An account's posts from a moment (UTC) on, oldest first."""
        at = stamp(since) if since else ""
        return self._posts("WHERE network = ? AND account = ? AND at >= ? ORDER BY id", (network, account, at))

    def conversations(
        self, *, network: str, account: str, repeated: bool, before: int | None, limit: int
    ) -> list[list[Post]]:
        """Posts with what answers them, the latest first; `before` is the newest id of the page above.

        A conversation is shown when one post in it fits: of this network, of this account, or posted more than once.
        """
        shown, values = _fitting(network, account, repeated=repeated)
        latest = "HAVING max(id) < ?" if before is not None else ""
        rows = self._rows(
            f"SELECT root FROM post WHERE root IN ({shown}) GROUP BY root {latest} ORDER BY max(id) DESC LIMIT ?",  # noqa: S608 - our own words
            (*values, *([before] if before is not None else []), limit),
        )
        return self._threads([row["root"] for row in rows])

    def conversation(self, number: int) -> list[Post]:
        """The post of this id with everything around it, the first post first; empty where there is none."""
        rows = self._rows("SELECT root FROM post WHERE id = ?", (number,))
        return next(iter(self._threads([row["root"] for row in rows])), [])

    def networks(self) -> Mapping[str, int]:
        """How many posts each network has."""
        rows = self._rows("SELECT network, count(*) FROM post GROUP BY network ORDER BY network")
        return {row[0]: row[1] for row in rows}

    def accounts(self, network: str) -> list[AccountCount]:
        """The accounts of one network, or of all where it is empty, by name."""
        where, values = ("WHERE network = ?", (network,)) if network else ("", ())
        rows = self._rows(
            f"SELECT account, author, count(*), max(id) FROM post {where} GROUP BY account"  # noqa: S608 - our own words
            " ORDER BY author COLLATE NOCASE, account",
            values,
        )
        return [AccountCount(row[0], row[1], row[2]) for row in rows]

    def repeated(self) -> int:
        """How many texts one account has posted more than once."""
        rows = self._rows(
            "SELECT count(*) FROM (SELECT 1 FROM post GROUP BY network, account, text_digest HAVING count(*) > 1)"
        )
        return int(rows[0][0])

    def _threads(self, roots: Sequence[int]) -> list[list[Post]]:
        marks = ", ".join("?" * len(roots))
        threads: dict[int, list[Post]] = {root: [] for root in roots}
        for post in self._posts(f"WHERE root IN ({marks}) ORDER BY id", roots):
            threads[post.root].append(post)
        return list(threads.values())

    def _posts(self, rest: str, values: Sequence[Any] = ()) -> list[Post]:
        with self._lock:
            rows = self._rows(POST + rest, values)
            pictures = self._pictures([row["id"] for row in rows])
        return [_post(row, pictures.get(row["id"], ())) for row in rows]

    def _pictures(self, ids: Sequence[int]) -> dict[int, tuple[PostPicture, ...]]:
        if not ids:
            return {}
        rows = self._rows(
            "SELECT post, digest, alt FROM post_picture WHERE post BETWEEN ? AND ? ORDER BY post, position",
            (min(ids), max(ids)),
        )
        return _by_post(rows)


def _fitting(network: str, account: str, *, repeated: bool) -> tuple[str, list[str]]:
    """The roots of conversations in which a post fits, as SQL with its values."""
    wanted = {"network = ?": network, "account = ?": account}
    parts = [part for part, value in wanted.items() if value]
    if repeated:
        parts.append(
            "(network, account, text_digest) IN (SELECT network, account, text_digest FROM post"
            " GROUP BY network, account, text_digest HAVING count(*) > 1)"
        )
    where = f"WHERE {' AND '.join(parts)}" if parts else ""
    return f"SELECT root FROM post {where}", [value for value in wanted.values() if value]  # noqa: S608 - our own words


def _by_post(rows: Iterable[sqlite3.Row]) -> dict[int, tuple[PostPicture, ...]]:
    found: dict[int, tuple[PostPicture, ...]] = {}
    for row in rows:
        found[row["post"]] = (*found.get(row["post"], ()), PostPicture(row["digest"], row["alt"]))
    return found


def _post(row: sqlite3.Row, pictures: tuple[PostPicture, ...]) -> Post:
    return Post(
        network=row["network"], account=row["account"], author=row["author"], text=row["text"],
        language=row["language"], pictures=pictures, reply_to=row["reply_to"], key=row["key"], id=row["id"],
        root=row["root"], at=datetime.fromisoformat(row["at"]), copies=row["copies"],
    )  # fmt: skip
