-- name: get_check()$
SELECT sealed FROM checks WHERE id = 1;

-- name: add_check(sealed)!
INSERT INTO checks (id, sealed) VALUES (1, :sealed)
ON CONFLICT (id) DO NOTHING;

-- name: get_key(person_id, scope, epoch)$
SELECT wrapped FROM keys WHERE person_id = :person_id AND scope = :scope AND epoch = :epoch;

-- name: add_key(person_id, scope, epoch, wrapped)!
INSERT INTO keys (person_id, scope, epoch, wrapped)
VALUES (:person_id, :scope, :epoch, :wrapped)
ON CONFLICT (person_id, scope, epoch) DO NOTHING;

-- name: destroy_before(person_id, scope, epoch)!
DELETE FROM keys WHERE person_id = :person_id AND scope = :scope AND epoch < :epoch;

-- name: end_before(person_id, scope, epoch)!
INSERT INTO ended (person_id, scope, epoch) VALUES (:person_id, :scope, :epoch)
ON CONFLICT (person_id, scope) DO UPDATE SET epoch = excluded.epoch
WHERE ended.epoch < excluded.epoch;

-- name: list_ended()
SELECT person_id, scope, epoch FROM ended ORDER BY person_id, scope;

-- name: list_keys()
SELECT person_id, scope, epoch FROM keys ORDER BY person_id, scope, epoch;

-- name: get_first_epoch(person_id, scope, mark)$
SELECT COALESCE(MAX(known.epoch), 1) FROM (
    SELECT epoch FROM ended WHERE person_id = :person_id AND scope = :scope
    UNION ALL
    SELECT epoch FROM erased WHERE mark = :mark
) AS known;

-- name: get_newest_epoch(person_id)$
SELECT COALESCE(MAX(known.epoch), 0) FROM (
    SELECT epoch FROM keys WHERE person_id = :person_id
    UNION ALL
    SELECT epoch FROM ended WHERE person_id = :person_id
) AS known;

-- name: get_erased(mark)$
SELECT epoch FROM erased WHERE mark = :mark;

-- name: set_erased(mark, epoch)!
INSERT INTO erased (mark, epoch) VALUES (:mark, :epoch)
ON CONFLICT (mark) DO UPDATE SET epoch = excluded.epoch;

-- name: list_erased()
SELECT mark, epoch FROM erased;

-- name: count_keys(person_id)$
SELECT COUNT(*) FROM keys WHERE person_id = :person_id;

-- name: delete_keys(person_id)!
DELETE FROM keys WHERE person_id = :person_id;

-- name: delete_ended(person_id)!
DELETE FROM ended WHERE person_id = :person_id;
