"""The replies in French."""

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
    footer="-# modèle hors ligne : des règles, pas un modèle de langue",
    own_name=re.compile(
        r"comment (?:est-ce que )?je m['’]appelle|quel est mon (?:pré)?nom|qui suis-je"
        r"|tu (?:connais|sais|te souviens de) mon (?:pré)?nom",
        re.IGNORECASE,
    ),
    about_me=re.compile(
        r"que? sais-tu (?:de|sur) moi|qu['’]est-ce que tu sais (?:de|sur) moi"
        r"|tu sais quoi (?:de|sur) moi|te souviens-tu de moi",
        re.IGNORECASE,
    ),
    own_interests=re.compile(
        r"qu['’]est-ce que j['’]aime|quels? (?:sont|est) mes? (?:passions?|loisirs?"
        r"|hobbies)",
        re.IGNORECASE,
    ),
    greeting=re.compile(
        r"\s*(?:bonjour|bonsoir|salut|coucou|hello)\b",
        re.IGNORECASE,
    ),
    thanks=re.compile(
        r"\bmerci\b",
        re.IGNORECASE,
    ),
    topics=re.compile(r"[^\W\d_]{4,}"),
    empty=re.compile(
        r"(?:comment|pourquoi|quand|avec|pour|dans|vous|êtes|avez|cette"
        r"|quel(?:le)?s?|bien|très|mais|est-ce|faire|fait|fais|aussi|plus|toujours"
        r"|jamais|tout|toute|tous|suis|choisir|bonne?|petite?|grande?|peux|pouvez"
        r"|voudrais|veux|donc|alors|mon|mes)",
        re.IGNORECASE,
    ),
    hello="Bonjour !",
    hello_name="Bonjour {name} !",
    nice_to_meet="Ravi de te connaître, {name} !",
    noted="C'est noté !",
    invite="De quoi veux-tu parler ?",
    your_name="Tu t'appelles {name}.",
    name_unknown="Je ne connais pas encore ton nom. Tu peux me le dire.",
    you_like="Tu aimes : {all}.",
    likes_unknown="Je ne sais pas encore ce que tu aimes. Tu peux me le dire.",
    enjoy_most="Tu aimes : {all}. Qu'est-ce qui te plaît le plus là-dedans ?",
    known="Voici ce que je sais de toi :",
    nothing_known="Je ne sais encore rien de toi. Tu peux me parler de toi.",
    welcome="Avec plaisir ! S'il y a autre chose, je suis là.",
    about="À propos de « {topic} » :",
    it="cela",
    steps=(
        "commence par un petit pas et vois ce que cela donne.",
        "Garde ce qui marche et change le reste.",
        "Demande aussi à quelqu'un qui l'a déjà fait.",
    ),
    example="Tu aimes « {interest} », par exemple : là aussi, les petits pas comptent.",
    ask="Si tu m'en dis un peu plus, je serai plus précis.",
    labels={
        NAME: "Nom",
        AGE: "Âge",
        GENDER: "Genre",
        NATIONALITY: "Origine",
        LANGUAGES: "Langues",
        CAREER: "Métier",
        INTERESTS: "Centres d'intérêt",
        STYLES: "Style des réponses",
        FORMATS: "Forme des réponses",
        WORKFLOWS: "Façon de travailler",
    },
)
