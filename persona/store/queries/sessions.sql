-- name: get_message_state(message_id)^
SELECT person_id, session_id, state FROM messages WHERE message_id = :message_id;

-- name: get_message_place(message_id)^
SELECT m.person_id, m.author, m.text_sealed, s.scope FROM messages AS m
INNER JOIN sessions AS s ON m.person_id = s.person_id AND m.session_id = s.session_id
WHERE m.message_id = :message_id;

-- name: edit_message(person_id, message_id, text_sealed, tokens)!
UPDATE messages SET text_sealed = :text_sealed, tokens = :tokens, edits = edits + 1
WHERE person_id = :person_id AND message_id = :message_id;

-- name: delete_message(person_id, message_id)!
DELETE FROM messages WHERE person_id = :person_id AND message_id = :message_id;

-- name: get_open_session(person_id, thread_id)^
SELECT
    s.session_id, s.scope, s.epoch, s.active_at, s.consent_asked,
    (
        SELECT MAX(m.sent_at) FROM messages AS m
        WHERE m.person_id = s.person_id AND m.session_id = s.session_id AND m.state = 'waiting'
    ) AS waiting_since
FROM sessions AS s
WHERE s.person_id = :person_id AND s.thread_id = :thread_id AND s.closed_at IS NULL;

-- name: add_session(person_id, session_id, scope, epoch, thread_id, opened_at)!
INSERT INTO sessions
(person_id, session_id, scope, epoch, thread_id, opened_at, active_at, off_record)
SELECT
    p.person_id, :session_id, p.scope, :epoch, :thread_id, :opened_at, :opened_at,
    p.paused_at IS NOT NULL
FROM personas AS p WHERE p.person_id = :person_id AND p.scope = :scope;

-- name: is_off_record(person_id, session_id)$
SELECT off_record FROM sessions WHERE person_id = :person_id AND session_id = :session_id;

-- name: touch_session(person_id, session_id, active_at, tokens)!
UPDATE sessions SET active_at = :active_at, tokens = tokens + :tokens
WHERE person_id = :person_id AND session_id = :session_id;

-- name: mark_consent_asked(person_id, session_id)!
UPDATE sessions SET consent_asked = TRUE
WHERE person_id = :person_id AND session_id = :session_id;

-- name: add_person_message(person_id, message_id, session_id, sent_at, tokens, text_sealed)^
INSERT INTO messages
(person_id, message_id, session_id, author, sent_at, tokens, text_sealed, state)
VALUES
(:person_id, :message_id, :session_id, 'person', :sent_at, :tokens, :text_sealed, 'waiting')
ON CONFLICT (message_id) DO NOTHING
RETURNING message_id;

-- name: get_question(message_id)^
SELECT
    s.consent_asked,
    EXISTS (SELECT 1 FROM consent AS c WHERE c.person_id = m.person_id) AS decided
FROM messages AS m
INNER JOIN sessions AS s ON m.person_id = s.person_id AND m.session_id = s.session_id
WHERE m.message_id = :message_id AND m.state = 'waiting';

-- name: set_message_state(person_id, message_id, state)^
UPDATE messages SET state = :state
WHERE person_id = :person_id AND message_id = :message_id AND state = 'waiting'
RETURNING session_id;

-- Those before a message that is answered, or fails, share its fate.
-- name: set_earlier_states(person_id, session_id, before, state)!
UPDATE messages SET state = :state
WHERE
    person_id = :person_id AND session_id = :session_id AND message_id < :before
    AND state = 'waiting';

-- name: list_waiting_of_session(person_id, session_id)
SELECT message_id, sent_at, text_sealed FROM messages
WHERE person_id = :person_id AND session_id = :session_id AND state = 'waiting'
ORDER BY message_id;

-- name: add_reply(person_id, message_id, session_id, sent_at, tokens, text_sealed, replies_to)!
INSERT INTO messages
(person_id, message_id, session_id, author, sent_at, tokens, text_sealed, replies_to)
VALUES
(:person_id, :message_id, :session_id, 'bot', :sent_at, :tokens, :text_sealed, :replies_to);

-- More lines than any budget of history holds are not fetched.
-- A reply belongs behind the message it answers, also when others were said in between.
-- name: list_thread_messages(person_id, thread_id, before)
SELECT
    m.message_id, m.author, m.tokens, m.text_sealed, m.session_id, s.scope, s.epoch,
    COALESCE(m.replies_to, m.message_id) AS turn_id,
    EXISTS (
        SELECT 1 FROM attachments AS a
        WHERE a.person_id = m.person_id AND a.message_id = m.message_id
    ) AS has_attachments
FROM messages AS m
INNER JOIN sessions AS s ON m.person_id = s.person_id AND m.session_id = s.session_id
WHERE
    m.person_id = :person_id AND s.thread_id = :thread_id
    AND COALESCE(m.replies_to, m.message_id) < :before
    AND s.session_id > COALESCE((
        SELECT MAX(e.session_id) FROM sessions AS e
        WHERE
            e.person_id = :person_id AND e.thread_id = :thread_id AND e.close_reason = 'ended'
    ), 0)
ORDER BY COALESCE(m.replies_to, m.message_id) DESC, m.author ASC
LIMIT 400;

-- name: list_session_messages(person_id, session_id)
SELECT m.message_id, m.author, m.sent_at, m.tokens, m.text_sealed
FROM messages AS m
WHERE m.person_id = :person_id AND m.session_id = :session_id
ORDER BY COALESCE(m.replies_to, m.message_id), m.author DESC;

-- More than these are not looked into after a start.
-- name: list_places(active_after)
SELECT thread_id FROM sessions
WHERE active_at > :active_after
GROUP BY thread_id
ORDER BY MAX(active_at) DESC
LIMIT 200;

-- name: list_waiting()
SELECT
    m.person_id, m.message_id, m.session_id, m.sent_at, m.text_sealed,
    s.scope, s.epoch, s.thread_id
FROM messages AS m
INNER JOIN sessions AS s ON m.person_id = s.person_id AND m.session_id = s.session_id
WHERE m.state = 'waiting'
ORDER BY m.message_id;

-- A session active further ahead than any can be comes of a clock that was ahead.
-- name: list_silent_people(active_before, active_after)
SELECT DISTINCT person_id FROM sessions
WHERE closed_at IS NULL AND (active_at < :active_before OR active_at > :active_after)
ORDER BY person_id;

-- A session in which an answer is being written is not idle, unless nobody can be writing any more.
-- name: list_idle_sessions(person_id, active_before, active_after, left_before)
SELECT s.session_id FROM sessions AS s
WHERE
    s.person_id = :person_id AND s.closed_at IS NULL
    AND (s.active_at < :active_before OR s.active_at > :active_after)
    AND NOT EXISTS (
        SELECT 1 FROM messages AS m
        WHERE
            m.person_id = s.person_id AND m.session_id = s.session_id AND m.state = 'waiting'
            AND m.sent_at >= :left_before
    )
ORDER BY s.active_at;

-- name: give_up_waiting(person_id, session_id)!
UPDATE messages SET state = 'expired'
WHERE person_id = :person_id AND session_id = :session_id AND state = 'waiting';

-- name: list_people_in_thread(thread_id)
SELECT person_id FROM sessions
WHERE closed_at IS NULL AND thread_id = :thread_id
ORDER BY person_id;

-- name: close_session(person_id, session_id, closed_at, close_reason)!
UPDATE sessions SET closed_at = :closed_at, close_reason = :close_reason
WHERE person_id = :person_id AND session_id = :session_id AND closed_at IS NULL;

-- Of what was said up to the newest closed session, nothing is looked back to.
-- name: mark_ended(person_id, thread_id)!
UPDATE sessions SET close_reason = 'ended'
WHERE
    person_id = :person_id AND closed_at IS NOT NULL
    AND session_id = (
        SELECT MAX(s.session_id) FROM sessions AS s
        WHERE s.person_id = :person_id AND s.thread_id = :thread_id
    );

-- name: delete_session(person_id, session_id)!
DELETE FROM sessions WHERE person_id = :person_id AND session_id = :session_id;

-- name: list_people_with_old_messages(closed_before)
SELECT DISTINCT s.person_id FROM sessions AS s
WHERE
    s.learned_by IS NOT NULL AND s.closed_at < :closed_before
    AND EXISTS (
        SELECT 1 FROM messages AS m
        WHERE m.person_id = s.person_id AND m.session_id = s.session_id
    )
ORDER BY s.person_id;

-- name: delete_old_messages(person_id, closed_before)!
DELETE FROM messages
WHERE person_id = :person_id AND session_id IN (
    SELECT s.session_id FROM sessions AS s
    WHERE s.person_id = :person_id
    AND s.learned_by IS NOT NULL AND s.closed_at < :closed_before
);

-- An event delivered again after an erasure costs again under the same name.
-- name: add_usage(person_id, usage_id, scope, purpose, model, prompt_tokens, completion_tokens, used_at)!
INSERT INTO usage
(person_id, usage_id, scope, purpose, model, prompt_tokens, completion_tokens, used_at)
VALUES
(
    :person_id, :usage_id, :scope, :purpose, :model,
    :prompt_tokens, :completion_tokens, :used_at
)
ON CONFLICT (person_id, usage_id) DO UPDATE SET
    prompt_tokens = usage.prompt_tokens + excluded.prompt_tokens,
    completion_tokens = usage.completion_tokens + excluded.completion_tokens;
