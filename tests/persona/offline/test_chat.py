"""What the offline model replies, with and without a persona."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.offline.replies.answer import answer
from persona.offline.replies.wordings import WORDINGS

ENGLISH = "-# offline model: rules, not a language model"
CHINESE = "-# 离线模型：由规则生成，不是语言模型"
NAME = "demographics.name"
INTERESTS = "personality.values_and_interests"
STYLES = "preference.styles"
PERSONA = {NAME: ["Marlene"], INTERESTS: ["old maps", "pottery"]}
QUESTION = "How do I choose a good kiln for my flat?"
CHINESE_QUESTION = "我应该怎么挑选露营帐篷？"


def reply(message: str, persona: dict[str, list[str]] | None = None, earlier: int = 0) -> str:
    before = [("user", "Hello"), ("assistant", "Hi")] * earlier
    return answer(persona or {}, [*before, ("user", message)])


def body(text: str) -> str:
    return text.rsplit("\n-# ", 1)[0]


def styled(*styles: str) -> dict[str, list[str]]:
    return {**PERSONA, STYLES: list(styles)}


@pytest.mark.parametrize(("message", "footer"), [
    (QUESTION, ENGLISH),
    ("", ENGLISH),
    ("C", ENGLISH),
    ("これは何ですか", "-# オフラインモデル：ルールによる返答で、言語モデルではありません"),
    ("이게 뭐예요?", "-# 오프라인 모델: 언어 모델이 아닌 규칙입니다"),
    ("Qu'est-ce que c'est ?", "-# modèle hors ligne : des règles, pas un modèle de langue"),
    ("Che cos'è questo?", "-# modello offline: regole, non un modello linguistico"),
    ("Apa ini?", "-# model luring: aturan, bukan model bahasa"),
    ("¿Cómo se llama la capital de Francia?", ENGLISH),
    ("Wie geht es dir?", ENGLISH),
    ("Write a function for 王小明 that prints hello", ENGLISH),
    (CHINESE_QUESTION, CHINESE),
    ("请用Python写代码", CHINESE),
])  # fmt: skip
def test_says_in_the_language_of_the_message_that_it_is_the_offline_model(
    message: str, footer: str
) -> None:
    assert reply(message).endswith(f"\n{footer}")
    assert reply(message, PERSONA).endswith(f"\n{footer}")


def test_a_reply_depends_on_nothing_but_its_input() -> None:
    things = ("tea", "tents", "clay", "maps", "ink", "paper", "seeds", "boots")
    replies = [reply(f"How do I clean {thing}?", PERSONA) for thing in things]
    assert replies == [reply(f"How do I clean {thing}?", PERSONA) for thing in things]
    worded = {said.replace(thing, "…") for said, thing in zip(replies, things, strict=True)}
    assert len(worded) > 1


@pytest.mark.parametrize(("message", "topic"), [
    (QUESTION, "kiln"),
    ("Can you recommend warm boots for winter?", "warm boots for winter"),
    ("I was out all day. What should I know about sourdough?", "sourdough"),
    (CHINESE_QUESTION, "挑选露营帐篷"),
    ("今天很累。有什么好的纪录片推荐吗？", "纪录片"),
])  # fmt: skip
def test_takes_up_the_topic(message: str, topic: str) -> None:
    assert topic in reply(message).lower()
    assert topic in reply(message, styled("short answers", "bullet points")).lower()


@pytest.mark.parametrize(("message", "greeting"), [(QUESTION, "Hi Marlene"),
                                                   (CHINESE_QUESTION, "嗨，Marlene")])  # fmt: skip
def test_greets_by_name_only_at_first(message: str, greeting: str) -> None:
    assert reply(message, PERSONA).startswith(greeting)
    assert "Marlene" not in reply(message, PERSONA, earlier=1)
    assert "Marlene" not in reply(message)


def test_brings_in_the_interest_that_fits() -> None:
    assert "You like pottery" in reply("Which pottery wheel should I buy?", PERSONA)
    assert "You like old maps" in reply("Where are good maps of Peru?", PERSONA)
    assert "你喜欢陶艺" in reply("陶艺课有推荐吗？", {INTERESTS: ["古地图", "陶艺"]})


def test_brings_in_an_interest_as_an_example_otherwise() -> None:
    assert re.search(r"You like (?:old maps|pottery), for example", reply(QUESTION, PERSONA))
    assert "你喜欢的“陶艺”" in reply(CHINESE_QUESTION, {INTERESTS: ["陶艺"]})
    assert "You like" not in reply(QUESTION)
    assert "你喜欢" not in reply(CHINESE_QUESTION)


@pytest.mark.parametrize("style", ["short answers", "concise replies", "简短的回答"])
@pytest.mark.parametrize("message", [QUESTION, CHINESE_QUESTION])
def test_short_answers_are_one_or_two_sentences(style: str, message: str) -> None:
    text = body(reply(message, styled(style)))
    assert 1 <= len(re.findall(r"[.!?。！？]", text)) <= 2
    assert "\n" not in text
    assert len(re.findall(r"[.!?。！？]", body(reply(message, PERSONA)))) > 4


@pytest.mark.parametrize("style", ["bullet points", "要点"])
@pytest.mark.parametrize("message", [QUESTION, CHINESE_QUESTION])
def test_bullet_points_give_a_list(style: str, message: str) -> None:
    first, *rows = body(reply(message, styled(style))).split("\n")
    assert first.endswith((":", "："))
    assert len(rows) >= 3
    assert all(row.startswith("- ") for row in rows)
    assert "\n- " not in reply(message, PERSONA)


def test_steps_give_a_numbered_list() -> None:
    rows = body(reply(QUESTION, {"preference.formats": ["step by step"]})).split("\n")[1:]
    assert [row.split(".")[0] for row in rows] == [str(place + 1) for place in range(len(rows))]


@pytest.mark.parametrize("message", [QUESTION, "Hello!", "Thanks a lot!", "What is my name?",
                                     "Which pottery wheel is best?"])  # fmt: skip
@pytest.mark.parametrize("styles", [("formal",), ("formal", "short answers"),
                                    ("formal tone", "bullet points")])  # fmt: skip
def test_formal_drops_exclamations_and_contractions(message: str, styles: tuple[str, ...]) -> None:
    text = body(reply(message, styled(*styles)))
    assert "!" not in text
    assert not re.search(r"\w['’]\w", text)


def test_formal_chinese_is_polite() -> None:
    formal, plain = (reply(CHINESE_QUESTION, styled(*styles)) for styles in (("正式的语气",), ()))
    assert "您" in formal
    assert "你" not in formal
    assert "！" not in formal
    assert "！" in plain


def test_informal_is_not_formal() -> None:
    assert "!" in reply(QUESTION, styled("informal"))


def test_without_a_persona_the_reply_is_longer_and_neutral() -> None:
    neutral = reply(QUESTION)
    assert len(neutral) > len(reply(QUESTION, styled("short answers")))
    assert not any(value in neutral for values in PERSONA.values() for value in values)
    assert neutral == reply(QUESTION, {NAME: [], INTERESTS: ["  "]})


@pytest.mark.parametrize(("message", "known", "unknown"), [
    ("What is my name?", "Your name is Marlene.", "I don't know your name yet."),
    ("Do you remember my name?", "Your name is Marlene.", "I don't know your name yet."),
    ("我叫什么名字？", "你叫Marlene。", "我还不知道你的名字"),
    ("What do you know about me?", "Name: Marlene", "I don't know anything about you yet."),
    ("What do you know about me?", "Interests: old maps, pottery", "I don't know"),
    ("你知道我的什么？", "兴趣：old maps、pottery", "我还不了解你"),
    ("What are my hobbies?", "You like old maps, pottery.", "I don't know what you like yet."),
    ("我的爱好是什么？", "你喜欢old maps、pottery。", "我还不知道你喜欢什么"),
])  # fmt: skip
def test_says_what_it_knows_or_that_it_does_not(message: str, known: str, unknown: str) -> None:
    assert known in reply(message, PERSONA)
    assert unknown in reply(message)
    assert unknown not in reply(message, PERSONA)


def test_a_greeting_and_thanks_are_returned() -> None:
    assert body(reply("Good morning!")).startswith("Hello!")
    assert body(reply("你好")).startswith("你好！")
    assert body(reply("Thank you, that helps")).startswith("You're welcome!")


@pytest.mark.parametrize(
    "message", ["longdemo", "Show me the LongDemo please", "请来一个longdemo演示"]
)
def test_the_long_demo_has_paragraphs_and_one_block_of_code(message: str) -> None:
    text = reply(message, PERSONA)
    assert text.count("```") == 2
    before, code, after = text.split("```")
    assert code.startswith("python\n")
    assert 110 <= code.count("\n") <= 130
    compile(code.removeprefix("python\n"), "demo", "exec")
    assert before.count("\n\n") >= 2
    assert after.strip()
    assert "\n-# " in after
    assert len(text) > 2000


@pytest.mark.parametrize("message", [
    "@everyone what is @here?", "Tell @everyone about <@123456>", "@@everyone hello",
    "关于@everyone的问题", "<@<@1>2> and <@&55>", "@\u200beveryone",
])  # fmt: skip
@pytest.mark.parametrize("persona", [{}, {NAME: ["@everyone"], INTERESTS: ["<@123456>", "@here"]}])
def test_never_mentions_anyone(message: str, persona: dict[str, list[str]]) -> None:
    text = reply(message, persona)
    assert not re.search(r"@\S|<[@#]", text)


_VALUES = st.lists(st.text(max_size=200), max_size=12)
_PERSONAS = st.dictionaries(
    st.sampled_from([NAME, INTERESTS, STYLES, "preference.formats", "demographics.career"]), _VALUES
)
_MESSAGES = st.one_of(
    st.text(max_size=400),
    st.sampled_from([QUESTION, CHINESE_QUESTION, "What do you know about me?", "你知道我的什么？"]),
)


@given(_PERSONAS, _MESSAGES)
def test_any_reply_is_short_and_safe(persona: dict[str, list[str]], message: str) -> None:
    text = reply(message, persona)
    assert len(text) < 600
    assert text.endswith((ENGLISH, CHINESE, *(each.footer for each in WORDINGS.values())))
    assert body(text).strip()
    assert not re.search(r"@\S", text)


@pytest.mark.parametrize(("message", "said"), [
    ("Hi! My name is Ada.", "Nice to meet you, Ada! What would you like to talk about?"),
    ("My name is Ada. I like hiking and jazz.",
     "Nice to meet you, Ada! You like hiking and jazz. What do you enjoy most about that?"),
    ("I prefer short answers, please.", "Good to know! What would you like to talk about?"),
    ("我叫小林。我喜欢爵士乐。", "很高兴认识你，小林！你喜欢爵士乐，最喜欢其中的什么呢？"),
    ("请你回答得简短一点。", "好的，知道了！想聊点什么？"),
])  # fmt: skip
def test_acknowledges_what_a_message_tells_about_its_writer(message: str, said: str) -> None:
    assert body(reply(message)) == said


def test_an_acknowledgement_is_as_short_and_as_personal_as_the_persona_says() -> None:
    assert body(reply("I like clay.", styled("short answers"))) == "Hi Marlene! Good to know!"


def test_a_question_is_answered_whatever_it_tells() -> None:
    assert '"kiln"' in reply("My name is Ada. How do I choose a good kiln?")
