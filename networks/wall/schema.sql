CREATE TABLE IF NOT EXISTS account (
  network TEXT NOT NULL,
  account TEXT NOT NULL,
  author TEXT NOT NULL,
  token_digest TEXT NOT NULL,
  PRIMARY KEY (network, account)
);
CREATE TABLE IF NOT EXISTS picture (
  digest TEXT PRIMARY KEY,
  content_type TEXT NOT NULL,
  body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS post (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  network TEXT NOT NULL,
  account TEXT NOT NULL,
  author TEXT NOT NULL,
  text TEXT NOT NULL,
  text_digest TEXT NOT NULL,
  language TEXT NOT NULL,
  key TEXT NOT NULL,
  reply_to INTEGER REFERENCES post (id),
  root INTEGER REFERENCES post (id),
  at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS post_picture (
  post INTEGER NOT NULL REFERENCES post (id),
  position INTEGER NOT NULL,
  digest TEXT NOT NULL REFERENCES picture (digest),
  alt TEXT NOT NULL,
  PRIMARY KEY (post, position)
);
CREATE INDEX IF NOT EXISTS post_by_account ON post (network, account, at);
CREATE INDEX IF NOT EXISTS post_by_text ON post (network, account, text_digest);
CREATE INDEX IF NOT EXISTS post_by_root ON post (root, id);
