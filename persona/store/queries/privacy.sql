-- What people decide about what is kept of them, besides their consent.

-- name: pause(person_id, scope, at)^
UPDATE personas SET paused_at = :at
WHERE person_id = :person_id AND scope = :scope AND paused_at IS NULL
RETURNING paused_at;

-- name: resume(person_id, scope)^
UPDATE personas SET paused_at = NULL
WHERE person_id = :person_id AND scope = :scope AND paused_at IS NOT NULL
RETURNING scope;

-- name: take_off_record(person_id, scope)!
UPDATE sessions SET off_record = TRUE
WHERE person_id = :person_id AND scope = :scope AND closed_at IS NULL;

-- name: list_personas(person_id)
SELECT scope, epoch, version, paused_at FROM personas WHERE person_id = :person_id ORDER BY scope;

-- name: list_consent(person_id)
SELECT number, decision, text_version, decided_at FROM consent WHERE person_id = :person_id
ORDER BY number;

-- name: add_incognito(person_id, thread_id, scope, at)!
INSERT INTO incognito (person_id, thread_id, scope, begun_at)
VALUES (:person_id, :thread_id, :scope, :at)
ON CONFLICT (person_id, thread_id) DO NOTHING;

-- name: is_incognito(person_id, thread_id)$
SELECT EXISTS (
    SELECT 1 FROM incognito WHERE person_id = :person_id AND thread_id = :thread_id
);

-- name: list_incognito(person_id)
SELECT thread_id, scope, begun_at FROM incognito WHERE person_id = :person_id ORDER BY thread_id;

-- name: tell_incognito(person_id, thread_id)^
UPDATE incognito SET told = TRUE
WHERE person_id = :person_id AND thread_id = :thread_id AND NOT told
RETURNING thread_id;

-- name: delete_incognito(person_id, thread_id)^
DELETE FROM incognito WHERE person_id = :person_id AND thread_id = :thread_id
RETURNING thread_id;

-- name: list_incognito_people(thread_id)
SELECT person_id FROM incognito WHERE thread_id = :thread_id ORDER BY person_id;

-- name: list_item_times(person_id, scope)
SELECT item_id, created_at FROM items
WHERE person_id = :person_id AND scope = :scope AND status <> 'removed';

-- name: list_quotes(person_id, scope)
SELECT e.item_id, e.message_id, e.said_at, e.quote_sealed, s.thread_id, p.epoch
FROM items AS i
INNER JOIN evidence AS e ON i.person_id = e.person_id AND i.item_id = e.item_id
INNER JOIN personas AS p ON i.person_id = p.person_id AND i.scope = p.scope
LEFT JOIN sessions AS s ON e.person_id = s.person_id AND e.session_id = s.session_id
WHERE i.person_id = :person_id AND i.scope = :scope AND i.status <> 'removed'
ORDER BY e.said_at, e.message_id, e.run_id;

-- name: list_sessions(person_id)
SELECT session_id, scope, epoch, thread_id, opened_at, closed_at, learned_by, off_record
FROM sessions WHERE person_id = :person_id
ORDER BY session_id;

-- name: list_usage(person_id)
SELECT scope, purpose, model, prompt_tokens, completion_tokens, used_at FROM usage
WHERE person_id = :person_id
ORDER BY used_at, usage_id;

-- name: list_threads(person_id)
SELECT thread_id, opened_at FROM threads WHERE person_id = :person_id ORDER BY thread_id;

-- name: count_stored(person_id, scope)^
SELECT
    (SELECT COUNT(*) FROM items
    WHERE person_id = :person_id AND scope = :scope AND status <> 'removed') AS values_here,
    (SELECT COUNT(*) FROM items
    WHERE person_id = :person_id AND scope <> :scope AND status <> 'removed') AS values_elsewhere,
    (SELECT COUNT(*) FROM evidence AS e
    INNER JOIN items AS i ON e.person_id = i.person_id AND e.item_id = i.item_id
    WHERE e.person_id = :person_id AND i.scope = :scope AND i.status <> 'removed') AS quotes_here,
    (SELECT COUNT(*) FROM evidence AS e
    INNER JOIN items AS i ON e.person_id = i.person_id AND e.item_id = i.item_id
    WHERE e.person_id = :person_id AND i.scope <> :scope
    AND i.status <> 'removed') AS quotes_elsewhere,
    (SELECT COUNT(DISTINCT m.session_id) FROM messages AS m
    INNER JOIN sessions AS s ON m.person_id = s.person_id AND m.session_id = s.session_id
    WHERE m.person_id = :person_id AND s.scope = :scope) AS conversations_here,
    (SELECT COUNT(DISTINCT m.session_id) FROM messages AS m
    INNER JOIN sessions AS s ON m.person_id = s.person_id AND m.session_id = s.session_id
    WHERE m.person_id = :person_id AND s.scope <> :scope) AS conversations_elsewhere;
