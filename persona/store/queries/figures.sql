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
