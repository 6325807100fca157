"""What the offline model reads out of what people write, and what it leaves alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona.offline.facts.extract import ITEM_LENGTH, TEXT_LENGTH, Fact, Known, Said, extract
from persona.registry import DEFAULT_SLOTS

INTERESTS = "personality.values_and_interests"
EXTRAVERSION = "personality.extraversion_introversion"
SLOTS = {slot.name: slot for slot in DEFAULT_SLOTS}
SHORT = {
    "name": "demographics.name",
    "age": "demographics.age",
    "gender": "demographics.gender",
    "from": "demographics.nationality",
    "speaks": "demographics.languages",
    "career": "demographics.career",
    "likes": INTERESTS,
    "nature": EXTRAVERSION,
    "style": "preference.styles",
    "format": "preference.formats",
    "work": "preference.workflows",
}


def learned(*texts: str, known: tuple[Known, ...] = ()) -> list[Fact]:
    return extract([Said(number, text) for number, text in enumerate(texts, 1)], known)


def values(text: str) -> list[tuple[str, str | None]]:
    return [(fact.slot, fact.value) for fact in learned(text)]


def liked(*items: str) -> list[tuple[str, str]]:
    return [("likes", item) for item in items]


STATED: list[tuple[str, list[tuple[str, str]]]] = [
    # Interests in English.
    ("I like tea.", liked("tea")),
    ("I really love sailing, board games and street food.",
     liked("sailing", "board games", "street food")),
    ("I enjoy gardening, pottery, bird watching, and old maps.",
     liked("gardening", "pottery", "bird watching", "old maps")),
    ("i love to read and play video games", liked("reading", "playing video games")),
    ("I like to swim, ski and bake bread.", liked("swimming", "skiing", "baking bread")),
    ("I love to go camping.", liked("camping")),
    ("Well, actually I also like jazz a lot.", liked("jazz")),
    ("I like ceramics very much.", liked("ceramics")),
    ("I like running too, because it clears my head.", liked("running")),
    ("I love crime novels, especially Nordic ones with snow.", liked("crime novels")),
    ("I love seafood, especially crab and squid.", liked("seafood", "crab", "squid")),
    ("I enjoy activities such as kayaking, fencing and archery.",
     liked("kayaking", "fencing", "archery")),
    ("I like Korean and Mexican food.", liked("Korean and Mexican food")),
    ("I like windy and rainy days.", liked("windy and rainy days")),
    ("I enjoy watching and playing cricket.", liked("watching and playing cricket")),
    ("I love writing essays and limericks.", liked("writing essays and limericks")),
    ("I like camping near rivers, lakes, and forests.",
     liked("camping near rivers, lakes, and forests")),
    ("I love rock and roll and arts and crafts.", liked("rock and roll", "arts and crafts")),
    ("I enjoy the countryside.", liked("countryside")),
    ("I enjoy spending time with my cats.", liked("spending time with cats")),
    ("I love otters and so does my aunt.", liked("otters")),
    ("I like to watch herons, newts and toads.", []),
    ("I like to watch rugby, cricket and tennis.", liked("watching rugby", "cricket", "tennis")),
    ("I like to write limericks and odes.", liked("writing limericks and odes")),
    ("I've always loved Danish design, literature, and cuisine.",
     liked("Danish design, literature, and cuisine")),
    ("I like nature documentaries, e.g. about eels.", liked("nature documentaries")),
    ("I love stamps, which is odd, I know.", liked("stamps")),
    ("I like knitting more than sewing.", liked("knitting")),
    ("I love origami, what about you?", liked("origami")),
    ("I love opera and you?", liked("opera")),
    ("Rain again, but I love cycling.", liked("cycling")),
    ("I've always loved astronomy.", liked("astronomy")),
    ("I'm really into vintage cameras and vinyl.", liked("vintage cameras", "vinyl")),
    ("I'm a huge fan of sumo.", liked("sumo")),
    ("I'm interested in marine biology.", liked("marine biology")),
    ("My hobbies are beekeeping, chess and calligraphy.",
     liked("beekeeping", "chess", "calligraphy")),
    ("My favourite food is ramen.", liked("ramen")),
    ("My favorite outdoor activities are orienteering and rowing.",
     liked("orienteering", "rowing")),
    ("I value honesty and patience.", liked("honesty", "patience")),
    ("I like C++ and Rust.", liked("C++", "Rust")),
    ("I like apples and Tom eats pears.", liked("apples")),
    ("I love tea, great weather today!", []),
    ("I love tea, lovely weather by the way", liked("tea")),
    # Interests in Chinese.
    ("我喜欢茶。", liked("茶")),
    ("我很喜欢钓鱼、烘焙和打网球。", liked("钓鱼", "烘焙", "打网球")),
    ("我喜欢弹古筝、射箭、民族史研究与露营，你呢？",
     liked("弹古筝", "射箭", "民族史研究", "露营")),
    ("我喜欢看话剧，还喜欢拉小提琴。", liked("看话剧", "拉小提琴")),
    ("我的爱好是书法、养花和下围棋。", liked("书法", "养花", "下围棋")),
    ("我最喜欢的水果是荔枝。", liked("荔枝")),
    ("我最爱吃的就是小笼包。", liked("小笼包")),
    ("我对天文很感兴趣。", liked("天文")),
    ("其实我一直都热爱编程。", liked("编程")),
    ("我喜欢海鲜，尤其是螃蟹和鱿鱼。", liked("海鲜", "螃蟹", "鱿鱼")),
    ("我喜欢凉爽、干燥的天气。", liked("凉爽、干燥的天气")),
    ("我喜欢写散文和剧本。", liked("写散文和剧本")),
    ("我喜欢弹吉他，滑冰，爬山，摄影。", liked("弹吉他", "滑冰", "爬山", "摄影")),
    ("我喜欢在湖边、林间和山谷里散步。", liked("在湖边、林间和山谷里散步")),
    ("我也喜欢一些民谣。", liked("民谣")),
    ("我喜欢织围巾以及和姐妹逛集市。", liked("织围巾", "和姐妹逛集市")),
    ("我喜欢王与王、海岸线等乐队。", liked("王与王", "海岸线")),
    ("我喜歡聽歌劇、畫畫和釣魚。", liked("聽歌劇", "畫畫", "釣魚")),
    # Who they are.
    ("Hello, my name is Marlene.", [("name", "Marlene")]),
    ("my name is otto and i live in graz", [("name", "Otto")]),
    ("Hi there! I'm Priya, nice to meet you.", [("name", "Priya")]),
    ("You can call me Bo.", [("name", "Bo")]),
    ("My name is Christian.", [("name", "Christian")]),
    ("My friends call me Lottie.", [("name", "Lottie")]),
    ("My name is Ana Lucia Reyes-Vega.", [("name", "Ana Lucia Reyes-Vega")]),
    ("你好，我叫程小雨，请多关照。", [("name", "程小雨")]),
    ("我的名字是欧阳明。", [("name", "欧阳明")]),
    ("你好，我是沈一帆。", [("name", "沈一帆")]),
    ("叫我小雨吧", [("name", "小雨")]),
    ("我叫Tom，今年34岁。", [("name", "Tom"), ("age", "34")]),
    ("I'm 29.", [("age", "29")]),
    ("I am 41 years old and tired", [("age", "41")]),
    ("I just turned 30.", [("age", "30")]),
    ("I'm a 52-year-old plumber from Norway.", [("age", "52"), ("career", "plumber")]),
    ("我今年二十九岁。", [("age", "29")]),
    ("我一百零二岁了！", [("age", "102")]),
    ("我九十岁。", [("age", "90")]),
    ("I'm a woman.", [("gender", "woman")]),
    ("I'm male, by the way", [("gender", "male")]),
    ("我是女生。", [("gender", "女生")]),
    ("I'm from Portugal.", [("from", "Portugal")]),
    ("I'm Canadian.", [("from", "Canadian")]),
    ("I'm from the USA", [("from", "USA")]),
    ("My nationality is Kenyan.", [("from", "Kenyan")]),
    ("I'm from Lyon, France.", [("from", "France")]),
    ("我来自马来西亚。", [("from", "马来西亚")]),
    ("我是韩国人。", [("from", "韩国")]),
    ("I speak Dutch, Thai and English.",
     [("speaks", "Dutch"), ("speaks", "Thai"), ("speaks", "English")]),
    ("My native language is Polish.", [("speaks", "Polish")]),
    ("我会说德语和西班牙语。", [("speaks", "德语"), ("speaks", "西班牙语")]),
    ("I'm a software engineer at a bank.", [("career", "software engineer")]),
    ("I work as a night nurse in Leeds.", [("career", "night nurse")]),
    ("I'm currently working as a dog walker.", [("career", "dog walker")]),
    ("I'm a marine biologist and I love diving.", [("career", "marine biologist"),
                                                   ("likes", "diving")]),
    ("I'm a medical student.", [("career", "medical student")]),
    ("I'm a recently hired tour guide.", [("career", "tour guide")]),
    ("我是一名兽医。", [("career", "兽医")]),
    ("我是一家游戏公司的程序员。", [("career", "程序员")]),
    ("我的职业是平面设计师。", [("career", "平面设计师")]),
    ("我在一所小学当老师。", [("career", "老师")]),
    ("I'm an introvert.", [("nature", "introversion")]),
    ("I'm very extroverted, honestly.", [("nature", "extraversion")]),
    ("我的性格比较内向。", [("nature", "introversion")]),
    ("我是e人", [("nature", "extraversion")]),
    # How they want to be answered.
    ("I prefer short answers.", [("style", "short answers")]),
    ("I like brief, direct replies.", [("style", "brief, direct replies")]),
    ("I prefer answers in bullet points.", [("style", "bullet points")]),
    ("Please answer in bullet points.", [("style", "bullet points")]),
    ("From now on, keep your answers short.", [("style", "short answers")]),
    ("Please always be formal. What is a fugue?", [("style", "formal")]),
    ("Always answer briefly.", [("style", "brief answers")]),
    ("From now on reply in a simple tone.", [("style", "simple language")]),
    ("I prefer step-by-step instructions.", [("format", "step-by-step instructions")]),
    ("Always use tables, please.", [("format", "tables")]),
    ("I prefer a plan first, then the details.", [("work", "plan first, then the details")]),
    ("Always ask me questions before answering.", [("work", "ask me questions before answering")]),
    ("我喜欢简短的回答。", [("style", "简短的回答")]),
    ("以后请用要点回答我。", [("style", "要点")]),
    ("请用正式的语气。", [("style", "正式的语气")]),
    ("以后请用表格回答。", [("format", "表格")]),
    ("以后先给结论再讲细节。", [("work", "先给结论再讲细节")]),
    ("请简短回答。", [("style", "简短的回答")]),
]  # fmt: skip

NOTHING = [
    # Questions.
    "Do you like chess?",
    "Do you know that I like chess?",
    "I'm a nurse, right?",
    "What do I like?",
    "你喜欢游泳吗？",
    "我喜欢游泳吗？",
    "我是老师，对吗？",
    # Other people.
    "My sister likes chess.",
    "he likes traveling",
    "She thinks I like chess.",
    "My neighbour said I'm a good cook.",
    "Tom: I love chess",
    "My dog's name is Rex.",
    "他喜欢钓鱼。",
    "我妈妈喜欢跳舞。",
    "我朋友叫李雷。",
    "老师说，我喜欢画画。",
    # Not, no longer, not yet, or only perhaps.
    "I don't like chess.",
    "I like neither.",
    "My name is not Otto.",
    "I'm not a nurse.",
    "If I liked chess, I would play.",
    "If you ask me, I like chess.",
    "I would like to travel.",
    "I'd like a coffee.",
    "I want to learn Dutch.",
    "Maybe I like chess.",
    "I think I like chess.",
    "I used to love chess.",
    "I loved that island.",
    "When I was small I liked trains.",
    "I like tea if it is cold.",
    "I like tea when I'm ill.",
    "I like tea or coffee.",
    "I'm an aspiring writer.",
    "I'm a retired teacher.",
    "I'm almost 30.",
    "我不喜欢跑步。",
    "我想学钢琴。",
    "如果我喜欢下棋就好了。",
    "我小时候喜欢画画。",
    "以前我喜欢足球。",
    "我喜欢茶或咖啡。",
    "我想当医生。",
    "我是退休教师。",
    "我快30岁了。",
    "我5岁的时候学钢琴。",
    # Of the moment.
    "I like your suggestion.",
    "I like it. I like that. I like this one.",
    "I like both.",
    "I like option B best.",
    "I like the second version.",
    "I love how you explain things.",
    "I like the actors and the plot.",
    "I'm enjoying my sandwich.",
    "Lately I like soup.",
    "Today I like soup.",
    "I'm interested in buying a car.",
    "I'm interested in pricing for the pro plan.",
    "My favorite was the last song.",
    'My favorite is "Blue Monday".',
    "My favorite color is teal.",
    "我喜欢你的建议。",
    "我喜欢这个。",
    "我最喜欢那座岛，那里很美。",
    "我最喜欢的是《晴天》。",
    "今天我喜欢喝汤。",
    # Feelings and figures of speech.
    "I'm tired.",
    "I am so happy.",
    "I'm a bit introverted.",
    "I'm a beginner.",
    "I'm a dog lover.",
    "I'm a big fan.",
    "I'm a member of a choir.",
    "I'm a Doctor Who fan.",
    "I'm a doctor's assistant.",
    "I'm a good cook.",
    "I'm a magician with numbers.",
    "I'm a team player.",
    "I'm a man of my word.",
    "I'm the king of the hill.",
    "I'm Done.",
    "I'm Batman.",
    "I'm 29 minutes away.",
    "I'm 80% sure.",
    "I'm 170 cm tall.",
    "I'm 3 years old.",
    "I'm 150.",
    "I'm 5,000 miles away.",
    "我两百岁了。",
    "I'm half Japanese.",
    "I'm from Mexico City.",
    "I'm back from China.",
    "I speak three languages.",
    "I speak for everyone here.",
    "Call me when you get home.",
    "Call me crazy, but no.",
    "My name is pretty common.",
    "My hobby is expensive.",
    "My interests are varied.",
    "I like Bob's idea.",
    "I love shows like that.",
    "I'm a point guard.",
    "I love my dog.",
    "I like shooting people.",
    "My favorite team is losing.",
    "我有点内向。",
    "我叫外卖了。",
    "我叫他来。",
    "请叫我起床。",
    "我喜欢在公园里。",
    "我喜欢爱冒险的人。",
    "明天叫我起床。",
    "我是高手。",
    "我是路痴。",
    "我是老师的孩子。",
    "我是会员。",
    "我是一个好学生。",
    # Not about how to answer for good.
    "Keep it short this time.",
    "For this task use bullet points.",
    "Answer in bullet points today.",
    "Explain TCP. Be concise.",
    "Please answer in bullet points. What is TCP?",
    "Give me a short answer.",
    "Add examples.",
    "I love long messages from my girlfriend.",
    "这次请简短一点。",
    "请用要点回答，什么是光合作用？",
    # Not their own words, or a part they play.
    'She said "I love chess".',
    "“I love chess” is a sentence.",
    "> I love chess",
    "`I love chess`",
    "```\nI love chess\n```",
    "```\nI love chess",
    "Pretend I'm a pirate. I love rum.",
    "Imagine I'm a doctor.",
    "Let's roleplay: I'm a nurse and I love tea.",
    "Translate to Dutch: I love apples.",
    "Please proofread this. I am a teacher.",
    "In my novel I'm a detective.",
    "“我喜欢唱歌”怎么说？",
    "翻译：我喜欢苹果。",
    "假装我是医生。",
    # Sensitive matters are theirs to enter.
    "I'm gay.",
    "I'm Catholic.",
    "I'm Christian.",
    "I'm depressed.",
    "I'm a Democrat.",
    "I like girls.",
    "I love Jesus.",
    "I love going to church.",
    "I'm African American.",
    "我是同性恋。",
    "我喜欢男生。",
    "我信佛。",
    "我喜欢抽烟。",
    # Nothing is said.
    "",
    "   \n ",
    "I like",
    "I like , , and .",
    "我喜欢",
    "我喜欢、和。",
]


@pytest.mark.parametrize(("text", "expected"), STATED, ids=[text for text, _ in STATED])
def test_reads_what_is_stated(text: str, expected: list[tuple[str, str]]) -> None:
    assert values(text) == [(SHORT[slot], value) for slot, value in expected]


@pytest.mark.parametrize("text", NOTHING)
def test_reads_nothing_into(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "letters"),
    [("I'm an INTJ.", "ininthju"), ("My MBTI is esfp", "exsefepe"), ("我是ENFP", "exinfepe")],
)
def test_a_type_sets_all_four_sides(text: str, letters: str) -> None:
    facts = {fact.slot: fact.value or "" for fact in learned(text)}
    order = ("extraversion_introversion", "sensing_intuition", "thinking_feeling",
             "judging_perceiving")  # fmt: skip
    assert "".join(facts[f"personality.{side}"][:2] for side in order) == letters


@pytest.mark.parametrize(
    "text", ["I'm an INTJ magnet.", "INTJ people are rare.", "Are you an INTJ?"]
)
def test_a_type_of_others_sets_nothing(text: str) -> None:
    assert learned(text) == []


@pytest.mark.parametrize(
    ("slot", "value", "text"),
    [
        (INTERESTS, "chess", "I don't like chess any more."),
        (INTERESTS, "Chess", "I no longer like chess, sorry."),
        (INTERESTS, "ｃｈｅｓｓ", "I've stopped enjoying chess."),
        (INTERESTS, "playing chess", "I no longer play chess."),
        (INTERESTS, "reading", "I don't like to read."),
        (INTERESTS, "篮球", "我不再喜欢篮球了。"),
        (INTERESTS, "下棋", "我对下棋已经没兴趣了。"),
        ("preference.styles", "bullet points", "I don't like bullet points."),
        ("demographics.career", "nurse", "I'm no longer a nurse."),
        ("demographics.career", "老师", "我不再是老师了。"),
    ],
)
def test_takes_back_what_no_longer_holds(slot: str, value: str, text: str) -> None:
    (fact,) = learned(text, known=(Known(4, INTERESTS, "tea"), Known(7, slot, value)))
    assert (fact.op, fact.slot, fact.item, fact.value) == ("remove_item", slot, 7, None)


def test_takes_nothing_back_that_is_not_known() -> None:
    assert learned("I don't like golf.", known=(Known(1, INTERESTS, "mini golf"),)) == []


@pytest.mark.parametrize(
    ("slot", "value", "text"),
    [
        (INTERESTS, "Board  Games", "I love board games."),
        (INTERESTS, "ＪＡＺＺ", "I like jazz."),
        ("demographics.name", "marlene", "My name is Marlene."),
        (EXTRAVERSION, "introversion", "I'm an introvert."),
        (INTERESTS, "钓鱼", "我喜欢钓鱼。"),
    ],
)
def test_confirms_what_is_known(slot: str, value: str, text: str) -> None:
    (fact,) = learned(text, known=(Known(3, slot, value),))
    assert (fact.op, fact.slot, fact.item, fact.value) == ("confirm", slot, 3, None)


def test_replaces_a_text_that_is_known_otherwise() -> None:
    (fact,) = learned("My name is Marlene.", known=(Known(3, "demographics.name", "Lena"),))
    assert (fact.op, fact.value, fact.item) == ("set_slot", "Marlene", None)


def test_says_a_repeated_value_once() -> None:
    facts = learned("I like tea.", "I love Tea!", "I like tea and jazz.")
    assert [(fact.value, fact.msg) for fact in facts] == [("tea", 1), ("jazz", 3)]


def test_the_last_name_counts() -> None:
    facts = learned("Hi, I'm Marlene.", "You can call me Lena.")
    assert [(fact.value, fact.msg) for fact in facts] == [("Lena", 2)]


def test_a_value_taken_back_in_the_batch_is_not_added() -> None:
    assert learned("I like chess.", "I don't like chess any more.") == []


def test_a_value_liked_again_is_confirmed() -> None:
    known = (Known(1, INTERESTS, "chess"),)
    facts = learned("I don't like chess.", "I like chess.", known=known)
    assert [(fact.op, fact.msg) for fact in facts] == [("confirm", 2)]


def test_facts_come_by_message_and_position() -> None:
    facts = extract(
        [Said(9, "I'm 40 and I like tea. My name is Ida."), Said(2, "I speak Thai.")], ()
    )
    assert [(fact.msg, fact.value) for fact in facts] == [
        (9, "40"), (9, "tea"), (9, "Ida"), (2, "Thai"),
    ]  # fmt: skip


def test_takes_at_most_twelve_items_of_a_list() -> None:
    words = (
        "aikido judo yoga golf chess tennis polo rugby fencing rowing sailing archery cricket darts"
    )
    facts = learned(*(f"I like {word}." for word in words.split()), "I speak Thai.")
    assert [fact.value for fact in facts] == [*words.split()[:12], "Thai"]


def test_leaves_out_a_value_that_is_too_long() -> None:
    assert learned(f"I like {'x' * (ITEM_LENGTH + 1)}.") == []
    assert len(learned(f"I like {'x' * ITEM_LENGTH}.")) == 1


def test_quotes_the_sentence() -> None:
    (fact,) = learned("Nice day.  I like   old\tmaps!  Bye.")
    assert (fact.value, fact.quote) == ("old maps", "I like   old\tmaps!")


@pytest.mark.parametrize("text", [
    f"I really like maps, and {'there was more to say about the weather ' * 12}.",
    f"{'The weather was mild and the day was long, ' * 12}and I really like maps.",
    f"我喜欢地图，{'天气又很好，' * 60}再见。",
])  # fmt: skip
def test_cuts_a_long_quote_between_words(text: str) -> None:
    (fact,) = learned(text)
    assert fact.value in ("maps", "地图")
    assert fact.value in fact.quote
    assert len(fact.quote) <= 160
    place = text.index(fact.quote)
    around = text[max(0, place - 1) : place + len(fact.quote) + 1]
    assert not (around[0].isascii() and around[0].isalpha() and fact.quote[0].isalpha() and place)
    assert not (fact.quote[-1].isascii() and fact.quote[-1].isalpha() and around[-1].isalpha())


def test_quotes_a_late_item_of_a_long_list() -> None:
    plants = [f"plant{letter}{letter * 9}" for letter in "abcdefghijklm"]
    text = f"I really like {', '.join(plants[:-1])} and {plants[-1]}."
    facts = learned(text)
    assert [fact.value for fact in facts] == plants[:12]
    assert all(fact.value and fact.value in fact.quote for fact in facts)
    assert all(len(fact.quote) <= 160 and fact.quote in text for fact in facts)
    assert facts[-1].quote.startswith("plant")


def test_reads_past_mentions_and_markdown() -> None:
    assert values("Hi <@123456>! I love **opera** <:wow:99>") == [(INTERESTS, "opera")]


_FRAGMENTS = st.sampled_from([
    "I like ", "I love to ", "my name is ", "I'm ", "a nurse", "30", "call me ", "I don't like ",
    "我喜欢", "我是", "我叫", "岁", "和", "、", "，", ", ", " and ", ". ", "\n", "> ", "`", '"',
    "'", "tea", "王小明", "English", "I speak ", "please answer in ", "bullet points", "INTJ",
    "？", "?", "@everyone", "<@1>", "的", "了", "etc", "\u3000", "ﬁ", "İ",
])  # fmt: skip
_TEXTS = st.one_of(st.text(max_size=300), st.lists(_FRAGMENTS, max_size=60).map("".join))
_KNOWN_VALUES = st.sampled_from(["tea", "30", "王小明"])
_KNOWN = st.lists(st.builds(
    Known, st.integers(1, 99), st.sampled_from(sorted(SLOTS)), _KNOWN_VALUES
), max_size=4, unique_by=lambda item: item.item)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(_TEXTS, max_size=4), _KNOWN)
def test_every_fact_keeps_the_rules(texts: list[str], known: list[Known]) -> None:
    facts = extract([Said(10 + place, text) for place, text in enumerate(texts)], known)
    slots = {item.item: item.slot for item in known}
    for fact in facts:
        assert fact.quote
        assert fact.quote in texts[fact.msg - 10]
        assert len(fact.quote) <= 160
        assert 0 < len(fact.why) <= 200
        if fact.op in ("remove_item", "confirm"):
            assert fact.value is None
            assert fact.item is not None
            assert slots[fact.item] == fact.slot
            continue
        slot = SLOTS[fact.slot]
        assert fact.op == ("add_item" if slot.kind == "list" else "set_slot")
        assert fact.item is None
        assert fact.value
        assert len(fact.value) <= (ITEM_LENGTH if slot.kind == "list" else TEXT_LENGTH)
        assert len(fact.value) <= slot.max_length
        assert not slot.choices or fact.value in slot.choices
    added = [(fact.slot, fact.value) for fact in facts if fact.op == "add_item"]
    assert len(added) == len(set(added))
    assert all(sum(slot == name for slot, _ in added) <= 12 for name in SLOTS)
    assert [fact.msg for fact in facts] == sorted(fact.msg for fact in facts)


@pytest.mark.parametrize("seed", [
    "I like a, ", "I love x and ", "i, ", "I like to read and ", "my name is ", "I'm a ", "'a ",
    '"', "‘", "`", "> ", "....a", " ", "\t", "and ", "please, ", "我喜欢", "我喜欢和", "嗯", "等",
    "、", "，我", "我对", "真的", "请", "的", "九", "A'", "<a:", "\x00", "-",
])  # fmt: skip
@pytest.mark.parametrize("frame", ["{}", "I like {}", "我喜欢{}", "我是{}医生", "I'm a {}?"])
@pytest.mark.timeout(30)  # Milliseconds suffice; a pattern that backtracks takes many minutes.
def test_long_repetitive_text_comes_to_an_end(seed: str, frame: str) -> None:
    text = frame.format((seed * 4000)[:4000])
    assert all(fact.msg == 1 for fact in learned(text))
