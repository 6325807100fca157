"""The replies in Korean."""

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
    footer="-# 오프라인 모델: 언어 모델이 아닌 규칙입니다",
    own_name=re.compile(
        r"(?:내|제) 이름(?:이|은)? ?(?:뭐|무엇|알|기억)|(?:나는|난|내가|제가) 누구",
        re.IGNORECASE,
    ),
    about_me=re.compile(
        r"(?:나|저|나에|저에)(?:에)? ?(?:대해서?|관해서?) ?(?:뭘|무엇을|뭐|알|아는|기억)|"
        r"(?:나를|저를|날) (?:기억|알고)",
        re.IGNORECASE,
    ),
    own_interests=re.compile(
        r"(?:내|제)가 (?:뭘|무엇을|뭐를?) 좋아|(?:내|제) 취미(?:가|는) (?:뭐|무엇)",
        re.IGNORECASE,
    ),
    greeting=re.compile(
        r"\s*(?:안녕|반가워|반갑습니다)",
        re.IGNORECASE,
    ),
    thanks=re.compile(
        r"고마워|고맙|감사",
        re.IGNORECASE,
    ),
    topics=re.compile(
        r"[가-힣A-Za-z0-9]{2,}?(?=(?:을|를|이|가|은|는|에|에서|의|와|과|로|으로|도)?(?:[\s,.?!]"
        r"|$))",
        re.IGNORECASE,
    ),
    empty=re.compile(
        r"나|난|저|전|너|넌|당신|그것|그거|이것|우리|오늘|지금|정말|진짜|매우|아주|그리고"
        r"|하지만|그래서|어떻게|무엇|뭐|왜|언제|어디|누구"
        r"|무슨|어떤|있어|없어|좋아|좋아해|싶어|해야|할까|그래|네가|내가|\w*(?:요|다|까|니|야"
        r"|해|어|아|지|게|고)",
        re.IGNORECASE,
    ),
    hello="안녕하세요!",
    hello_name="안녕하세요, {name} 님!",
    nice_to_meet="만나서 반가워요, {name} 님!",
    noted="알겠어요!",
    invite="무슨 이야기를 할까요?",
    your_name="이름은 {name}입니다.",
    name_unknown="아직 이름을 몰라요. 알려 주세요.",
    you_like="좋아하는 것: {all}.",
    likes_unknown="무엇을 좋아하는지 아직 몰라요. 알려 주세요.",
    enjoy_most="좋아하는 것: {all}. 그중 무엇이 가장 즐거운가요?",
    known="제가 아는 내용이에요:",
    nothing_known="아직 아는 것이 없어요. 이야기해 주세요.",
    welcome="천만에요! 더 있으면 언제든지 말해 주세요.",
    about="“{topic}”에 대해서라면,",
    it="그것",
    steps=(
        "작은 걸음부터 시작해서 어떤지 보세요.",
        "잘되는 것은 두고 나머지는 바꿔 보세요.",
        "해 본 사람에게 물어보는 것도 좋아요.",
    ),
    example="예를 들어 좋아하는 “{interest}”도 작은 걸음이 쌓여서 되지요.",
    ask="조금 더 말해 주면 더 자세히 답할 수 있어요.",
    labels={
        NAME: "이름",
        AGE: "나이",
        GENDER: "성별",
        NATIONALITY: "출신",
        LANGUAGES: "언어",
        CAREER: "직업",
        INTERESTS: "관심사",
        STYLES: "답변 방식",
        FORMATS: "답변 형식",
        WORKFLOWS: "일하는 방식",
    },
)
