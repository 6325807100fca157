"""What people come with on the scripted track: topics, and what a good reply needs to know.

The paper has common scenes, which anybody may be in, and own scenes, which grow out of a person:
two each from career, personality, values, behaviour and preferences (section 4.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NAME = "demographics.name"
AGE = "demographics.age"
NATIONALITY = "demographics.nationality"
LANGUAGES = "demographics.languages"
CAREER = "demographics.career"
INTERESTS = "personality.values_and_interests"
EXTRAVERSION = "personality.extraversion_introversion"
SENSING = "personality.sensing_intuition"
THINKING = "personality.thinking_feeling"
JUDGING = "personality.judging_perceiving"
ENGAGEMENT = "pattern.engagement"
USAGE = "pattern.usage"
EMOTION = "pattern.emotion"
PURCHASE = "pattern.purchase"
STYLES = "preference.styles"
FORMATS = "preference.formats"
WORKFLOWS = "preference.workflows"


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of question: the `needs` of a good reply, and the functions it calls."""

    topic_id: str
    kind: Literal["common", "own"]
    title: str
    needs: tuple[str, ...]
    apis: tuple[str, ...] = ()


TOPICS: tuple[Topic, ...] = (
    Topic("meal", "common", "Planning a meal", (INTERESTS, STYLES)),
    Topic("trip", "common", "Planning a trip", (NATIONALITY, INTERESTS), ("webSearch",)),
    Topic("gift", "common", "Finding a present", (PURCHASE, STYLES), ("webSearch",)),
    Topic("budget", "common", "Keeping a budget", (PURCHASE, FORMATS)),
    Topic("music", "common", "Choosing music", (INTERESTS,), ("playMusic",)),
    Topic("fitness", "common", "Getting fitter", (AGE, STYLES)),
    Topic("sleep", "common", "Sleeping better", (AGE, EMOTION)),
    Topic("weekend", "common", "Planning a weekend", (INTERESTS, EXTRAVERSION), ("weather",)),
    Topic("book", "common", "Choosing a book", (LANGUAGES, INTERESTS)),
    Topic("film", "common", "Choosing a film", (LANGUAGES, STYLES)),
    Topic("message", "common", "Writing a message to a friend", (NAME, STYLES)),
    Topic("move", "common", "Moving house", (NATIONALITY, WORKFLOWS), ("calendar",)),
    Topic("party", "common", "Giving a party", (EXTRAVERSION, FORMATS), ("calendar",)),
    Topic("phone", "common", "Buying a phone", (PURCHASE, USAGE), ("webSearch",)),
    Topic("tidy", "common", "Tidying up", (JUDGING, FORMATS)),
    Topic("language", "common", "Learning a language", (LANGUAGES, WORKFLOWS)),
    Topic("work_day", "own", "A day at work", (CAREER, WORKFLOWS), ("calendar",)),
    Topic("work_talk", "own", "A talk with the boss", (CAREER, THINKING)),
    Topic("work_change", "own", "A change at work", (CAREER, EMOTION)),
    Topic("work_learn", "own", "Learning for work", (CAREER, FORMATS), ("webSearch",)),
    Topic("decide", "own", "A hard decision", (THINKING, STYLES)),
    Topic("idea", "own", "An idea to work out", (SENSING, WORKFLOWS)),
    Topic("people", "own", "Meeting new people", (EXTRAVERSION, ENGAGEMENT)),
    Topic("plan", "own", "Planning the week", (JUDGING, FORMATS), ("calendar",)),
    Topic("hobby_next", "own", "The next step in a hobby", (INTERESTS, WORKFLOWS)),
    Topic("hobby_share", "own", "Sharing a hobby", (INTERESTS, ENGAGEMENT)),
    Topic("habit", "own", "Keeping up a habit", (USAGE, EMOTION)),
    Topic("evening", "own", "An evening to unwind", (EMOTION, INTERESTS), ("playMusic",)),
    Topic("explain", "own", "An explanation", (STYLES, FORMATS, WORKFLOWS)),
    Topic("summary", "own", "A summary", (STYLES, FORMATS), ("webSearch",)),
    Topic("introduce", "own", "An introduction of oneself", (NAME, CAREER, NATIONALITY)),
    Topic("abroad", "own", "Living abroad", (NATIONALITY, LANGUAGES, CAREER)),
)  # fmt: skip

APIS: dict[str, tuple[str, dict[str, str]]] = {
    "webSearch": ("Searches the web.", {"query": "what to look for"}),
    "calendar": ("Tells what is in the calendar.", {"day": "the day, such as tomorrow"}),
    "weather": ("Tells the weather.", {"day": "the day, such as tomorrow"}),
    "playMusic": ("Plays music.", {"kind": "the kind of music"}),
}
