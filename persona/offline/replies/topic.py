"""What a message is about, in a few of its own words."""

from __future__ import annotations

import re

from persona.offline.facts.finding import words

_LONGEST_ENGLISH = 48
_WORDS = 6
_LONGEST_CHINESE = 16

_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
_WORD = re.compile(r"[^\W_](?:[\w'’+#-]*[\w+#])?")
_LINKS = words("of for in and the a an with to on at by from my")
_EMPTY = words("""
    i i'm i've i'd i'll im me mine you your yours he she it its we us our they them their this
    that these those there here is are am was were be been being do does did doing done have has
    had can could will would shall should may might must what which who whom whose when where why
    how whether if so but or not no yes yeah please thanks thank hi hello hey ok okay well just
    also too very really quite some any something anything everything nothing more most much many
    like love enjoy want wants wanted need needs know knows tell give show help explain recommend
    suggest think thought say said let get got make go going feel feeling about as than then now
    today maybe good great nice best better lot lots kind sort way thing things name called
    because since while after before until again ever never always lately recently believe hope
    try trying don't can't it's that's what's isn't doesn't didn't won't wouldn't u ur ai bot
    lol haha
    choose pick buy use store idea ideas question actually find looking look talk chat discuss
""")
_FILLER = re.compile(
    r"你好|您好|大家好|请问|请教|请|麻烦|你觉得|你认为|你知道|能不能|可不可以|可以|能够|能|有没有"
    r"|有什么|有哪些|是什么|什么样的|什么|怎么办|怎么样|怎么|怎样|如何|为什么|哪里|哪些|哪个"
    r"|推荐给我|推荐|给我|帮我|告诉我|介绍|建议|一下|一些|我想要|我想|我要|想要|我们|我|你们"
    r"|你|您|不知道|应该|觉得|喜欢|其他的|其他|还有|有|吗|呢|吧|啊|呀|哦|了|是|该|很好的|好的|一个"
    r"|这个|那个|今天|最近|谢谢|和$|的$|^的|^，|^,"
    r"|^(?:[也还都就又再更很]|非常|特别|真的|比较)+"
)
_HAN_RUN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9+#]+")


def english_topic(message: str) -> str:
    """Return the words of `message` that say what it is about; empty when none does."""
    best: list[str] = []
    for sentence in _by_weight(message):
        # Of two that say as much, the later one is what is done something with.
        best = max(reversed(_runs(sentence)), key=len, default=[])
        if best:
            break
    said = ("your" if word.lower() == "my" else word for word in best)
    return " ".join(said)[:_LONGEST_ENGLISH].strip()


def _by_weight(message: str) -> list[str]:
    """The sentences of a message, questions first: the last question is what a reply is due to."""
    found = [match[0] for match in _SENTENCE.finditer(message)]
    questions = [sentence for sentence in found if sentence.rstrip().endswith(("?", "？"))]
    return [*reversed(questions), *found]


def _runs(sentence: str) -> list[list[str]]:
    runs: list[list[str]] = [[]]
    for word in _WORD.findall(sentence):
        lower = word.lower().replace("’", "'")
        if lower in _EMPTY or (lower in _LINKS and not runs[-1]) or len(runs[-1]) >= _WORDS:
            runs.append([])
        if lower not in _EMPTY and (lower not in _LINKS or runs[-1]):
            runs[-1].append(word)
    for run in runs:
        while run and run[-1].lower() in _LINKS:
            run.pop()
    return [run for run in runs if run]


def chinese_topic(message: str) -> str:
    """Return the words of a Chinese `message` that say what it is about; empty when none does."""
    for sentence in _by_weight(message):
        # Twice, because what stood in the middle may now stand at the beginning.
        clauses = [
            _FILLER.sub("", _FILLER.sub("", part)) for part in re.split(r"[，,、；;：:]", sentence)
        ]
        runs: list[str] = [run for clause in clauses for run in _HAN_RUN.findall(clause)]
        if runs:
            return max(reversed(runs), key=lambda run: min(len(run), 6))[:_LONGEST_CHINESE]
    return ""
