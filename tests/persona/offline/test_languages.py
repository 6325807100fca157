"""What the offline model reads in French, Italian, Indonesian, Japanese and Korean."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.offline.facts.extract import Known, Said, extract
from persona.offline.facts.grammars import GRAMMARS
from persona.offline.language import language_of
from persona.offline.replies.answer import answer
from persona.offline.replies.wordings import WORDINGS
from tests.persona.offline.test_extract import INTERESTS, SHORT, liked, values

STATED: list[tuple[str, list[tuple[str, str]]]] = [
    # French.
    ("Je m'appelle Zoé et j'ai 28 ans.", [("name", "Zoé"), ("age", "28")]),
    ("Salut, moi c'est la fête. Mon prénom est Jean-Luc.", [("name", "Jean-Luc")]),
    ("Appelle-moi Didou !", [("name", "Didou")]),
    ("Je suis infirmière de nuit dans un hôpital.", [("career", "infirmière de nuit")]),
    ("Je travaille comme plombier.", [("career", "plombier")]),
    ("Je suis étudiant en droit, et toi ?", [("career", "étudiant en droit")]),
    ("Je suis canadienne.", [("from", "canadienne")]),
    ("Je viens du Sénégal.", [("from", "Sénégal")]),
    ("Je suis une femme.", [("gender", "femme")]),
    ("Je parle français, breton et anglais.",
     [("speaks", "français"), ("speaks", "breton"), ("speaks", "anglais")]),
    ("J'aime la randonnée, les chats et le thé vert.",
     liked("randonnée", "chats", "thé vert")),
    ("J’adore lire et jouer aux échecs.", liked("lire", "jouer aux échecs")),
    ("J'aime le café et je travaille tard.", liked("café")),
    ("J'aime le thé, super journée.", liked("thé")),
    ("Ma couleur préférée est le bleu.", liked("bleu")),
    ("Le tricot est ma passion.", liked("tricot")),
    ("Je suis fan des morts-vivants.", liked("morts-vivants")),
    ("Je préfère des réponses courtes.", [("style", "réponses courtes")]),
    ("Réponds toujours avec des listes à puces.", [("format", "listes à puces")]),
    # Italian.
    ("Mi chiamo Ginevra e ho 31 anni.", [("name", "Ginevra"), ("age", "31")]),
    ("Chiamami Pippo!", [("name", "Pippo")]),
    ("Sono un'infermiera.", [("career", "infermiera")]),
    ("Lavoro come custode in una scuola.", [("career", "custode")]),
    ("Vengo dalla Tunisia.", [("from", "Tunisia")]),
    ("Sono portoghese.", [("from", "portoghese")]),
    ("Parlo italiano e sardo.", [("speaks", "italiano"), ("speaks", "sardo")]),
    ("Mi piacciono i gatti, le mappe e il vino.", liked("gatti", "mappe", "vino")),
    ("Adoro leggere e andare a cavallo.", liked("leggere", "andare a cavallo")),
    ("Mi piace il tè e lavoro in banca.", liked("tè")),
    ("Il mio cibo preferito è la papaia.", liked("papaia")),
    ("Sono un grande fan del jazz.", liked("jazz")),
    ("Preferisco risposte brevi.", [("style", "risposte brevi")]),
    ("D'ora in poi rispondi con elenchi puntati.", [("format", "elenchi puntati")]),
    # Indonesian.
    ("Nama saya Sekar dan umur saya 27 tahun.", [("name", "Sekar"), ("age", "27")]),
    ("Panggil saya Budi saja.", [("name", "Budi")]),
    ("Saya seorang guru piano.", [("career", "guru piano")]),
    ("Aku bekerja sebagai perawat di Solo.", [("career", "perawat")]),
    ("Saya berasal dari Malaysia.", [("from", "Malaysia")]),
    ("Saya bisa berbahasa Inggris, Jawa dan Arab.",
     [("speaks", "Inggris"), ("speaks", "Jawa"), ("speaks", "Arab")]),
    ("Saya suka kopi, teh dan buku tua.", liked("kopi", "teh", "buku tua")),
    ("Aku suka membaca dan berenang.", liked("membaca", "berenang")),
    ("Saya suka membaca dan bekerja di bank.", liked("membaca")),
    ("Hobi saya adalah memancing.", liked("memancing")),
    ("Warna favorit saya adalah biru.", liked("biru")),
    ("Saya lebih suka jawaban yang singkat.", [("style", "jawaban yang singkat")]),
    ("Mulai sekarang jawab dengan poin-poin.", [("format", "poin-poin")]),
    # Japanese.
    ("私の名前はケイティです。", [("name", "ケイティ")]),
    ("私は28歳です。", [("age", "28")]),
    ("私は小学校の先生です。", [("career", "小学校の先生")]),
    ("私は看護師として働いています。", [("career", "看護師")]),
    ("私は日本人です。", [("from", "日本人")]),
    ("私はソマリア出身です。", [("from", "ソマリア")]),
    ("私は日本語と中国語を話します。", [("speaks", "日本語と中国語")]),
    ("私は犬が大好きです。", liked("犬")),
    ("公園に行くのが好きです。あなたは？", liked("公園に行く")),
    ("私は読書、写真や将棋が好きです。", liked("読書", "写真", "将棋")),
    ("私は野球やサッカーを見るのが好きです。", liked("野球やサッカーを見る")),
    ("私は料理、特にパエリアを楽しみ、旅行が好きです。", []),
    ("私は車を運転するのが好きです。", liked("車を運転する")),
    ("私は自分の仕事が大好きです。", liked("自分の仕事")),
    ("私の好きな色は灰色です。", liked("灰色")),
    ("私の趣味は釣りです。", liked("釣り")),
    ("短い回答が好きです。", [("style", "短い回答")]),
    ("これからは箇条書きで答えてください。", [("format", "箇条書き")]),
    # Korean.
    ("내 이름은 켈리야.", [("name", "켈리")]),
    ("나는 28살이야.", [("age", "28")]),
    ("나는 간호사야.", [("career", "간호사")]),
    ("저는 요리사로 일해요.", [("career", "요리사")]),
    ("나는 한국 사람이야.", [("from", "한국 사람")]),
    ("난 미국에서 왔어.", [("from", "미국")]),
    ("나는 영화를 좋아해.", liked("영화")),
    ("저는 책 읽는 것을 정말 좋아해요.", liked("책 읽는 것")),
    ("내가 가장 좋아하는 동물은 고양이야.", liked("고양이")),
    ("내가 가장 좋아하는 색깔은 빨간색이야.", liked("빨간색")),
    ("내 취미는 낚시야.", liked("낚시")),
    ("나는 짧은 답변을 좋아해요.", [("style", "짧은 답변")]),
    ("앞으로 간단하게 답해 주세요.", [("style", "간단하게")]),
]  # fmt: skip

UNSTATED = [
    # Questions.
    "Aimes-tu les chats ?",
    "J'aime les chats ?",
    "Ti piacciono i gatti?",
    "Apakah saya suka kopi?",
    "私は犬が好きですか？",
    "나는 영화를 좋아해?",
    # Denied.
    "Je n'aime pas le café.",
    "Je ne suis pas infirmière.",
    "Non mi piace il calcio.",
    "Non sono un medico.",
    "Saya tidak suka kopi.",
    "Saya bukan guru.",
    "私は犬が好きではありません。",
    "私は教師ではありません。",
    "나는 커피를 좋아하지 않아.",
    "나는 의사가 아니야.",
    # Others.
    "Ma sœur aime les chats.",
    "Il aime le football.",
    "Mia sorella ama i gatti.",
    "Lui è un medico.",
    "Kakak saya suka kopi.",
    "Dia seorang guru.",
    "私の母は犬が好きです。",
    "彼は教師です。",
    "우리 아빠는 커피를 좋아해.",
    "그는 의사야.",
    "나는 너를 좋아해.",
    "Je t'aime.",
    "Ti amo.",
    "Saya suka itu.",
    "私はあなたが好きです。",
    # Conditions, wishes, other times.
    "Si j'aime le film, je te le dirai.",
    "J'aimerais la mer.",
    "J'aimais le football quand j'étais petit.",
    "Quand il pleut j'aime le thé.",
    "J'étais infirmière.",
    "Je suis une ancienne infirmière.",
    "Se fossi un medico, sarei felice.",
    "Mi piacerebbe il mare.",
    "Mi piaceva il calcio.",
    "Sono un ex medico.",
    "Kalau saya suka kopi, saya minum.",
    "Dulu saya suka kopi.",
    "Saya mantan guru.",
    "Saya akan menjadi seorang dokter.",
    "昔は犬が好きでした。",
    "もし私が教師なら、楽しいです。",
    "私は元教師です。",
    "나는 예전에 축구를 좋아했어.",
    "만약 나는 의사라면 좋겠어.",
    "나는 은퇴한 의사야.",
    # Not the person's words, or a text to work on.
    "Il m'a dit : « J'aime les chats ».",
    "Mi ha detto: «Mi piacciono i gatti».",
    'Dia bilang "saya suka kopi".',
    "彼は「私は犬が好きです」と言いました。",
    '그는 "나는 커피를 좋아해"라고 말했어.',
    "Traduis en anglais : j'aime les chats.",
    "Traduci: mi piacciono i gatti.",
    "Terjemahkan: saya suka kopi.",
    "翻訳してください。私は犬が好きです。",
    "번역해 줘. 나는 커피를 좋아해.",
    # Wishes for this once.
    "Réponds brièvement pour cette fois.",
    "Solo per stavolta rispondi in breve.",
    "Kali ini saja jawab dengan singkat.",
    "今回だけ短く答えてください。",
    "이번에만 짧게 답해 줘.",
    # What names nothing.
    "J'aime ça.",
    "J'aime l'idée.",
    "Mi piace molto!",
    "Saya suka.",
    "それが好きです。",
    "나는 그것을 좋아해.",
    "J'ai 400 ans.",
    "Ho 2 anni.",
]


@pytest.mark.parametrize(("text", "expected"), STATED)
def test_takes_what_is_stated(text: str, expected: list[tuple[str, str]]) -> None:
    assert values(text) == [(SHORT[name], value) for name, value in expected]


@pytest.mark.parametrize("text", UNSTATED)
def test_leaves_alone_what_is_not_stated(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Je n'aime plus le football.", "football"),
        ("Non mi piace più il calcio.", "calcio"),
        ("Saya tidak suka kopi lagi.", "kopi"),
        ("私はもう犬が好きではありません。", "犬"),
        ("나는 더 이상 커피를 좋아하지 않아.", "커피"),
    ],
)
def test_what_is_no_longer_liked_is_taken_back(text: str, value: str) -> None:
    (fact,) = extract([Said(1, text)], [Known(1, INTERESTS, value)])
    assert (fact.op, fact.item) == ("remove_item", 1)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("C", "en"),
        ("", "en"),
        ("I like it", "en"),
        ("J’ai faim", "fr"),
        ("Mi chiamo Anna", "it"),
        ("Apa kabar?", "id"),
        ("犬が好き", "ja"),
        ("我喜欢茶", "zh"),
        ("안녕", "ko"),
        ("Wie heißt du?", "en"),
        ("¿Cómo te llamas?", "en"),
        ("Use kubectl with 안녕 as a label", "en"),
    ],
)
def test_tells_the_language(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Comment je m'appelle ?", "Tu t'appelles Noor."),
        ("Come mi chiamo?", "Ti chiami Noor."),
        ("Siapa nama saya?", "Nama Anda Noor."),
        ("私の名前は何ですか？", "お名前はNoorです。"),
        ("내 이름이 뭐야?", "이름은 Noor입니다."),
        ("Qu'est-ce que tu sais de moi ?", "Noor"),
        ("Cosa sai di me?", "Noor"),
        ("Apa yang kamu tahu tentang saya?", "Noor"),
        ("私について何を知っていますか？", "Noor"),
        ("나에 대해 뭘 알아?", "Noor"),
        ("J'aime les chats.", "chats"),
        ("Mi piacciono i gatti.", "gatti"),
        ("Saya suka kopi.", "kopi"),
        ("私は犬が好きです。", "犬"),
        ("나는 커피를 좋아해.", "커피"),
    ],
)
def test_answers_in_the_language_of_the_message(message: str, said: str) -> None:
    text = answer({SHORT["name"]: ["Noor"]}, [("user", message)])
    assert said in text
    assert text.endswith(WORDINGS[language_of(message)].footer)


@pytest.mark.parametrize(
    ("wish", "question"),
    [
        ("réponses courtes", "Comment choisir un vélo pour la ville ?"),
        ("risposte brevi", "Come scelgo una bicicletta per la città?"),
        ("jawaban yang singkat", "Bagaimana cara memilih sepeda yang baik?"),
        ("短い回答", "自転車の選び方を教えてください"),
        ("짧은 답변", "자전거를 어떻게 고를까?"),
    ],
)
def test_answers_as_shortly_as_the_persona_says(wish: str, question: str) -> None:
    long, short = (
        answer(persona, [("user", question)]) for persona in ({}, {SHORT["style"]: [wish]})
    )
    assert len(short) < 0.8 * len(long)


BEGINNINGS = (
    "j'aime ", "je suis ", "je parle français, ", "mi piace ", "sono ", "saya suka ",
    "saya seorang guru ", "私は", "私の好きな色は", "나는 ", "내가 가장 좋아하는 ",
    "et ", "e ", "はい、",
)  # fmt: skip
PIECES = (
    "le chat, ",
    "et ",
    "dan ",
    "e i gatti ",
    "、犬",
    "や",
    "を",
    "고양이 ",
    "is ",
    "a",
    " ",
    "'",
)


@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize("piece", PIECES)
def test_no_text_takes_long_to_read(beginning: str, piece: str) -> None:
    text = (beginning + piece * 2000)[:4000]
    before = time.process_time()
    extract([Said(1, text)], [])
    assert time.process_time() - before < 0.5


@given(
    st.lists(st.sampled_from([*BEGINNINGS, *PIECES, "です。", "好き", "좋아해", ". "]), max_size=30)
)
def test_values_are_verbatim(parts: list[str]) -> None:
    text = "".join(parts)
    for fact in extract([Said(1, text)], []):
        assert language_of(text) not in GRAMMARS or (fact.value or "") in text
        assert fact.quote in text
