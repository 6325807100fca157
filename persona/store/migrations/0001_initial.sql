-- Times are whole milliseconds since 1970, UTC. Ids are Discord's. Sealed columns end in _sealed:
-- AES-GCM under the person's data key of that scope and epoch (persona/store/crypto.py).
-- Every table that grows begins its key with the person, so that a cluster can split by it.

-- No persona of theirs has an earlier epoch: what is from before was erased. The languages are the
-- one they chose, and the one Discord told with their last interaction.
CREATE TABLE people (
    person_id BIGINT PRIMARY KEY,
    first_epoch BIGINT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    chosen_language TEXT,
    seen_language TEXT
);

-- Append-only: the last row is the decision in force, whatever the clock said.
CREATE TABLE consent (
    person_id BIGINT NOT NULL REFERENCES people (person_id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    decided_at BIGINT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('remember', 'chat_only')),
    text_version INTEGER NOT NULL,
    PRIMARY KEY (person_id, number)
);

-- Threads the bot opened, and for whom; it answers that person there without a mention. A title is
-- given once, if at all; a private one is shared once anybody else was seen in it.
CREATE TABLE threads (
    person_id BIGINT NOT NULL REFERENCES people (person_id) ON DELETE CASCADE,
    thread_id BIGINT NOT NULL UNIQUE,
    opened_at BIGINT NOT NULL,
    titled_at BIGINT,
    shared BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (person_id, thread_id)
);

-- While paused_at is set, nothing new is learned in that scope.
CREATE TABLE personas (
    person_id BIGINT NOT NULL REFERENCES people (person_id) ON DELETE CASCADE,
    scope TEXT NOT NULL,
    epoch BIGINT NOT NULL DEFAULT 1,
    version BIGINT NOT NULL DEFAULT 0,
    learn_asked_at BIGINT,
    paused_at BIGINT,
    PRIMARY KEY (person_id, scope)
);

-- Slots the person wants left as they are.
CREATE TABLE locks (
    person_id BIGINT NOT NULL,
    scope TEXT NOT NULL,
    slot TEXT NOT NULL,
    locked_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, scope, slot),
    FOREIGN KEY (person_id, scope) REFERENCES personas (person_id, scope) ON DELETE CASCADE
);

-- Conversations of which nothing is kept. told: whether an answer in it said so.
CREATE TABLE incognito (
    person_id BIGINT NOT NULL REFERENCES people (person_id) ON DELETE CASCADE,
    thread_id BIGINT NOT NULL,
    scope TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    told BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (person_id, thread_id)
);

-- A session is named by the id of its first message. One that is off_record is deleted when it ends.
CREATE TABLE sessions (
    person_id BIGINT NOT NULL,
    session_id BIGINT NOT NULL,
    scope TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    thread_id BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    active_at BIGINT NOT NULL,
    closed_at BIGINT,
    close_reason TEXT CHECK (close_reason IN ('idle', 'archived', 'locked', 'deleted', 'ended')),
    consent_asked BOOLEAN NOT NULL DEFAULT FALSE,
    off_record BOOLEAN NOT NULL DEFAULT FALSE,
    tokens BIGINT NOT NULL DEFAULT 0,
    learned_by TEXT,
    PRIMARY KEY (person_id, session_id),
    FOREIGN KEY (person_id, scope) REFERENCES personas (person_id, scope) ON DELETE CASCADE
);

CREATE UNIQUE INDEX sessions_open ON sessions (person_id, thread_id) WHERE closed_at IS NULL;

CREATE INDEX sessions_active ON sessions (active_at) WHERE closed_at IS NULL;

CREATE INDEX sessions_unlearned ON sessions (person_id, scope, closed_at)
WHERE closed_at IS NOT NULL AND learned_by IS NULL;

-- state is for the person's messages: waiting -> answered | failed | expired.
-- An answer is a row of its own, named by its first Discord message; replies_to is the newest of the
-- messages it answers.
CREATE TABLE messages (
    person_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL UNIQUE,
    session_id BIGINT NOT NULL,
    author TEXT NOT NULL CHECK (author IN ('person', 'bot')),
    sent_at BIGINT NOT NULL,
    tokens BIGINT NOT NULL,
    text_sealed BLOB NOT NULL,
    state TEXT CHECK (state IN ('waiting', 'answered', 'failed', 'expired')),
    replies_to BIGINT UNIQUE,
    edits INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (person_id, message_id),
    FOREIGN KEY (person_id, session_id) REFERENCES sessions (person_id, session_id)
    ON DELETE CASCADE
);

CREATE INDEX messages_session ON messages (person_id, session_id, message_id);

CREATE INDEX messages_waiting ON messages (message_id) WHERE state = 'waiting';

-- What an answer was made with. turn_id is the message answered; slots are names with commas between
-- them, and withheld says why there are none. liked is null until the person says so.
CREATE TABLE answers (
    person_id BIGINT NOT NULL,
    turn_id BIGINT NOT NULL,
    strategy TEXT NOT NULL,
    slots TEXT NOT NULL,
    withheld TEXT NOT NULL,
    model TEXT NOT NULL,
    prompt_tokens BIGINT NOT NULL,
    completion_tokens BIGINT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 1,
    liked BOOLEAN,
    PRIMARY KEY (person_id, turn_id),
    FOREIGN KEY (person_id, turn_id) REFERENCES messages (person_id, message_id)
    ON DELETE CASCADE
);

-- The Discord messages an answer stands in, counted from 0, noted as they are posted: an answer that
-- a crash cut short has parts but is no answer yet.
CREATE TABLE answer_parts (
    person_id BIGINT NOT NULL,
    turn_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    part_id BIGINT NOT NULL UNIQUE,
    PRIMARY KEY (person_id, turn_id, number),
    FOREIGN KEY (person_id, turn_id) REFERENCES messages (person_id, message_id)
    ON DELETE CASCADE
);

-- What came with a message besides the person's own words; nothing is ever learned from it. Of
-- pictures, and of what others said, it holds no more than names. file_id is Discord's, for files.
CREATE TABLE attachments (
    person_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL
    CHECK (
        kind IN (
            'image', 'text', 'pdf', 'file', 'voice', 'sticker', 'poll', 'forwarded', 'reply'
        )
    ),
    file_id BIGINT,
    content_sealed BLOB NOT NULL,
    PRIMARY KEY (person_id, message_id, number),
    FOREIGN KEY (person_id, message_id) REFERENCES messages (person_id, message_id)
    ON DELETE CASCADE
);

CREATE TABLE runs (
    person_id BIGINT NOT NULL,
    run_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    base_version BIGINT NOT NULL,
    state TEXT NOT NULL
    CHECK (
        state IN ('running', 'waiting', 'applied', 'empty', 'refused', 'parked', 'retried')
    ),
    attempts INTEGER NOT NULL DEFAULT 0,
    outages INTEGER NOT NULL DEFAULT 0,
    not_before BIGINT NOT NULL,
    error TEXT,
    refusals TEXT,
    model TEXT,
    prompt_hash TEXT,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (person_id, run_id),
    FOREIGN KEY (person_id, scope) REFERENCES personas (person_id, scope) ON DELETE CASCADE
);

CREATE UNIQUE INDEX runs_unfinished ON runs (person_id, scope)
WHERE state IN ('running', 'waiting');

-- Which sessions a run read. A session may be in several runs only if all but one were given up.
CREATE TABLE run_sessions (
    person_id BIGINT NOT NULL,
    run_id TEXT NOT NULL,
    session_id BIGINT NOT NULL,
    PRIMARY KEY (person_id, run_id, session_id),
    FOREIGN KEY (person_id, run_id) REFERENCES runs (person_id, run_id) ON DELETE CASCADE
);

CREATE TABLE items (
    person_id BIGINT NOT NULL,
    item_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    slot TEXT NOT NULL,
    value_sealed BLOB NOT NULL,
    value_fingerprint BLOB NOT NULL,
    basis TEXT NOT NULL CHECK (basis IN ('edited', 'stated', 'inferred')),
    status TEXT NOT NULL CHECK (status IN ('active', 'pending', 'removed')),
    valid_until TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, item_id),
    FOREIGN KEY (person_id, scope) REFERENCES personas (person_id, scope) ON DELETE CASCADE
);

CREATE UNIQUE INDEX items_unique ON items (person_id, scope, slot, value_fingerprint)
WHERE status IN ('active', 'pending');

CREATE TABLE evidence (
    person_id BIGINT NOT NULL,
    item_id TEXT NOT NULL,
    message_id BIGINT NOT NULL,
    session_id BIGINT NOT NULL,
    run_id TEXT NOT NULL,
    said_at BIGINT NOT NULL,
    quote_sealed BLOB NOT NULL,
    PRIMARY KEY (person_id, item_id, message_id, run_id),
    FOREIGN KEY (person_id, item_id) REFERENCES items (person_id, item_id) ON DELETE CASCADE
);

CREATE INDEX evidence_message ON evidence (message_id);

-- What the person deleted is never learned again, in whatever slot.
CREATE TABLE tombstones (
    person_id BIGINT NOT NULL,
    item_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    value_fingerprint BLOB NOT NULL,
    buried_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, item_id),
    FOREIGN KEY (person_id, item_id) REFERENCES items (person_id, item_id) ON DELETE CASCADE
);

-- Nor is anything for that slot from the messages it came from.
CREATE TABLE tombstone_messages (
    person_id BIGINT NOT NULL,
    item_id TEXT NOT NULL,
    slot TEXT NOT NULL,
    message_id BIGINT NOT NULL,
    PRIMARY KEY (person_id, item_id, message_id),
    FOREIGN KEY (person_id, item_id) REFERENCES tombstones (person_id, item_id) ON DELETE CASCADE
);

-- told says whether the person was told of what was learned.
CREATE TABLE versions (
    person_id BIGINT NOT NULL,
    scope TEXT NOT NULL,
    version BIGINT NOT NULL,
    parent BIGINT,
    actor TEXT NOT NULL CHECK (actor IN ('learner', 'person', 'operator')),
    cause TEXT NOT NULL,
    snapshot_sealed BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    told BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (person_id, scope, version),
    FOREIGN KEY (person_id, scope) REFERENCES personas (person_id, scope) ON DELETE CASCADE
);

CREATE INDEX versions_untold ON versions (person_id, scope)
WHERE actor = 'learner' AND NOT told;

-- The fence only ever rises, so a worker that lost its lease cannot commit.
CREATE TABLE leases (
    person_id BIGINT NOT NULL,
    scope TEXT NOT NULL,
    owner TEXT NOT NULL,
    fence BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, scope),
    FOREIGN KEY (person_id, scope) REFERENCES personas (person_id, scope) ON DELETE CASCADE
);

CREATE TABLE usage (
    person_id BIGINT NOT NULL,
    usage_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('chat', 'optimizer')),
    model TEXT NOT NULL,
    prompt_tokens BIGINT NOT NULL,
    completion_tokens BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, usage_id),
    FOREIGN KEY (person_id) REFERENCES people (person_id) ON DELETE CASCADE
);

CREATE INDEX usage_recent ON usage (person_id, used_at);

CREATE TABLE guilds (
    guild_id BIGINT PRIMARY KEY,
    threads TEXT NOT NULL CHECK (threads IN ('public', 'private'))
);

-- Facts about the database itself, such as which recording a replay plays.
CREATE TABLE notes (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
