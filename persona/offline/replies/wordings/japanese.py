"""The replies in Japanese."""

from __future__ import annotations

import re

from persona.offline.facts.finding import (
    AGE,
    CAREER,
    FORMATS,
    GENDER,
    INTERESTS,
    LANGUAGES,
    NAME,
    NATIONALITY,
    STYLES,
    WORKFLOWS,
)
from persona.offline.replies.wording import Wording

WORDING = Wording(
    footer="-# オフラインモデル：ルールによる返答で、言語モデルではありません",
    own_name=re.compile(
        r"(?:私|僕|俺)の名前(?:は何|を(?:知って|覚えて)|は？|わかり|は\?)|(?:私|僕|俺)は誰",
        re.IGNORECASE,
    ),
    about_me=re.compile(
        r"(?:私|僕|俺)(?:について|のこと)(?:を|で|は)?(?:何|どんな|知って|覚えて)",
        re.IGNORECASE,
    ),
    own_interests=re.compile(
        r"(?:私|僕|俺)(?:は何が好き|の趣味は(?:何|？|\?)|の好きなもの)",
        re.IGNORECASE,
    ),
    greeting=re.compile(
        r"\s*(?:こんにちは|こんばんは|おはよう|はじめまして|初めまして|やあ)",
        re.IGNORECASE,
    ),
    thanks=re.compile(
        r"ありがとう|感謝",
        re.IGNORECASE,
    ),
    topics=re.compile(
        r"[\u3400-\u9fff々ァ-ヶーA-Za-z0-9]+(?:の[\u3400-\u9fff々ァ-ヶーA-Za-z0-9]+)?",
        re.IGNORECASE,
    ),
    empty=re.compile(
        r"(?:私|僕|俺|貴方|何|今日|今|方|事|時|好|本当|最近)(?:の.{1,3})?|[a-z0-9]{1,2}",
        re.IGNORECASE,
    ),
    hello="こんにちは！",
    hello_name="こんにちは、{name}さん！",
    nice_to_meet="はじめまして、{name}さん！",
    noted="わかりました！",
    invite="何について話しましょうか。",
    your_name="お名前は{name}です。",
    name_unknown="お名前はまだ知りません。よければ教えてください。",
    you_like="お好きなものは{all}です。",
    likes_unknown="お好きなものはまだ知りません。よければ教えてください。",
    enjoy_most="{all}がお好きなのですね。いちばん楽しいのは何ですか。",
    known="あなたについて知っていることです：",
    nothing_known="あなたのことはまだ何も知りません。よければ教えてください。",
    welcome="どういたしまして！ほかにもあれば、いつでもどうぞ。",
    about="「{topic}」についてですね。",
    it="それ",
    steps=(
        "まず小さな一歩から始めて、様子を見ましょう。",
        "うまくいくことは続けて、ほかは変えてみましょう。",
        "経験のある人に聞くのもよいでしょう。",
    ),
    example="たとえばお好きな「{interest}」でも、小さな一歩が積み重なります。",
    ask="もう少し教えていただければ、より具体的にお答えできます。",
    labels={
        NAME: "名前",
        AGE: "年齢",
        GENDER: "性別",
        NATIONALITY: "出身",
        LANGUAGES: "言語",
        CAREER: "職業",
        INTERESTS: "興味",
        STYLES: "答え方",
        FORMATS: "答えの形式",
        WORKFLOWS: "進め方",
    },
    space="",
    comma="、",
)
