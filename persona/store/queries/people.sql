-- name: add_person(person_id, first_epoch, first_seen_at)!
INSERT INTO people (person_id, first_epoch, first_seen_at)
VALUES (:person_id, :first_epoch, :first_seen_at)
ON CONFLICT (person_id) DO NOTHING;

-- name: get_first_epoch(person_id)$
SELECT first_epoch FROM people WHERE person_id = :person_id;

-- name: get_languages(person_id)^
SELECT chosen_language AS chosen, seen_language AS seen FROM people WHERE person_id = :person_id;

-- name: set_chosen_language(person_id, locale)!
UPDATE people SET chosen_language = :locale WHERE person_id = :person_id;

-- name: set_seen_language(person_id, locale)!
UPDATE people SET seen_language = :locale WHERE person_id = :person_id;

-- name: list_people()
SELECT person_id, first_epoch FROM people ORDER BY person_id;

-- name: add_persona(person_id, scope, epoch)!
INSERT INTO personas (person_id, scope, epoch) VALUES (:person_id, :scope, :epoch)
ON CONFLICT (person_id, scope) DO NOTHING;

-- name: get_persona(person_id, scope)^
SELECT epoch, version, paused_at FROM personas WHERE person_id = :person_id AND scope = :scope;

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

-- name: is_untitled(person_id, thread_id)$
SELECT EXISTS (
    SELECT 1 FROM threads
    WHERE person_id = :person_id AND thread_id = :thread_id AND titled_at IS NULL
);

-- name: claim_title(person_id, thread_id, titled_at)^
UPDATE threads SET titled_at = :titled_at
WHERE person_id = :person_id AND thread_id = :thread_id AND titled_at IS NULL
RETURNING thread_id;

-- name: get_alone(thread_id)$
SELECT person_id FROM threads WHERE thread_id = :thread_id AND NOT shared;

-- name: share_thread(person_id, thread_id)!
UPDATE threads SET shared = TRUE WHERE person_id = :person_id AND thread_id = :thread_id;

-- name: set_guild_threads(guild_id, threads)!
INSERT INTO guilds (guild_id, threads) VALUES (:guild_id, :threads)
ON CONFLICT (guild_id) DO UPDATE SET threads = excluded.threads;

-- name: get_guild_threads(guild_id)$
SELECT threads FROM guilds WHERE guild_id = :guild_id;

-- name: count_records(person_id)^
SELECT
    (SELECT COUNT(*) FROM people WHERE person_id = :person_id) AS people,
    (SELECT COUNT(*) FROM consent WHERE person_id = :person_id) AS consent,
    (SELECT COUNT(*) FROM threads WHERE person_id = :person_id) AS threads,
    (SELECT COUNT(*) FROM incognito WHERE person_id = :person_id) AS incognito,
    (SELECT COUNT(*) FROM personas WHERE person_id = :person_id) AS personas,
    (SELECT COUNT(*) FROM locks WHERE person_id = :person_id) AS locks,
    (SELECT COUNT(*) FROM sessions WHERE person_id = :person_id) AS sessions,
    (SELECT COUNT(*) FROM messages WHERE person_id = :person_id) AS messages,
    (SELECT COUNT(*) FROM answers WHERE person_id = :person_id) AS answers,
    (SELECT COUNT(*) FROM answer_parts WHERE person_id = :person_id) AS answer_parts,
    (SELECT COUNT(*) FROM attachments WHERE person_id = :person_id) AS attachments,
    (SELECT COUNT(*) FROM runs WHERE person_id = :person_id) AS runs,
    (SELECT COUNT(*) FROM run_sessions WHERE person_id = :person_id) AS run_sessions,
    (SELECT COUNT(*) FROM items WHERE person_id = :person_id) AS items,
    (SELECT COUNT(*) FROM evidence WHERE person_id = :person_id) AS evidence,
    (SELECT COUNT(*) FROM tombstones WHERE person_id = :person_id) AS tombstones,
    (SELECT COUNT(*) FROM tombstone_messages WHERE person_id = :person_id) AS tombstone_messages,
    (SELECT COUNT(*) FROM versions WHERE person_id = :person_id) AS versions,
    (SELECT COUNT(*) FROM leases WHERE person_id = :person_id) AS leases,
    (SELECT COUNT(*) FROM usage WHERE person_id = :person_id) AS usage;

-- name: get_newest_epoch(person_id)$
SELECT COALESCE(MAX(known.epoch), 0) FROM (
    SELECT first_epoch AS epoch FROM people WHERE person_id = :person_id
    UNION ALL
    SELECT epoch FROM personas WHERE person_id = :person_id
) AS known;

-- Every other table follows. Copies of older databases are asked these two as well.
-- name: delete_person(person_id)!
DELETE FROM people WHERE person_id = :person_id;

-- name: delete_persona(person_id, scope)!
DELETE FROM personas WHERE person_id = :person_id AND scope = :scope;

-- name: set_note(name, value)!
INSERT INTO notes (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: get_note(name)$
SELECT value FROM notes WHERE name = :name;

-- name: delete_note(name, value)!
DELETE FROM notes WHERE name = :name AND value = :value;
