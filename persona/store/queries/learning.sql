-- A persona is due when it has an unfinished run whose pause is over, or, without one, when enough
-- closed sessions wait, or much text, or one has waited for long, or the person asked. Only of
-- people who agreed, where they let it. A pause that ends later than any can comes of a clock that
-- was ahead.
-- name: list_due(every, max_tokens, closed_before, now, latest)
SELECT p.person_id, p.scope
FROM personas AS p
INNER JOIN sessions AS s
    ON
        p.person_id = s.person_id AND p.scope = s.scope AND p.epoch = s.epoch
        AND s.closed_at IS NOT NULL AND s.learned_by IS NULL
LEFT JOIN runs AS u
    ON p.person_id = u.person_id AND p.scope = u.scope AND u.state IN ('running', 'waiting')
WHERE
    p.paused_at IS NULL
    AND COALESCE((
        SELECT c.decision FROM consent AS c
        WHERE c.person_id = p.person_id ORDER BY c.number DESC LIMIT 1
    ), '') = 'remember'
    AND NOT EXISTS (
        SELECT 1 FROM run_sessions AS rs
        INNER JOIN runs AS r ON rs.person_id = r.person_id AND rs.run_id = r.run_id
        WHERE
            rs.person_id = s.person_id AND rs.session_id = s.session_id
            AND r.state = 'parked'
    )
GROUP BY p.person_id, p.scope, p.learn_asked_at, u.run_id, u.not_before
HAVING
    (u.run_id IS NOT NULL AND (u.not_before <= :now OR u.not_before > :latest))
    OR (
        u.run_id IS NULL
        AND (
            p.learn_asked_at IS NOT NULL
            OR COUNT(*) >= :every
            OR SUM(s.tokens) >= :max_tokens
            OR MIN(s.closed_at) <= :closed_before
        )
    )
ORDER BY MIN(s.closed_at), p.person_id, p.scope;

-- A lease that ends later than any can comes of a clock that was ahead; the fence protects its run.
-- name: claim_lease(person_id, scope, owner, now, expires_at, latest)$
INSERT INTO leases (person_id, scope, owner, fence, expires_at)
VALUES (:person_id, :scope, :owner, 1, :expires_at)
ON CONFLICT (person_id, scope) DO UPDATE
SET owner = excluded.owner, fence = leases.fence + 1, expires_at = excluded.expires_at
WHERE leases.expires_at <= :now OR leases.expires_at > :latest
RETURNING fence;

-- name: get_lease(person_id, scope)^
SELECT owner, fence FROM leases WHERE person_id = :person_id AND scope = :scope;

-- name: extend_lease(person_id, scope, fence, expires_at)$
UPDATE leases SET expires_at = :expires_at
WHERE person_id = :person_id AND scope = :scope AND fence = :fence AND expires_at > 0
RETURNING fence;

-- name: release_lease(person_id, scope, fence)!
UPDATE leases SET expires_at = 0
WHERE person_id = :person_id AND scope = :scope AND fence = :fence;

-- name: expire_leases()!
UPDATE leases SET expires_at = 0;

-- name: get_unfinished_run(person_id, scope)^
SELECT run_id, epoch, attempts, outages FROM runs
WHERE person_id = :person_id AND scope = :scope AND state IN ('running', 'waiting');

-- name: add_run(person_id, run_id, scope, epoch, base_version, now)!
INSERT INTO runs
(person_id, run_id, scope, epoch, base_version, state, not_before, started_at)
VALUES (:person_id, :run_id, :scope, :epoch, :base_version, 'running', :now, :now);

-- name: resume_run(person_id, run_id, base_version)!
UPDATE runs SET state = 'running', base_version = :base_version
WHERE person_id = :person_id AND run_id = :run_id;

-- name: list_unlearned_sessions(person_id, scope, epoch, number)
SELECT s.session_id FROM sessions AS s
WHERE
    s.person_id = :person_id AND s.scope = :scope AND s.epoch = :epoch
    AND s.closed_at IS NOT NULL AND s.learned_by IS NULL
    AND NOT EXISTS (
        SELECT 1 FROM run_sessions AS rs
        INNER JOIN runs AS r ON rs.person_id = r.person_id AND rs.run_id = r.run_id
        WHERE
            rs.person_id = s.person_id AND rs.session_id = s.session_id
            AND r.state = 'parked'
    )
ORDER BY s.session_id
LIMIT :number;

-- name: add_run_session(person_id, run_id, session_id)!
INSERT INTO run_sessions (person_id, run_id, session_id)
VALUES (:person_id, :run_id, :session_id);

-- name: ask_to_learn(person_id, scope, at)!
UPDATE personas SET learn_asked_at = :at WHERE person_id = :person_id AND scope = :scope;

-- A request is answered once nothing is left that no run has taken up.
-- name: answer_learn_request(person_id, scope, epoch)!
UPDATE personas SET learn_asked_at = NULL
WHERE
    person_id = :person_id AND scope = :scope
    AND NOT EXISTS (
        SELECT 1 FROM sessions AS s
        WHERE
            s.person_id = :person_id AND s.scope = :scope AND s.epoch = :epoch
            AND s.closed_at IS NOT NULL AND s.learned_by IS NULL
            AND NOT EXISTS (
                SELECT 1 FROM run_sessions AS rs
                INNER JOIN runs AS r ON rs.person_id = r.person_id AND rs.run_id = r.run_id
                WHERE
                    rs.person_id = s.person_id AND rs.session_id = s.session_id
                    AND r.state IN ('running', 'waiting', 'parked')
            )
    );

-- name: get_revision(person_id, run_id)^
SELECT COUNT(*) AS messages, CAST(COALESCE(SUM(m.edits), 0) AS BIGINT) AS edits
FROM run_sessions AS rs
INNER JOIN messages AS m ON rs.person_id = m.person_id AND rs.session_id = m.session_id
WHERE rs.person_id = :person_id AND rs.run_id = :run_id;

-- name: drop_run_session(person_id, run_id, session_id)!
DELETE FROM run_sessions
WHERE person_id = :person_id AND run_id = :run_id AND session_id = :session_id;

-- What was put aside is tried again with the next run.
-- name: retry_parked(person_id, scope)!
UPDATE runs SET state = 'retried'
WHERE person_id = :person_id AND scope = :scope AND state = 'parked';

-- What was put off is tried again at once.
-- name: retry_waiting(person_id, scope, at)!
UPDATE runs SET not_before = :at
WHERE person_id = :person_id AND scope = :scope AND state = 'waiting';

-- name: list_run_sessions(person_id, run_id)
SELECT session_id FROM run_sessions
WHERE person_id = :person_id AND run_id = :run_id
ORDER BY session_id;

-- name: postpone_run(person_id, run_id, state, attempts, outages, not_before, error)^
UPDATE runs
SET
    state = :state, attempts = :attempts, outages = :outages,
    not_before = :not_before, error = :error
WHERE person_id = :person_id AND run_id = :run_id AND state = 'running'
RETURNING run_id;

-- name: finish_run(person_id, run_id, state, refusals, model, prompt_hash, finished_at)^
UPDATE runs
SET
    state = :state, refusals = :refusals, model = :model, prompt_hash = :prompt_hash,
    finished_at = :finished_at, error = NULL
WHERE person_id = :person_id AND run_id = :run_id AND state = 'running'
RETURNING run_id;

-- name: mark_learned(person_id, run_id)!
UPDATE sessions SET learned_by = :run_id
WHERE
    person_id = :person_id AND learned_by IS NULL
    AND session_id IN (
        SELECT rs.session_id FROM run_sessions AS rs
        WHERE rs.person_id = :person_id AND rs.run_id = :run_id
    );

-- name: next_run_at()$
SELECT MIN(r.not_before) FROM runs AS r
INNER JOIN personas AS p ON r.person_id = p.person_id AND r.scope = p.scope
WHERE r.state IN ('running', 'waiting') AND p.paused_at IS NULL;
