-- Answers: the Discord messages they stand in, what they were made with, and how they were liked.

-- A part that was deleted on Discord is posted anew, under another id.
-- name: note_part(person_id, turn_id, number, part_id)!
INSERT INTO answer_parts (person_id, turn_id, number, part_id)
SELECT m.person_id, m.message_id, :number, :part_id FROM messages AS m
WHERE m.person_id = :person_id AND m.message_id = :turn_id
ON CONFLICT (person_id, turn_id, number) DO UPDATE SET part_id = excluded.part_id;

-- Parts of the earlier messages that are answered together with this one come first.
-- name: list_parts(person_id, session_id, turn_id)
SELECT p.turn_id, p.number, p.part_id FROM answer_parts AS p
INNER JOIN messages AS m ON p.person_id = m.person_id AND p.turn_id = m.message_id
WHERE
    p.person_id = :person_id AND m.session_id = :session_id
    AND (p.turn_id = :turn_id OR (p.turn_id < :turn_id AND m.state = 'waiting'))
ORDER BY p.turn_id, p.number;

-- name: delete_part(person_id, part_id)!
DELETE FROM answer_parts WHERE person_id = :person_id AND part_id = :part_id;

-- name: get_part(part_id)^
SELECT person_id, turn_id FROM answer_parts WHERE part_id = :part_id;

-- name: add_answer(person_id, turn_id, strategy, slots, withheld, model, prompt_tokens, completion_tokens)!
INSERT INTO answers
(person_id, turn_id, strategy, slots, withheld, model, prompt_tokens, completion_tokens)
VALUES
(
    :person_id, :turn_id, :strategy, :slots, :withheld, :model,
    :prompt_tokens, :completion_tokens
)
ON CONFLICT (person_id, turn_id) DO UPDATE SET
    strategy = excluded.strategy, slots = excluded.slots, withheld = excluded.withheld,
    model = excluded.model, prompt_tokens = excluded.prompt_tokens,
    completion_tokens = excluded.completion_tokens, attempts = answers.attempts + 1, liked = NULL;

-- name: list_answers(person_id)
SELECT turn_id, strategy, slots, model, liked FROM answers
WHERE person_id = :person_id
ORDER BY turn_id;

-- newest says whether no later message of its thread was answered.
-- name: get_answer(turn_id)^
SELECT
    a.person_id, a.turn_id, a.strategy, a.slots, a.withheld, a.model, a.prompt_tokens,
    a.completion_tokens, a.attempts, a.liked, s.scope,
    NOT EXISTS (
        SELECT 1 FROM answers AS later
        INNER JOIN messages AS l
            ON later.person_id = l.person_id AND later.turn_id = l.message_id
        INNER JOIN sessions AS o ON l.person_id = o.person_id AND l.session_id = o.session_id
        WHERE
            later.person_id = a.person_id AND o.thread_id = s.thread_id
            AND later.turn_id > a.turn_id
    ) AS newest,
    (
        SELECT p.part_id FROM answer_parts AS p
        WHERE p.person_id = a.person_id AND p.turn_id = a.turn_id
        ORDER BY p.number DESC LIMIT 1
    ) AS last_part
FROM messages AS m
INNER JOIN answers AS a ON m.person_id = a.person_id AND m.message_id = a.turn_id
INNER JOIN sessions AS s ON m.person_id = s.person_id AND m.session_id = s.session_id
WHERE m.message_id = :turn_id;

-- name: set_liked(person_id, turn_id, liked)!
UPDATE answers SET liked = :liked WHERE person_id = :person_id AND turn_id = :turn_id;

-- name: get_turn(person_id, message_id)^
SELECT
    m.message_id, m.session_id, m.sent_at, m.text_sealed, s.scope, s.epoch, s.thread_id
FROM messages AS m
INNER JOIN sessions AS s ON m.person_id = s.person_id AND m.session_id = s.session_id
WHERE m.person_id = :person_id AND m.message_id = :message_id AND m.author = 'person';

-- name: get_reply(person_id, turn_id)^
SELECT message_id, tokens, text_sealed FROM messages
WHERE person_id = :person_id AND replies_to = :turn_id;

-- name: list_recent_usage(person_id, used_after, used_until)
SELECT used_at, prompt_tokens + completion_tokens AS tokens FROM usage
WHERE person_id = :person_id AND used_at > :used_after AND used_at <= :used_until
ORDER BY used_at;
