"""The replies in Indonesian."""

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
    footer="-# model luring: aturan, bukan model bahasa",
    own_name=re.compile(
        r"(?:siapa|apa) nama (?:saya|aku)|siapa (?:saya|aku)\b|(?:tahu|ingat"
        r"|kenal) nama (?:saya|aku|ku)",
        re.IGNORECASE,
    ),
    about_me=re.compile(
        r"apa yang (?:anda|kamu|kau) (?:ketahui|tahu|ingat) tentang (?:saya|aku)"
        r"|apa (?:anda|kamu) (?:tahu|ingat) (?:tentang )?(?:saya|aku)",
        re.IGNORECASE,
    ),
    own_interests=re.compile(
        r"apa (?:hobi|kesukaan|minat) (?:saya|aku)|apa yang (?:saya|aku) suka",
        re.IGNORECASE,
    ),
    greeting=re.compile(
        r"\s*(?:halo|hai|hei|apa kabar|selamat (?:pagi|siang|sore|malam))\b",
        re.IGNORECASE,
    ),
    thanks=re.compile(
        r"\b(?:terima kasih|makasih)\b",
        re.IGNORECASE,
    ),
    topics=re.compile(r"[^\W\d_]{4,}"),
    empty=re.compile(
        r"(?:bagaimana|mengapa|kenapa|kapan|siapa|apakah|dengan|untuk|yang|saya"
        r"|anda|kamu|mereka|tidak|sudah|akan|bisa|dapat|juga|sangat|lebih|dari|pada"
        r"|adalah|harus|ingin|karena|tapi|tetapi|tentang|memilih|baik|bagus"
        r"|seperti)",
        re.IGNORECASE,
    ),
    hello="Halo!",
    hello_name="Halo {name}!",
    nice_to_meet="Senang berkenalan, {name}!",
    noted="Baik, saya mengerti!",
    invite="Mau bicara tentang apa?",
    your_name="Nama Anda {name}.",
    name_unknown="Saya belum tahu nama Anda. Silakan beri tahu saya.",
    you_like="Anda suka: {all}.",
    likes_unknown="Saya belum tahu apa yang Anda suka. Silakan beri tahu saya.",
    enjoy_most="Anda suka: {all}. Apa yang paling Anda nikmati?",
    known="Inilah yang saya tahu tentang Anda:",
    nothing_known="Saya belum tahu apa-apa tentang Anda. Silakan bercerita.",
    welcome="Sama-sama! Kalau ada yang lain, saya di sini.",
    about="Tentang “{topic}”:",
    it="itu",
    steps=(
        "mulailah dengan satu langkah kecil dan lihat hasilnya.",
        "Pertahankan yang berhasil dan ubah sisanya.",
        "Tanyakan juga kepada orang yang pernah melakukannya.",
    ),
    example="Anda suka “{interest}”, misalnya: di sana pun langkah kecil berarti.",
    ask="Kalau Anda bercerita sedikit lagi, jawaban saya bisa lebih tepat.",
    labels={
        NAME: "Nama",
        AGE: "Umur",
        GENDER: "Jenis kelamin",
        NATIONALITY: "Asal",
        LANGUAGES: "Bahasa",
        CAREER: "Pekerjaan",
        INTERESTS: "Minat",
        STYLES: "Gaya jawaban",
        FORMATS: "Bentuk jawaban",
        WORKFLOWS: "Cara kerja",
    },
)
