"""The released files are read as they are: what is broken in them is named and never fatal."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from persona.benchmark.imports.imported import Imported, ImportFailed
from persona.benchmark.imports.released import read_released

JsonObject = dict[str, Any]


class Trap:
    """Creates a file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.touch, (self.file,))


def scene(title: str = "买菜：阿青要买菜", **changes: object) -> JsonObject:
    return {
        "scene_type": title,
        "available_apis": {"webSearch": {"arguments": ["query"], "description": "上网查询"}},
        "scene_desc": "周末买菜",
        "expected_response": "给出清单",
        "scene_context": "两个人吃饭",
        "personalized_query": "我吃素，买什么菜？",
        "neutralized_query": "<neutralized_query>\n买什么菜？\n</neutralized_query>",
    } | changes


def persona(name: str, *scenes: object, **preference: object) -> JsonObject:
    return {
        "Demographics": {
            "Age": 41, "Gender": "女", "Nationality": "中国", "Language": ["中文", "英文"],
            "Career_Information": "花店店主", "Name": name,
        },
        "Personality": {
            "Extraversion_or_Introversion": "I", "Sensing_or_Intuition": "N",
            "Thinking_or_Feeling": "F", "Judging_or_Perceiving": "J",
            "Values_and_Interests": ["养花", "爬山", "养花"],
        },
        "Pattern": {
            "Behavior_Engagement_Pattern": "晚上聊天", "Usage_Pattern": "查资料",
            "Emotion_Pattern": "None", "Purchase_Pattern": "货比三家",
        },
        "Preference": {
            "Preferred_Styles": "喜欢简短的回答", "Preferred_Formats": None,
            "Preferred_Workflows": "先问再答",
        } | preference,
        "scenes": list(scenes),
    }  # fmt: skip


def write(folder: Path, name: str, record: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


def reasons(imported: Imported) -> list[tuple[str, str]]:
    assert {dropped.stage for dropped in imported.dropped} <= {"import"}
    return [(dropped.record_id, dropped.reason) for dropped in imported.dropped]


def test_a_persona_becomes_a_person_in_the_words_of_the_registry(tmp_path: Path) -> None:
    write(tmp_path, "阿青", persona("阿青", scene()))
    imported = read_released(tmp_path)
    (person,) = imported.people
    assert person.language == "zh"
    assert person.region == "中国"
    assert person.slots == {
        "demographics.name": "阿青",
        "demographics.age": "41",
        "demographics.gender": "女性",
        "demographics.nationality": "中国",
        "demographics.languages": ("中文", "英文"),
        "demographics.career": "花店店主",
        "personality.extraversion_introversion": "introversion",
        "personality.sensing_intuition": "intuition",
        "personality.thinking_feeling": "feeling",
        "personality.judging_perceiving": "judging",
        "personality.values_and_interests": ("养花", "爬山"),
        "pattern.engagement": "晚上聊天",
        "pattern.usage": "查资料",
        "pattern.purchase": "货比三家",
        "preference.styles": ("喜欢简短的回答",),
        "preference.workflows": ("先问再答",),
    }
    assert imported.dropped == ()


def test_a_scene_is_read_without_tags_and_without_the_name_in_its_title(tmp_path: Path) -> None:
    write(tmp_path, "阿青", persona("阿青", scene()))
    imported = read_released(tmp_path)
    (read,), (query,) = imported.scenes, imported.queries
    assert (read.title, read.description, read.context) == ("买菜", "周末买菜", "两个人吃饭")
    assert (read.session, read.kind, read.person_id) == (1, "common", imported.people[0].person_id)
    assert read.apis[0].model_dump() == {
        "name": "webSearch", "description": "上网查询", "arguments": {"query": "query"}
    }  # fmt: skip
    assert query.scene_id == read.scene_id
    assert (query.personalized, query.neutral) == ("我吃素，买什么菜？", "买什么菜？")


@pytest.mark.parametrize(
    "tagged",
    [
        "<neutralized_query>买什么菜？<neutralized_query>",
        "<neutralized>买什么菜？</neutralized>",
        "<Neutralised Query>\n买什么菜？",
        "买什么菜？",
    ],
)
def test_tags_of_a_neutral_query_are_stripped(tmp_path: Path, tagged: str) -> None:
    write(tmp_path, "阿青", persona("阿青", scene(neutralized_query=tagged)))
    assert read_released(tmp_path).queries[0].neutral == "买什么菜？"


def test_a_pickle_is_named_and_never_opened(tmp_path: Path) -> None:
    trap = tmp_path / "sprung"
    folder = tmp_path / "generated_data"
    write(folder, "阿青", persona("阿青", scene()))
    (folder / "丽丽.json").write_bytes(pickle.dumps(Trap(trap)))
    assert reasons(read_released(tmp_path)) == [("generated_data/丽丽.json", "pickle")]
    assert not trap.exists()


def test_both_halves_are_joined_by_name_common_scenes_first(tmp_path: Path) -> None:
    common, own = tmp_path / "data" / "generated_data", tmp_path / "data" / "persona_profile"
    write(own, "阿青", persona("阿青", scene("插花：花")))
    write(own, "阿山", persona("阿山", scene("登山：山")))
    write(common, "阿青", persona("阿青", scene("买菜：菜"), scene("旅行：走")))
    # The whole repository's other files are no personas.
    write(tmp_path / "data", "scene_settings", ["买菜"])
    imported = read_released(tmp_path)
    first, second = imported.people
    lives = {
        person.slots["demographics.name"]: [
            (scene.session, scene.title, scene.kind)
            for scene in imported.scenes
            if scene.person_id == person.person_id
        ]
        for person in (first, second)
    }
    assert lives == {
        "阿青": [(1, "买菜", "common"), (2, "旅行", "common"), (3, "插花", "own")],
        "阿山": [(1, "登山", "own")],
    }
    assert imported.dropped == ()


def test_what_cannot_be_used_is_dropped_with_its_reason(tmp_path: Path) -> None:
    scenes = [
        scene("scene name"),
        scene("场景名称：插花 阿青想插花"),
        scene(neutralized_query="<neutralized_query></neutralized_query>"),
        scene(personalized_query="菜" * 4001),
        "not a scene",
        scene(scene_context=None, available_apis=None),
        scene(available_apis={"web search": {"arguments": [], "description": "查"}}),
    ]
    write(tmp_path, "a", persona("阿青", *scenes, Preferred_Styles="短" * 401))
    write(tmp_path, "b", persona("阿山"))
    write(tmp_path, "c", ["no persona"])
    (tmp_path / "d.json").write_text('{"Demographics": ', encoding="utf-8")
    (tmp_path / "e.json").write_bytes(b"\xff\xfe\x00")
    write(tmp_path, "f", None)
    imported = read_released(tmp_path)
    folder = tmp_path.name
    assert reasons(imported) == [
        (f"{folder}/a.json/preference.styles", "value_too_long"),
        (f"{folder}/c.json", "not_a_persona"),
        (f"{folder}/d.json", "unreadable"),
        (f"{folder}/e.json", "unreadable"),
        (f"{folder}/f.json", "unreadable"),
        (f"{folder}/a.json#1", "placeholder"),
        (f"{folder}/a.json#3", "invalid"),
        (f"{folder}/a.json#4", "too_long"),
        (f"{folder}/a.json#5", "invalid"),
        (f"{folder}/a.json#7/web search", "invalid"),
        ("阿山", "no_scenes"),
    ]
    # A context that is missing is the title's; sessions are counted without the dropped ones.
    assert [(scene.session, scene.title, scene.context) for scene in imported.scenes] == [
        (1, "插花", "两个人吃饭"),
        (2, "买菜", "买菜"),
        (3, "买菜", "两个人吃饭"),
    ]
    assert "preference.styles" not in imported.people[0].slots


def test_a_life_ends_with_the_32nd_session(tmp_path: Path) -> None:
    write(tmp_path, "阿青", persona("阿青", *[scene(f"{n}：菜") for n in range(1, 36)]))
    imported = read_released(tmp_path)
    assert [scene.title for scene in imported.scenes] == [str(n) for n in range(1, 33)]
    assert reasons(imported) == [
        (f"{tmp_path.name}/阿青.json#{n}", "after_last_session") for n in (33, 34, 35)
    ]


def test_broken_names_are_dropped_too(tmp_path: Path) -> None:
    api = {"\ud800": {"arguments": ["query"], "description": "查"}}
    record = json.dumps(persona("阿青", scene(available_apis=api)))
    (tmp_path / "a.json").write_text(record, encoding="utf-8")
    imported = read_released(tmp_path)
    assert reasons(imported) == [(f"{tmp_path.name}/a.json#1/", "invalid")]
    assert imported.scenes[0].apis == ()


def test_letters_that_are_no_type_are_dropped(tmp_path: Path) -> None:
    record = persona("阿青", scene(), Preferred_Format="表格")
    record["Personality"]["Sensing_or_Intuition"] = "X"
    del record["Preference"]["Preferred_Formats"]
    write(tmp_path, "阿青", record)
    imported = read_released(tmp_path)
    assert "personality.sensing_intuition" not in imported.people[0].slots
    assert imported.people[0].slots["preference.formats"] == ("表格",)
    assert [reason for _, reason in reasons(imported)] == ["unknown_choice"]


def test_nothing_usable_is_an_error_that_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match=r"There is no file or folder .*nowhere to import\."):
        read_released(tmp_path / "nowhere")
    with pytest.raises(ImportFailed, match=r"Nothing can be imported from .* generated_data or"):
        read_released(tmp_path)
    (tmp_path / "a.json").write_bytes(b"\x80\x04]")
    with pytest.raises(ImportFailed, match=r"Dropped: pickle 1\.$"):
        read_released(tmp_path)
