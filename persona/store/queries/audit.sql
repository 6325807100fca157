-- What an audit reads besides what others do.

-- name: count_audited()^
SELECT
    (SELECT COUNT(*) FROM personas) AS personas,
    (SELECT COUNT(*) FROM items WHERE status <> 'removed') AS items;

-- name: holds_sealed(person_id, scope)$
SELECT
    EXISTS (SELECT 1 FROM sessions WHERE person_id = :person_id AND scope = :scope)
    OR EXISTS (SELECT 1 FROM items WHERE person_id = :person_id AND scope = :scope);

-- name: list_ended_items(person_id, scope)
SELECT item_id, slot, value_sealed, basis, status, valid_until, created_at, updated_at FROM items
WHERE person_id = :person_id AND scope = :scope AND status = 'removed'
ORDER BY item_id;

-- A session whose text is past its retention has no messages at all.
-- name: list_scope_evidence(person_id, scope)
SELECT
    e.item_id, i.slot, e.message_id, e.session_id, e.run_id, e.said_at, e.quote_sealed,
    EXISTS (
        SELECT 1 FROM messages AS m
        WHERE m.person_id = e.person_id AND m.message_id = e.message_id AND m.author = 'person'
    ) AS message_kept,
    EXISTS (
        SELECT 1 FROM messages AS o
        WHERE o.person_id = e.person_id AND o.session_id = e.session_id
    ) AS session_kept
FROM evidence AS e
INNER JOIN items AS i ON e.person_id = i.person_id AND e.item_id = i.item_id
WHERE e.person_id = :person_id AND i.scope = :scope
ORDER BY e.item_id, e.message_id, e.run_id;

-- name: list_scope_messages(person_id, scope)
SELECT m.message_id, m.author, m.sent_at, m.text_sealed FROM messages AS m
INNER JOIN sessions AS s ON m.person_id = s.person_id AND m.session_id = s.session_id
WHERE m.person_id = :person_id AND s.scope = :scope
ORDER BY m.message_id;

-- name: list_evidence_of_nothing()
SELECT DISTINCT e.person_id, e.item_id, e.message_id FROM evidence AS e
LEFT JOIN items AS i ON e.person_id = i.person_id AND e.item_id = i.item_id
WHERE i.item_id IS NULL
ORDER BY e.person_id, e.item_id, e.message_id;

-- Foreign keys forbid it, but whoever changes a database by hand may have them switched off.
-- name: list_ownerless()
SELECT 'persona' AS kind, p.person_id, p.scope, COUNT(*) AS number FROM personas AS p
LEFT JOIN people AS o ON p.person_id = o.person_id
WHERE o.person_id IS NULL
GROUP BY p.person_id, p.scope
UNION ALL
SELECT 'value' AS kind, i.person_id, i.scope, COUNT(*) AS number FROM items AS i
LEFT JOIN personas AS o ON i.person_id = o.person_id AND i.scope = o.scope
WHERE o.person_id IS NULL
GROUP BY i.person_id, i.scope
UNION ALL
SELECT 'version' AS kind, v.person_id, v.scope, COUNT(*) AS number FROM versions AS v
LEFT JOIN personas AS o ON v.person_id = o.person_id AND v.scope = o.scope
WHERE o.person_id IS NULL
GROUP BY v.person_id, v.scope
UNION ALL
SELECT 'session' AS kind, s.person_id, s.scope, COUNT(*) AS number FROM sessions AS s
LEFT JOIN personas AS o ON s.person_id = o.person_id AND s.scope = o.scope
WHERE o.person_id IS NULL
GROUP BY s.person_id, s.scope
UNION ALL
SELECT 'message' AS kind, m.person_id, '' AS scope, COUNT(*) AS number FROM messages AS m
LEFT JOIN sessions AS o ON m.person_id = o.person_id AND m.session_id = o.session_id
WHERE o.person_id IS NULL
GROUP BY m.person_id
UNION ALL
SELECT 'attachment' AS kind, a.person_id, '' AS scope, COUNT(*) AS number FROM attachments AS a
LEFT JOIN messages AS o ON a.person_id = o.person_id AND a.message_id = o.message_id
WHERE o.person_id IS NULL
GROUP BY a.person_id
ORDER BY 2, 3, 1;

-- A session that is off the record is deleted when it ends; one of an incognito thread never begins.
-- name: list_kept_off_record()
SELECT s.person_id, s.scope, s.session_id FROM sessions AS s
WHERE s.off_record AND s.closed_at IS NOT NULL
UNION
SELECT s.person_id, s.scope, s.session_id FROM sessions AS s
INNER JOIN incognito AS i ON s.person_id = i.person_id AND s.thread_id = i.thread_id
WHERE s.opened_at > i.begun_at
ORDER BY 1, 3;
