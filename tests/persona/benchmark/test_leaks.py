"""The leak audit: what tells a persona is found wherever it stands, and what only looks alike not.

The leaks expected were worked out by hand from the rules in `audit`.
"""

from __future__ import annotations

import time

import pytest

from persona.benchmark.leaks import audit
from persona.benchmark.schema import Api, Event, Person, Query, Scene, Value

NAME = "demographics.name"
AGE = "demographics.age"
GENDER = "demographics.gender"
CAREER = "demographics.career"
INTERESTS = "personality.values_and_interests"
STYLES = "preference.styles"
PURCHASE = "pattern.purchase"
EXTRAVERSION = "personality.extraversion_introversion"
THINKING = "personality.thinking_feeling"


def person(slots: dict[str, Value], *events: Event, person_id: str = "p1") -> Person:
    return Person(
        person_id=person_id, language="en", region="Ireland", hint="a person", slots=slots,
        events=events,
    )  # fmt: skip


def scene(*apis: Api, person_id: str = "p1", **texts: str) -> Scene:
    given = {"title": "A", "description": "A", "context": "A", "expected_response": "A"} | texts
    return Scene(
        scene_id=f"{person_id}-1", person_id=person_id, session=1, kind="common", apis=apis, **given
    )


def found(slots: dict[str, Value], text: str) -> list[tuple[str, str]]:
    """Return slot and words of the leaks in a scene whose context is `text`."""
    leaks, audited = audit([person(slots)], [scene(context=text)], [])
    assert audited == 4
    assert {leak.field for leak in leaks} <= {"context"}
    return [(leak.slot, leak.found) for leak in leaks]


def test_planted_leaks_are_found_where_they_stand() -> None:
    life = person({NAME: "Aoife", INTERESTS: ("sea swimming", "old maps")})
    planted = scene(
        Api(name="findOldMaps", description="Finds shops.", arguments={"who": "such as Aoife"}),
        description="Aoife plans a day out.",
        context="Sea swimming is on the list.",
    )
    query = Query(scene_id="p1-1", personalized="I, Aoife, ask.", neutral="Where are old maps?")

    leaks, audited = audit([life], [planted], [query])

    assert [(leak.field, leak.slot, leak.found) for leak in leaks] == [
        ("description", NAME, "Aoife"),
        ("context", INTERESTS, "Sea swimming"),
        ("apis", INTERESTS, "Old Maps"),
        ("apis", NAME, "Aoife"),
        ("neutral", INTERESTS, "old maps"),
    ]
    assert {(leak.person_id, leak.scene_id) for leak in leaks} == {("p1", "p1-1")}
    # Title, description, context, expected response, three of the function, the neutral query.
    assert audited == 8


def test_a_scene_leaks_its_own_person_only() -> None:
    people = [person({NAME: "Aoife"}), person({NAME: "Bram"}, person_id="p2")]
    scenes = [scene(context="Bram calls."), scene(context="Bram calls.", person_id="p2")]
    strangers = [scene(context="Aoife", person_id="p3")]
    leaks, audited = audit(people, scenes + strangers, [])
    assert [leak.scene_id for leak in leaks] == ["p2-1"]
    assert audited == 8


def test_what_changes_and_what_is_forgotten_is_looked_for() -> None:
    life = person(
        {CAREER: "nurse", INTERESTS: ("chess",)},
        Event(session=4, kind="change", slot=CAREER, before="nurse", after="baker", said="Baker."),
        Event(session=6, kind="forget", slot=INTERESTS, before="chess", said="Forget chess."),
    )
    leaks, _ = audit([life], [scene(context="A baker, a nurse and a game of chess")], [])
    assert {(leak.slot, leak.found) for leak in leaks} == {
        (CAREER, "baker"), (CAREER, "nurse"), (INTERESTS, "chess")
    }  # fmt: skip


@pytest.mark.parametrize(
    ("slot", "value", "text", "what"),
    [
        (NAME, "Ana María Ruiz", "María has an hour.", "María"),
        (NAME, "李丽丽", "帮助李丽丽规划旅行。", "李丽丽"),
        (NAME, "さくら", "今日さくらは忙しい。", "さくら"),
        (NAME, "김민수", "김민수는 여행을 준비한다.", "김민수는"),
        (AGE, "34", "Something for a 34-year-old.", "34"),
        (AGE, "34 years old", "一位34岁的人", "34"),
        (AGE, "34세", "34살이다.", "34"),
        (CAREER, "C++ developer", "for a C++ developer", "C++ developer"),
        (CAREER, "Krankenschwester", "Die KRANKENSCHWESTER fragt.", "KRANKENSCHWESTER"),
        (CAREER, "小学教师", "她是小学教师。", "小学教师"),
        (CAREER, "간호사", "저는 간호사입니다.", "간호사입니다"),
        (CAREER, "infirmière", "Elle est inﬁrmière à Lyon.", "infirmière"),
        # A run that is shared, the longest of them.
        (PURCHASE, "compares prices for weeks before buying anything",
         "They want to check prices for weeks before the sale.", "prices for weeks"),
        (PURCHASE, "compare les prix avant chaque achat",
         "Il faut regarder les prix avant chaque départ.", "les prix avant chaque"),
        (PURCHASE, "购物前会反复比较价格和评价", "帮忙反复比较价格。", "反复比较价格"),
        (PURCHASE, "買う前に必ず口コミを読む", "必ず口コミを調べる。", "必ず口コミを"),
        (PURCHASE, "세일 기간에는 가전제품 구매", "세일 기간에 가전제품이 싸다.",
         "세일 기간에 가전제품이"),
        # Two of three words of content, three of four, in whatever order.
        (INTERESTS, "restoring wooden boats", "A boat, an old wooden one.", "boat … wooden"),
        (INTERESTS, "벼룩시장에서 오래된 카메라 수집", "카메라를 벼룩시장에서 오래 고르고 수집한다",
         "카메라를 … 벼룩시장에서 … 수집한다"),
    ],
)  # fmt: skip
def test_leaks(slot: str, value: str, text: str, what: str) -> None:
    assert found({slot: value}, text) == [(slot, what)]


@pytest.mark.parametrize(
    ("slot", "value", "text"),
    [
        (NAME, "Ana", "An analysis of a banana"),
        (NAME, "Mark", "Please mark the day."),
        (NAME, "Vincent van Dijk", "Met de van naar zee."),
        (NAME, "明", "明天再说。"),
        (NAME, "민수", "민수기를 읽는다."),
        (AGE, "34", "134 people, 340 chairs, 34% off, 3.34 km, at 18:34, for €34 or 34元, 5-34"),
        (GENDER, "man", "A manual for a woman"),
        (GENDER, "女", "给女儿买礼物"),
        (CAREER, "C++ developer", "vitamin C for the developer"),
        (CAREER, "art teacher", "The start of a teacher's day"),
        (INTERESTS, "the end of the day at sea", "It is at the end of the week."),
        (PURCHASE, "compares prices for weeks", "It has been for weeks now."),
        (PURCHASE, "在工作中的时候会记账", "在工作中的时候会议很多"),
        (PURCHASE, "短いメッセージを送っている", "メッセージを読んでいる。"),
        (PURCHASE, "오래 고민하고 구매함", "오래 걸리는 여행"),
        (INTERESTS, "restoring wooden boats", "A wooden table"),
        (INTERESTS, "벼룩시장에서 오래된 카메라 수집", "카메라를 벼룩시장에서 고른다"),
        (INTERESTS, "la cuisine du marché", "le marché de Noël et la cuisine"),
        (STYLES, "short and plain", "A short trip on the plain"),
        (STYLES, "<neutralized>", "A"),
    ],
)
def test_near_misses_are_no_leaks(slot: str, value: str, text: str) -> None:
    assert found({slot: value}, text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Thinking it over, feeling well, judging and perceiving by intuition.", []),
        ("An introverted guest", [(EXTRAVERSION, "introverted")]),
        ("An extravert", []),
        ("她性格内向。", [(EXTRAVERSION, "性格内向")]),
        ("请在一周内向老板汇报。", []),
        ("As an INTJ would", [(EXTRAVERSION, "INTJ")]),
        ("As an ENTJ or INFJ would", []),
    ],
)
def test_of_choices_only_what_is_no_everyday_word(text: str, told: list[tuple[str, str]]) -> None:
    assert found({EXTRAVERSION: "introversion", THINKING: "thinking"}, text) == told


def test_a_whole_dataset_takes_seconds() -> None:
    sentence = "likes to read the {0} news over a pot of tea{0} on weekday mornings"
    slots: dict[str, Value] = {f"pattern.slot{n}": sentence.format(n) for n in range(17)}
    text = "A visitor wants to see the museum before lunch and asks for the quickest way. " * 4
    people = [person(slots, person_id=f"p{n}") for n in range(200)]
    scenes = [
        scene(
            person_id=f"p{n}",
            title=f"{n} {m}",
            description=f"{text}{n} {m}",
            context=f"{n} {m} {text}",
            expected_response=f"{m} {text}{n}",
        )
        for n in range(200)
        for m in range(31)
    ]
    began = time.perf_counter()
    leaks, audited = audit(people, scenes, [])
    assert (leaks, audited) == ([], 200 * 31 * 4)
    assert time.perf_counter() - began < 60
