-- Counts for reports. They hold no text.

-- name: count_conversations()^
SELECT
    (SELECT COUNT(*) FROM people) AS people,
    (SELECT COUNT(*) FROM sessions) AS sessions,
    (SELECT COUNT(*) FROM messages WHERE author = 'person') AS messages_in,
    (SELECT COUNT(*) FROM messages WHERE author = 'bot') AS replies,
    (SELECT COUNT(*) FROM sessions WHERE learned_by IS NOT NULL) AS sessions_learned,
    (SELECT COUNT(*) FROM items WHERE status <> 'removed') AS items,
    (SELECT CAST(COALESCE(SUM(prompt_tokens), 0) AS BIGINT) FROM usage) AS prompt_tokens,
    (SELECT CAST(COALESCE(SUM(completion_tokens), 0) AS BIGINT) FROM usage) AS completion_tokens;

-- name: count_runs()
SELECT state, COUNT(*) AS number FROM runs GROUP BY state ORDER BY state;

-- name: list_refusals()
SELECT refusals FROM runs WHERE refusals IS NOT NULL ORDER BY run_id;

-- name: count_learned_twice()$
SELECT COUNT(*) FROM (
    SELECT rs.person_id, rs.session_id FROM run_sessions AS rs
    INNER JOIN runs AS r ON rs.person_id = r.person_id AND rs.run_id = r.run_id
    WHERE r.state IN ('applied', 'empty', 'refused')
    GROUP BY rs.person_id, rs.session_id
    HAVING COUNT(*) > 1
) AS twice;

-- name: list_learned_twice()
SELECT rs.person_id, r.scope, rs.session_id FROM run_sessions AS rs
INNER JOIN runs AS r ON rs.person_id = r.person_id AND rs.run_id = r.run_id
WHERE r.state IN ('applied', 'empty', 'refused')
GROUP BY rs.person_id, r.scope, rs.session_id
HAVING COUNT(*) > 1
ORDER BY rs.person_id, r.scope, rs.session_id;

-- name: list_scope_evidence(person_id, scope)
SELECT e.item_id, e.message_id, e.quote_sealed FROM evidence AS e
INNER JOIN items AS i ON e.person_id = i.person_id AND e.item_id = i.item_id
WHERE e.person_id = :person_id AND i.scope = :scope
ORDER BY e.item_id, e.message_id, e.run_id;

-- name: list_scope_messages(person_id, scope)
SELECT m.message_id, m.text_sealed FROM messages AS m
INNER JOIN sessions AS s ON m.person_id = s.person_id AND m.session_id = s.session_id
WHERE m.person_id = :person_id AND s.scope = :scope AND m.author = 'person';
