-- Answered messages of a person, newest first. Of several conversations at once, each knows what
-- had been answered when it asks: replies from `before` on are left out with their messages.
-- name: list_past_turns(person_id, scope, epoch, before, most)
SELECT
    said.message_id, said.sent_at, said.text_sealed AS said_sealed,
    reply.message_id AS reply_id, reply.text_sealed AS reply_sealed
FROM sessions AS s
INNER JOIN messages AS said
    ON s.person_id = said.person_id AND s.session_id = said.session_id
INNER JOIN messages AS reply
    ON said.person_id = reply.person_id AND said.message_id = reply.replies_to
WHERE
    s.person_id = :person_id AND s.scope = :scope AND s.epoch = :epoch
    AND said.message_id < :before AND reply.message_id < :before
ORDER BY said.message_id DESC
LIMIT :most;
