"""The replies in Italian."""

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
    footer="-# modello offline: regole, non un modello linguistico",
    own_name=re.compile(
        r"come mi chiamo|qual è il mio nome|chi sono io|(?:sai|ricordi"
        r"|conosci) il mio nome",
        re.IGNORECASE,
    ),
    about_me=re.compile(
        r"(?:che )?cosa sai (?:di|su) (?:di )?me|che sai di me|ti ricordi di me",
        re.IGNORECASE,
    ),
    own_interests=re.compile(
        r"cosa mi piace|quali sono i miei (?:hobby|interessi)|qual è il mio hobby",
        re.IGNORECASE,
    ),
    greeting=re.compile(
        r"\s*(?:ciao|salve|buongiorno|buonasera|ehi)\b",
        re.IGNORECASE,
    ),
    thanks=re.compile(
        r"\bgrazie\b",
        re.IGNORECASE,
    ),
    topics=re.compile(r"[^\W\d_]{4,}"),
    empty=re.compile(
        r"(?:come|perché|quando|dove|cosa|sono|siete|hanno|questa|questo|quale"
        r"|quali|bene|molto|anche|fare|faccio|tutto|tutti|sempre|posso|puoi|vorrei"
        r"|voglio|allora|quindi|scegliere|buon[oa]?|piccol[oa]|grande|della|delle|degli"
        r"|nella|alla|dalla|miei|tuoi)",
        re.IGNORECASE,
    ),
    hello="Ciao!",
    hello_name="Ciao {name}!",
    nice_to_meet="Piacere di conoscerti, {name}!",
    noted="Buono a sapersi!",
    invite="Di cosa vuoi parlare?",
    your_name="Ti chiami {name}.",
    name_unknown="Non so ancora come ti chiami. Puoi dirmelo.",
    you_like="Ti piace: {all}.",
    likes_unknown="Non so ancora che cosa ti piace. Puoi dirmelo.",
    enjoy_most="Ti piace: {all}. Che cosa ti piace di più?",
    known="Ecco che cosa so di te:",
    nothing_known="Non so ancora niente di te. Puoi raccontarmi qualcosa.",
    welcome="Prego! Se c'è altro, sono qui.",
    about="A proposito di «{topic}»:",
    it="questo",
    steps=(
        "comincia con un piccolo passo e guarda come va.",
        "Tieni ciò che funziona e cambia il resto.",
        "Chiedi anche a chi l'ha già fatto.",
    ),
    example="Ti piace «{interest}», per esempio: anche lì contano i piccoli passi.",
    ask="Se mi racconti qualcosa di più, sarò più preciso.",
    labels={
        NAME: "Nome",
        AGE: "Età",
        GENDER: "Genere",
        NATIONALITY: "Provenienza",
        LANGUAGES: "Lingue",
        CAREER: "Lavoro",
        INTERESTS: "Interessi",
        STYLES: "Stile delle risposte",
        FORMATS: "Forma delle risposte",
        WORKFLOWS: "Modo di lavorare",
    },
)
