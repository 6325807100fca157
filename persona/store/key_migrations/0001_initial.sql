CREATE TABLE checks (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    sealed BLOB NOT NULL
);

CREATE TABLE keys (
    person_id BIGINT NOT NULL,
    scope TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    wrapped BLOB NOT NULL,
    PRIMARY KEY (person_id, scope, epoch)
);

-- The epoch a person's text began anew in. A database restored from before has an older one.
CREATE TABLE ended (
    person_id BIGINT NOT NULL,
    scope TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    PRIMARY KEY (person_id, scope)
);

-- The same for people who were erased. Instead of their ids there is a keyed hash of them.
CREATE TABLE erased (
    mark BLOB PRIMARY KEY,
    epoch BIGINT NOT NULL
);
