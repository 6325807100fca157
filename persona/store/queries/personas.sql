-- name: begin_epoch(person_id, scope, epoch)!
UPDATE personas SET epoch = :epoch, version = 0
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

-- One statement, so that epoch, version and items belong together.
-- name: list_items(person_id, scope)
SELECT
    p.epoch, p.version, i.item_id, i.slot, i.value_sealed, i.basis, i.status
FROM personas AS p
LEFT JOIN items AS i
    ON p.person_id = i.person_id AND p.scope = i.scope AND i.status <> 'removed'
WHERE p.person_id = :person_id AND p.scope = :scope
ORDER BY i.created_at, i.item_id;

-- name: add_item(person_id, item_id, scope, slot, value_sealed, value_fingerprint, basis, status, at)!
INSERT INTO items
(
    person_id, item_id, scope, slot, value_sealed, value_fingerprint,
    basis, status, created_at, updated_at
)
VALUES
(
    :person_id, :item_id, :scope, :slot, :value_sealed, :value_fingerprint,
    :basis, :status, :at, :at
);

-- name: find_item(person_id, scope, slot, value_fingerprint)$
SELECT item_id FROM items
WHERE person_id = :person_id AND scope = :scope AND slot = :slot
AND value_fingerprint = :value_fingerprint AND status <> 'removed';

-- name: remove_item(person_id, item_id, at)!
UPDATE items SET status = 'removed', updated_at = :at
WHERE person_id = :person_id AND item_id = :item_id;

-- name: support_item(person_id, item_id, at)!
UPDATE items SET updated_at = :at
WHERE person_id = :person_id AND item_id = :item_id AND status <> 'removed';

-- name: state_item(person_id, item_id)!
UPDATE items SET basis = 'stated', status = 'active'
WHERE person_id = :person_id AND item_id = :item_id AND status <> 'removed';

-- name: add_evidence(person_id, item_id, message_id, session_id, run_id, quote_sealed)!
INSERT INTO evidence (person_id, item_id, message_id, session_id, run_id, quote_sealed)
VALUES (:person_id, :item_id, :message_id, :session_id, :run_id, :quote_sealed)
ON CONFLICT (person_id, item_id, message_id, run_id) DO NOTHING;

-- name: add_version(person_id, scope, version, parent, actor, cause, snapshot_sealed, created_at)!
INSERT INTO versions
(person_id, scope, version, parent, actor, cause, snapshot_sealed, created_at)
VALUES
(:person_id, :scope, :version, :parent, :actor, :cause, :snapshot_sealed, :created_at);

-- name: remove_active_items(person_id, scope, slot, kept, at)!
UPDATE items SET status = 'removed', updated_at = :at
WHERE person_id = :person_id AND scope = :scope AND slot = :slot AND status = 'active'
AND item_id <> :kept;
