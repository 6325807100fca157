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
