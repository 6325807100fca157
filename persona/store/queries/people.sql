-- name: add_person(person_id, first_seen_at)!
INSERT INTO people (person_id, first_seen_at) VALUES (:person_id, :first_seen_at)
ON CONFLICT (person_id) DO NOTHING;

-- name: add_persona(person_id, scope)!
INSERT INTO personas (person_id, scope) VALUES (:person_id, :scope)
ON CONFLICT (person_id, scope) DO NOTHING;

-- name: get_persona(person_id, scope)^
SELECT epoch, version FROM personas WHERE person_id = :person_id AND scope = :scope;

-- sealed says whether there is anything that a key is needed for.
-- name: list_epochs()
SELECT
    p.person_id, p.scope, p.epoch,
    EXISTS (
        SELECT 1 FROM sessions AS s WHERE s.person_id = p.person_id AND s.scope = p.scope
    )
    OR EXISTS (
        SELECT 1 FROM items AS i WHERE i.person_id = p.person_id AND i.scope = p.scope
    ) AS sealed
FROM personas AS p
ORDER BY p.person_id, p.scope;

-- name: add_consent(person_id, decided_at, decision, text_version)!
INSERT INTO consent (person_id, number, decided_at, decision, text_version)
SELECT :person_id, COALESCE(MAX(c.number), 0) + 1, :decided_at, :decision, :text_version
FROM consent AS c WHERE c.person_id = :person_id;

-- name: get_consent(person_id)^
SELECT decision, text_version, decided_at FROM consent WHERE person_id = :person_id
ORDER BY number DESC LIMIT 1;

-- name: add_thread(person_id, thread_id, opened_at)!
INSERT INTO threads (person_id, thread_id, opened_at)
VALUES (:person_id, :thread_id, :opened_at)
ON CONFLICT (thread_id) DO NOTHING;

-- name: get_opener(thread_id)$
SELECT person_id FROM threads WHERE thread_id = :thread_id;

-- name: set_guild_threads(guild_id, threads)!
INSERT INTO guilds (guild_id, threads) VALUES (:guild_id, :threads)
ON CONFLICT (guild_id) DO UPDATE SET threads = excluded.threads;

-- name: get_guild_threads(guild_id)$
SELECT threads FROM guilds WHERE guild_id = :guild_id;

-- name: set_note(name, value)!
INSERT INTO notes (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: get_note(name)$
SELECT value FROM notes WHERE name = :name;
