-- name: begin_epoch(person_id, scope, epoch)!
UPDATE personas SET epoch = :epoch, version = 0, learn_asked_at = NULL
WHERE person_id = :person_id AND scope = :scope;

-- name: set_version(person_id, scope, epoch, base_version, version)^
UPDATE personas SET version = :version
WHERE person_id = :person_id AND scope = :scope
AND epoch = :epoch AND version = :base_version
RETURNING version;

-- name: count_kept(person_id, scope)^
SELECT
    (SELECT COUNT(*) FROM items
    WHERE person_id = :person_id AND scope = :scope AND status <> 'removed') AS items,
    (SELECT COUNT(*) FROM sessions
    WHERE person_id = :person_id AND scope = :scope) AS sessions;

-- name: delete_sessions(person_id, scope)!
DELETE FROM sessions WHERE person_id = :person_id AND scope = :scope;

-- name: delete_items(person_id, scope)!
DELETE FROM items WHERE person_id = :person_id AND scope = :scope;

-- name: delete_versions(person_id, scope)!
DELETE FROM versions WHERE person_id = :person_id AND scope = :scope;

-- name: delete_runs(person_id, scope)!
DELETE FROM runs WHERE person_id = :person_id AND scope = :scope;

-- name: delete_locks(person_id, scope)!
DELETE FROM locks WHERE person_id = :person_id AND scope = :scope;

-- One statement, so that epoch, version and items belong together.
-- name: list_items(person_id, scope)
SELECT
    p.epoch, p.version, i.item_id, i.slot, i.value_sealed, i.basis, i.status, i.valid_until,
    i.created_at, i.updated_at,
    (
        SELECT COUNT(DISTINCT e.message_id) FROM evidence AS e
        WHERE e.person_id = i.person_id AND e.item_id = i.item_id
    ) AS messages,
    (
        SELECT COUNT(DISTINCT e.session_id) FROM evidence AS e
        WHERE e.person_id = i.person_id AND e.item_id = i.item_id
    ) AS sessions,
    (
        SELECT MAX(e.said_at) FROM evidence AS e
        WHERE e.person_id = i.person_id AND e.item_id = i.item_id
    ) AS said_at
FROM personas AS p
LEFT JOIN items AS i
    ON p.person_id = i.person_id AND p.scope = i.scope AND i.status <> 'removed'
WHERE p.person_id = :person_id AND p.scope = :scope
ORDER BY i.created_at, i.item_id;

-- name: get_item(person_id, item_id)^
SELECT item_id, slot, value_sealed, value_fingerprint, basis, status, valid_until FROM items
WHERE person_id = :person_id AND item_id = :item_id;

-- name: add_item(person_id, item_id, scope, slot, value_sealed, value_fingerprint, basis, status, valid_until, at)!
INSERT INTO items
(
    person_id, item_id, scope, slot, value_sealed, value_fingerprint,
    basis, status, valid_until, created_at, updated_at
)
VALUES
(
    :person_id, :item_id, :scope, :slot, :value_sealed, :value_fingerprint,
    :basis, :status, :valid_until, :at, :at
);

-- name: find_item(person_id, scope, slot, value_fingerprint)^
SELECT item_id, basis, status, valid_until FROM items
WHERE person_id = :person_id AND scope = :scope AND slot = :slot
AND value_fingerprint = :value_fingerprint AND status <> 'removed';

-- name: set_item(person_id, item_id, basis, status, valid_until, at)!
UPDATE items SET basis = :basis, status = :status, valid_until = :valid_until, updated_at = :at
WHERE person_id = :person_id AND item_id = :item_id;

-- name: list_slot_items(person_id, scope, slot)
SELECT item_id, basis, status, valid_until FROM items
WHERE person_id = :person_id AND scope = :scope AND slot = :slot AND status <> 'removed'
ORDER BY created_at, item_id;

-- name: add_evidence(person_id, item_id, message_id, session_id, run_id, said_at, quote_sealed)!
INSERT INTO evidence
(person_id, item_id, message_id, session_id, run_id, said_at, quote_sealed)
VALUES
(:person_id, :item_id, :message_id, :session_id, :run_id, :said_at, :quote_sealed)
ON CONFLICT (person_id, item_id, message_id, run_id) DO NOTHING;

-- name: list_evidence(person_id, item_id)
SELECT e.message_id, e.session_id, e.run_id, e.said_at, e.quote_sealed, s.thread_id
FROM evidence AS e
LEFT JOIN sessions AS s
    ON
        e.person_id = s.person_id AND e.session_id = s.session_id
        AND COALESCE(s.close_reason, '') <> 'deleted'
WHERE e.person_id = :person_id AND e.item_id = :item_id
ORDER BY e.said_at, e.message_id, e.run_id;

-- name: list_message_evidence(message_id)
SELECT
    e.person_id, e.item_id, e.run_id, e.session_id, e.quote_sealed, i.scope, i.slot, i.basis,
    i.value_sealed
FROM evidence AS e
INNER JOIN items AS i ON e.person_id = i.person_id AND e.item_id = i.item_id
WHERE e.message_id = :message_id
ORDER BY e.item_id, e.run_id;

-- name: delete_evidence(person_id, item_id, message_id, run_id)!
DELETE FROM evidence
WHERE person_id = :person_id AND item_id = :item_id
AND message_id = :message_id AND run_id = :run_id;

-- name: count_evidence(person_id, item_id)$
SELECT COUNT(*) FROM evidence WHERE person_id = :person_id AND item_id = :item_id;

-- name: add_tombstone(person_id, item_id, scope, value_fingerprint, at)!
INSERT INTO tombstones (person_id, item_id, scope, value_fingerprint, buried_at)
VALUES (:person_id, :item_id, :scope, :value_fingerprint, :at)
ON CONFLICT (person_id, item_id) DO NOTHING;

-- name: add_tombstone_messages(person_id, item_id)!
INSERT INTO tombstone_messages (person_id, item_id, slot, message_id)
SELECT DISTINCT e.person_id, e.item_id, i.slot, e.message_id FROM evidence AS e
INNER JOIN items AS i ON e.person_id = i.person_id AND e.item_id = i.item_id
WHERE e.person_id = :person_id AND e.item_id = :item_id
ON CONFLICT (person_id, item_id, message_id) DO NOTHING;

-- name: lift_tombstones(person_id, scope, value_fingerprint)!
DELETE FROM tombstones
WHERE person_id = :person_id AND scope = :scope AND value_fingerprint = :value_fingerprint;

-- name: list_tombstones(person_id, scope)
SELECT value_fingerprint FROM tombstones WHERE person_id = :person_id AND scope = :scope;

-- name: list_tombstone_messages(person_id, scope)
SELECT m.slot, m.message_id FROM tombstone_messages AS m
INNER JOIN tombstones AS t ON m.person_id = t.person_id AND m.item_id = t.item_id
WHERE m.person_id = :person_id AND t.scope = :scope;

-- name: add_lock(person_id, scope, slot, at)!
INSERT INTO locks (person_id, scope, slot, locked_at)
SELECT p.person_id, p.scope, :slot, :at FROM personas AS p
WHERE p.person_id = :person_id AND p.scope = :scope
ON CONFLICT (person_id, scope, slot) DO NOTHING;

-- name: delete_lock(person_id, scope, slot)!
DELETE FROM locks WHERE person_id = :person_id AND scope = :scope AND slot = :slot;

-- What has no value is on no page, and could not be unlocked there.
-- name: delete_empty_lock(person_id, scope, slot)!
DELETE FROM locks
WHERE person_id = :person_id AND scope = :scope AND slot = :slot AND NOT EXISTS (
    SELECT 1 FROM items AS i
    WHERE
        i.person_id = :person_id AND i.scope = :scope AND i.slot = :slot
        AND i.status <> 'removed'
);

-- name: list_locks(person_id, scope)
SELECT slot FROM locks WHERE person_id = :person_id AND scope = :scope ORDER BY slot;

-- name: add_version(person_id, scope, version, parent, actor, cause, snapshot_sealed, created_at)!
INSERT INTO versions
(person_id, scope, version, parent, actor, cause, snapshot_sealed, created_at)
VALUES
(:person_id, :scope, :version, :parent, :actor, :cause, :snapshot_sealed, :created_at);

-- What the optimizer learned and the person was not told of, with where it learned last.
-- name: list_untold(person_id, scope)
SELECT
    v.version,
    (
        SELECT s.thread_id FROM run_sessions AS rs
        INNER JOIN sessions AS s ON rs.person_id = s.person_id AND rs.session_id = s.session_id
        WHERE rs.person_id = v.person_id AND rs.run_id = v.cause
        ORDER BY s.session_id DESC LIMIT 1
    ) AS thread_id
FROM versions AS v
WHERE v.person_id = :person_id AND v.scope = :scope AND v.actor = 'learner' AND NOT v.told
ORDER BY v.version;

-- name: set_told(person_id, scope, epoch, first, last, told)!
UPDATE versions SET told = :told
WHERE
    person_id = :person_id AND scope = :scope AND actor = 'learner'
    AND version >= :first AND version <= :last
    AND EXISTS (
        SELECT 1 FROM personas AS p
        WHERE p.person_id = :person_id AND p.scope = :scope AND p.epoch = :epoch
    );

-- name: list_versions(person_id, scope)
SELECT version, parent, actor, cause, snapshot_sealed, created_at FROM versions
WHERE person_id = :person_id AND scope = :scope
ORDER BY version;

-- name: list_causes(person_id, scope)
SELECT version, cause FROM versions
WHERE person_id = :person_id AND scope = :scope
ORDER BY version;

-- name: list_some_versions(person_id, scope, first, last)
SELECT version, parent, actor, cause, snapshot_sealed, created_at FROM versions
WHERE
    person_id = :person_id AND scope = :scope
    AND version >= :first AND version <= :last
ORDER BY version;
