-- name: add_attachment(person_id, message_id, number, kind, file_id, content_sealed)!
INSERT INTO attachments (person_id, message_id, number, kind, file_id, content_sealed)
VALUES (:person_id, :message_id, :number, :kind, :file_id, :content_sealed);

-- name: list_attachments(person_id, message_id)
SELECT message_id, number, kind, file_id, content_sealed FROM attachments
WHERE person_id = :person_id AND message_id = :message_id
ORDER BY number;

-- name: delete_attachment(person_id, message_id, number)!
DELETE FROM attachments
WHERE person_id = :person_id AND message_id = :message_id AND number = :number;

-- name: list_scope_attachments(person_id, scope)
SELECT a.message_id, a.number, a.kind, a.file_id, a.content_sealed FROM attachments AS a
INNER JOIN messages AS m ON a.person_id = m.person_id AND a.message_id = m.message_id
INNER JOIN sessions AS s ON m.person_id = s.person_id AND m.session_id = s.session_id
WHERE a.person_id = :person_id AND s.scope = :scope
ORDER BY a.message_id, a.number;
