from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from persona.attachments.attachment import Attachment, Picture
from persona.attachments.held import Held


def image(size: int) -> Attachment:
    return Attachment("image", "a.png", picture=Picture("image/png", b"x" * size))


def test_the_oldest_go_first() -> None:
    held = Held(100)
    for message in range(1, 5):
        held.hold(1, 1, message, (image(40),))
    assert [bool(held.of(1, message)) for message in range(1, 5)] == [False, False, True, True]
    assert held.size == 80


def test_what_is_larger_than_all_there_is_room_for_is_not_held() -> None:
    held = Held(100)
    held.hold(1, 1, 1, (image(101),))
    assert (held.size, held.of(1, 1)) == (0, {})


def test_only_what_is_not_stored_is_held() -> None:
    held = Held(1000)
    reply = Attachment("reply", "@Tom", "words")
    came = (Attachment("text", "a.txt", "text"), reply, Attachment("image", "b.png"), image(3))
    held.hold(1, 1, 1, came)
    assert held.of(1, 1) == {1: reply, 3: image(3)}
    assert held.size == 8


def test_nobody_gets_what_is_anothers() -> None:
    held = Held(1000)
    held.hold(1, 1, 1, (image(3),))
    assert held.of(2, 1) == {}
    held.drop_person(2)
    held.drop_session(2, 1)
    held.drop_message(2, 1)
    held.drop_one(2, 1, 0)
    assert held.size == 3


steps = st.lists(
    st.tuples(
        st.sampled_from(["hold", "message", "session", "person", "one"]),
        st.integers(1, 2),
        st.integers(1, 2),
        st.integers(1, 3),
        st.lists(st.integers(0, 60), max_size=3),
    ),
    max_size=30,
)


@given(steps)
def test_the_size_is_that_of_what_is_held(
    taken: list[tuple[str, int, int, int, list[int]]],
) -> None:
    held = Held(100)
    for step, person, session, message, sizes in taken:
        match step:
            case "hold":
                held.hold(person, session, message, tuple(map(image, sizes)))
            case "message":
                held.drop_message(person, message)
            case "session":
                held.drop_session(person, session)
            case "person":
                held.drop_person(person)
            case _:
                held.drop_one(person, message, 0)
        there = [
            len(each.picture.content)
            for person_id in (1, 2)
            for message_id in (1, 2, 3)
            for each in held.of(person_id, message_id).values()
            if each.picture
        ]
        assert held.size == sum(there) <= 100
    held.drop_person(1)
    held.drop_person(2)
    assert held.size == 0
