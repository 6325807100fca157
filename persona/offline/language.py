"""Which language a text is in, told by its script and its most common words."""

from __future__ import annotations

import re

from persona.offline.facts.finding import words

ENGLISH = "en"
CHINESE = "zh"
JAPANESE = "ja"
KOREAN = "ko"
FRENCH = "fr"
ITALIAN = "it"
INDONESIAN = "id"

_HAN = re.compile(r"[\u4e00-\u9fff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
# With its apostrophe: "j'" tells much, and the letter alone nothing.
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+['\u2019]?")

# German and Spanish are here to be told apart: no rule speaks them, so they count as English.
_COMMON = {
    FRENCH: words("""
        je j' tu vous nous est suis ai avez c' ce ça et le la les l' un une d' des du de qu'
        que qui pas ne mon ma mes ton votre sur dans avec pour au aux mais moi toi très aime
        adore bonjour salut merci oui comment quel quelle quels quelles ans appelle réponds
        répondez réponse réponses préfère parle travaille viens fais quoi aussi bien être
    """),
    ITALIAN: words("""
        io sono mi il lo gli di che non una un un' l' è e' ho hai sei per con della del dei
        delle nel nella mio mia miei mie tuo tua ti piace piacciono amo adoro anche come
        cosa ciao grazie sì molto ma più da al alla su questo sto faccio lavoro vivo vengo
        chiamo chiamami anni parlo la le rispondi rispondimi risposte preferisco bene dove
        chi quando perché quanto
    """),
    INDONESIAN: words("""
        saya aku anda kamu dan yang di ke dari itu ini tidak adalah suka untuk dengan ada
        apa juga punya akan bisa sudah dia mereka kami kita seorang sangat nama namaku
        berapa umur tahun hobi terima kasih halo hai ya tapi karena jawab jawaban tolong
        bagaimana siapa pada dalam lebih orang bekerja sebagai panggil mana kabar selalu
    """),
    ENGLISH: words("""
        i i' my me is are am the and you to of it do does have has for with in on not that
        this was what how like love can be he she they we your at as but so if or from by
        will would just about hello hi an please why who when where
    """),
    "de": words("""
        ich du er sie es der die das und ist nicht ein eine mein meine wie was zu mit wir
        ihr dir mir mich dich sich auf für bin bist den dem des im in auch gern heiße
    """),
    "es": words("""
        yo el los las un una que de la y es por con para mi me gusta soy como está qué se en
        su te tu no lo del al estoy tengo hola gracias muy pero más cómo eres
    """),
}  # fmt: skip
_READ = (FRENCH, ITALIAN, INDONESIAN)


def language_of(text: str) -> str:
    """Return the code of the language that `text` is mainly in; English when none stands out."""
    latin = [word.lower().replace("\u2019", "'") for word in _LATIN_WORD.findall(text)]
    han, kana, hangul = (len(script.findall(text)) for script in (_HAN, _KANA, _HANGUL))
    if max(han + kana, hangul) > len(latin):
        if hangul > han + kana:
            return KOREAN
        return JAPANESE if kana else CHINESE
    scores = {
        language: sum(word in common or word.removesuffix("'") in common for word in latin)
        for language, common in _COMMON.items()
    }
    best = max(scores, key=lambda language: scores[language])
    alone = list(scores.values()).count(scores[best]) == 1
    return best if alone and best in _READ else ENGLISH
