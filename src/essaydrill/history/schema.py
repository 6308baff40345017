"""The tables of the history file, and how an older file becomes one of this version."""

# Entry N leads from schema version N to N + 1. Entries that were ever released are never edited.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE attempts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            prompt TEXT NOT NULL,
            topic TEXT NOT NULL,
            kind TEXT NOT NULL,
            started_at TEXT NOT NULL,
            finished_at TEXT NOT NULL,
            seconds INTEGER NOT NULL,
            answer TEXT NOT NULL,
            result TEXT NOT NULL,
            score REAL NOT NULL,
            max_score REAL NOT NULL,
            signature TEXT NOT NULL,
            origin TEXT NOT NULL
        )""",
        "CREATE INDEX attempts_by_prompt ON attempts (prompt, finished_at)",
        """CREATE TRIGGER attempts_keep BEFORE DELETE ON attempts
           BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END""",
        """CREATE TRIGGER attempts_stand BEFORE UPDATE ON attempts
           BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END""",
    ),
    (
        # The log of reviews. A review that was taken back stays in it and is named in `undone`.
        """CREATE TABLE reviews (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            uid TEXT NOT NULL UNIQUE,
            prompt TEXT NOT NULL,
            point TEXT NOT NULL,
            reviewed_at TEXT NOT NULL,
            seconds INTEGER NOT NULL,
            answer TEXT NOT NULL,
            judged TEXT NOT NULL,
            rating INTEGER NOT NULL
        )""",
        """CREATE TABLE undone (
            review TEXT PRIMARY KEY REFERENCES reviews (uid)
        )""",
        *(
            f"""CREATE TRIGGER {table}_{name} BEFORE {change} ON {table}
                BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END"""
            for table in ("reviews", "undone")
            for name, change in (("keep", "DELETE"), ("stand", "UPDATE"))
        ),
        # What follows from attempts and reviews, and up to which of them: made anew at any time.
        """CREATE TABLE cards (
            prompt TEXT NOT NULL,
            point TEXT NOT NULL,
            topic TEXT NOT NULL,
            kind TEXT NOT NULL,
            text TEXT NOT NULL,
            made_on TEXT NOT NULL,
            stability REAL NOT NULL,
            difficulty REAL NOT NULL,
            due TEXT NOT NULL,
            reviewed_on TEXT NOT NULL,
            rating INTEGER NOT NULL,
            times_that_day INTEGER NOT NULL,
            reviews INTEGER NOT NULL,
            lapses INTEGER NOT NULL,
            PRIMARY KEY (prompt, point)
        )""",
        """CREATE TABLE replayed (
            attempts INTEGER NOT NULL,
            reviews INTEGER NOT NULL,
            undone INTEGER NOT NULL,
            rules TEXT NOT NULL
        )""",
    ),
    (
        # The help that the candidate took, step by step: it lowers what the attempt proves.
        "ALTER TABLE attempts ADD COLUMN help TEXT NOT NULL DEFAULT ''",
    ),
)
SCHEMA_VERSION = len(MIGRATIONS)
