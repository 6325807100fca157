"""Indonesian."""

from __future__ import annotations

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
)
from persona.offline.facts.grammar import Grammar, Items, Rule, pattern

_LEAD = (
    r"(?:(?:dan|tapi|tetapi|jadi|karena|ya|iya|tidak|nggak|ok|oke|ah|oh|wah|wow|hai|halo|hei|hey"
    r"|keren|bagus|terima kasih|makasih|tentu|tentu saja|sebenarnya|benar|kalau saya|well|selamat"
    r" (?:pagi|siang|sore|malam)|perkenalkan|omong-omong|salam kenal|haha)\s+){0,3}+"
)
_I = r"(?:saya|aku|gue)"
_ALSO = (
    r"(?:(?:juga|sangat|memang|sekarang|saat ini|benar-benar|selalu|paling|sungguh|amat)\s+){0,2}+"
)
_AM = rf"{_LEAD}{_I}\s+{_ALSO}(?:adalah\s+)?"
_NAME = r"(?P<value>[^\W\d_]+(?:[ \x27\u2019-][^\W\d_]+){0,2}+)"
_NO_NAME = r"(?!(?:saya|aku|apa|siapa|kapan|kembali|nanti|jika|anda|kamu|seperti|dengan|itu)\b)"

_COUNTRIES = (
    r"Indonesia|Malaysia|Singapura|Brunei|Filipina|Thailand|Vietnam|Kamboja|Myanmar|Laos"
    r"|Timor Leste|Tiongkok|Cina|China|Taiwan|Jepang|Korea Selatan|Korea|India|Pakistan|Bangladesh"
    r"|Sri Lanka|Nepal|Arab Saudi|Mesir|Turki|Iran|Irak|Israel|Rusia|Ukraina|Polandia|Jerman"
    r"|Austria|Swiss|Prancis|Perancis|Belgia|Belanda|Italia|Spanyol|Portugal|Yunani|Inggris"
    r"|Irlandia|Skotlandia|Swedia|Norwegia|Denmark|Finlandia|Kanada|Amerika Serikat|Amerika"
    r"|Meksiko|Brasil|Argentina|Chili|Kolombia|Peru|Kuba|Australia|Selandia Baru|Afrika Selatan"
    r"|Nigeria|Kenya|Somalia|Maroko"
)
_LANGUAGES = (
    r"Indonesia|Melayu|Jawa|Sunda|Bali|Batak|Minang|Inggris|Mandarin|Tionghoa|Cina|Kanton|Jepang"
    r"|Korea|Arab|Prancis|Perancis|Jerman|Belanda|Spanyol|Portugis|Italia|Rusia|Hindi|Thailand"
    r"|Thai|Vietnam|Turki|isyarat"
)
_PROFESSIONS = (
    r"perawat|suster|dokter(?: gigi| hewan)?|bidan|apoteker|psikolog|guru|dosen|pengajar|profesor"
    r"|mahasiswa|mahasiswi|pelajar|siswa|siswi|murid|peneliti|ilmuwan|insinyur|teknisi"
    r"|programmer|pengembang|arsitek|desainer|fotografer|jurnalis|wartawan|penulis|penyair"
    r"|penerjemah|pustakawan|pengacara|notaris|hakim|akuntan|bankir|ekonom|konsultan|sekretaris"
    r"|asisten|pegawai|karyawan|pns|polisi|pemadam kebakaran|tentara|pilot|pramugari|sopir|supir"
    r"|pengemudi|mekanik|montir|tukang [a-z]+|pelukis|petani|peternak|nelayan|tukang kebun"
    r"|koki|juru masak|pelayan|barista|kasir|penjual|pedagang|pengusaha|wiraswasta|penata rambut"
    r"|penjahit|aktor|aktris|musisi|penyanyi|penari|pianis|gitaris|seniman|pematung|sutradara"
    r"|pelatih|atlet|pemain [a-z]+(?: [a-z]+)?|pesenam|pegulat|agen [a-z]+|penjaga|satpam"
    r"|pengasuh|ibu rumah tangga|manajer|direktur|pemandu wisata|buruh|pekerja [a-z]+|binaragawan"
    r"|freelancer|pekerja lepas|editor|analis|instruktur|terapis|model|youtuber"
)
_OF = (
    r"(?:\s(?!dan\b|di\b|yang\b|tapi\b|untuk\b|pada\b|sejak\b|dari\b|juga\b|anda\b|saya\b"
    r"|sehingga\b|supaya\b|meskipun\b|selama\b|karena\b)[\w-]+){0,3}"
)
_REST = r"(?:\s(?:di|dan|untuk|pada|sejak|dari|juga|yang|sehingga|meskipun|selama)\b.{0,80})?"

_MANNER = r"(?:singkat|pendek|ringkas|sederhana|detail|rinci|panjang|formal|santai|padat|jelas)"
_FORM = (
    r"(?:poin-poin|poin|butir-butir|daftar|daftar bernomor|daftar berpoin|bullet points?|tabel"
    r"|langkah demi langkah|langkah-langkah|contoh|contoh kode)"
)
_ANSWER = (
    rf"{_LEAD}(?:(?:tolong|mohon|mulai sekarang|ke depannya|lain kali|harap|selalu"
    rf"|bisakah)\s+){{0,3}}+"
    r"(?:jawab|jawablah|balas|balaslah|menjawab)\s+(?:(?:selalu|saya|aku|pertanyaan saya)\s+){0,2}+"
)
_WANT = rf"{_LEAD}{_I}\s+{_ALSO}(?:lebih\s+suka|suka|ingin|mau|menyukai)\s+"
_LIKE = (
    rf"{_I}\s+{_ALSO}(?:suka|menyukai|senang|gemar|menikmati|mencintai|hobi)\s+(?:(?:sekali"
    rf"|juga|semua|dengan)\s+)?"
)
_FAN = (
    rf"{_I}\s+{_ALSO}(?:adalah\s+)?(?:seorang\s+)?(?:penggemar|pecinta|pencinta)\s+"
    rf"(?:berat\s+|besar\s+)?"
)
_FAVOURITE = (
    r"(?:[\w-]+\s+){1,3}?(?:favorit|kesukaan)\s*(?:saya|aku|ku)\s+(?:adalah\s+|yaitu\s+|ialah\s+)"
)
_HOBBY = r"(?:hobi|minat|hobby)\s*(?:saya|aku|ku)\s+(?:adalah\s+|yaitu\s+|ialah\s+)?"
_NOT_LIKE = (
    rf"{_I}\s+(?:sudah\s+)?(?:tidak|nggak|gak|ga)\s+(?:lagi\s+|terlalu\s+|begitu\s+)?"
    rf"(?:suka|menyukai)\s+(?:lagi\s+)?"
)

GRAMMAR = Grammar(
    comma=pattern(
        r"\s*[,:()]\s*|\s+-+\s+|\s+(?:dan|tapi|tetapi|namun|jadi|lalu)\s+(?=(?:saya|aku|gue"
        r"|anda|kamu|dia"
        r"|mereka|kami|kita|nama|namaku|umur|hobi|ini|itu|suami|istri|ayah|ibu)\b)"
        r"|\s+(?:tapi|tetapi|namun|karena|sebab|bagaimana dengan)\s+"
    ),
    hedge=pattern(
        r"\b(?:jika|kalau(?!\ssaya)|ketika|saat(?!\sini)|waktu\s(?:kecil|masih)|mungkin|katanya"
        r"|kata|bilang"
        r"|mengatakan|bertanya|pikir|kira|rasa|bayangkan|andai|seandainya|misalkan|mimpi"
        r"|bermimpi|dulu|dahulu"
        r"|pernah|mantan|bekas|pensiun(?:an)?|kemarin|hari\sini|malam\sini|minggu\sini"
        r"|tahun\sini|baru-baru"
        r"|sebelum(?:nya)?|hampir|calon|akan|ingin\smenjadi|seolah|seperti|kadang|kadang-kadang"
        r"|terkadang"
        r"|bercanda|karakter|palsu|masa\s(?:kecil|muda)|sementara|biasanya\sdulu|sebagai\sanak"
        r"|tadi|bukan)\b"
    ),
    asking=pattern(
        r"\b(?:apa|apakah|siapa|siapakah|kapan|di\smana|dimana|bagaimana|mengapa|kenapa|berapa"
        r"|mana|bisakah"
        r"|bolehkah|maukah|kah)\b"
    ),
    for_others=pattern(
        r"\b(?:terjemah\w*|parafrase\w*|koreksi|perbaiki\s(?:tata\sbahasa|kalimat)|surat\slamaran"
        r"|berpura-pura|pura-pura|bermain\speran|(?:tuliskan|buatkan)\s(?:saya\s)?(?:sebuah"
        r"|surat|cerita|puisi))\b"
    ),
    once=pattern(
        r"\b(?:hanya|cuma|kali\sini|untuk\s(?:ini|sekarang|pertanyaan\sini)|sekali\sini|saja)\b"
    ),
    items=Items(
        joint=pattern(
            r"(?P<comma>\s*,\s*(?!dan\b|atau\b|serta\b))|(?P<last>\s*,?\s+(?:dan|atau|serta)\s+)"
            r"|\s+(?:tapi|tetapi|karena|terutama|khususnya)\b"
        ),
        item=pattern(
            r"(?P<verb>(?=(?:me|ber|pergi\b|jalan|makan\b|minum\b|main\b|nonton\b|baca\b"
            r"|masak\b|tidur\b)))?"
            r"(?P<item>[\w+#][\w +#\x27\u2019&-]*?)(?:\s+(?:juga|sekali|banget|lho|loh|sih|kok"
            r"|haha|lol|deh))*+"
        ),
        never=pattern(
            r"\b(?:anda|kamu|kau|dia|ia|beliau|mereka|kita|kami|gue|kalian|itu|ini|yang|tidak"
            r"|bukan|belum"
            r"|jangan|nggak|gak|sudah|telah|sedang|adalah|ada|punya|memiliki|semua|semuanya"
            r"|sesuatu|hal|ide"
            r"|cara|jawaban|bekerja|tinggal|berasal|berumur|berusia|sama|begitu|banyak|lebih"
            r"|sangat|terlalu"
            r"|sana|sini|situ|tanpa|kecuali|suka|keduanya|dua-duanya|lagi|berada|menjadi|bahwa"
            r"|agar|saja"
            r"|sejak|bisa|dapat|harus|apa|apapun|setiap|mendengarnya)\b"
            r"|\w{3}nya\b|^(?:nama|film|buku|lagu|gaya|hidup|tempat|orang|saya|aku|suami|istri"
            r"|pekerjaan|terima)$"
            r"|^(?!me|ber|pergi|jalan|makan|minum|main|nonton)[\w-]+(?:\s\w+)?\s(?:saya|aku)$"
        ),
    ),
    rules=(
        Rule(
            NAME,
            pattern(
                rf"{_LEAD}(?:nama\s+(?:saya|aku|gue)|namaku)\s+(?:adalah\s+)?{_NO_NAME}{_NAME}"
            ),
        ),
        Rule(NAME, pattern(rf"{_LEAD}{_I}\s+bernama\s+{_NO_NAME}{_NAME}")),
        Rule(
            NAME,
            pattern(
                rf"{_LEAD}(?:(?:anda|kamu)\s+(?:bisa|boleh)\s+memanggil|panggil(?:lah)?)\s+"
                rf"(?:saya|aku)\s+"
                rf"(?:dengan\s+(?:nama\s+)?)?{_NO_NAME}(?P<value>[^\W\d_]+(?:[ \x27\u2019-]"
                rf"(?!saja\b)[^\W\d_]+)?)(?:\s+saja)?"
            ),
        ),
        Rule(
            AGE,
            pattern(
                rf"{_LEAD}(?:{_I}\s+(?:sekarang\s+)?(?:berusia|berumur)|(?:umur|usia)\s*(?:saya"
                rf"|aku|ku))\s+(?:adalah\s+)?"
                r"(?P<value>\d{1,3})\s+tahun"
            ),
        ),
        Rule(
            GENDER,
            pattern(rf"{_AM}(?:seorang\s+)?(?P<value>wanita|perempuan|laki-laki|pria|lelaki)"),
        ),
        Rule(
            NATIONALITY,
            pattern(
                rf"{_LEAD}{_I}\s+(?:berasal\s+dari|dari|orang|warga negara)\s+"
                rf"(?P<value>{_COUNTRIES})"
            ),
        ),
        Rule(
            LANGUAGES,
            pattern(
                rf"{_LEAD}{_I}\s+(?:juga\s+)?(?:bisa\s+|fasih\s+|dapat\s+|lancar\s+)?"
                rf"(?:berbahasa|berbicara\s+(?:dengan\s+)?"
                rf"bahasa|bicara\s+bahasa)\s+(?P<items>(?:{_LANGUAGES})(?:(?:\s*,\s*|\s+dan\s+)"
                rf"(?:bahasa\s+)?(?:{_LANGUAGES})){{0,5}})"
            ),
        ),
        Rule(CAREER, pattern(rf"{_AM}(?:seorang\s+)(?P<value>(?:{_PROFESSIONS}){_OF}){_REST}")),
        Rule(
            CAREER,
            pattern(
                rf"{_LEAD}{_I}\s+{_ALSO}bekerja\s+{_ALSO}sebagai\s+(?:seorang\s+)?(?P<value>"
                rf"(?:{_PROFESSIONS}){_OF}){_REST}"
            ),
        ),
        Rule(STYLES, pattern(rf"{_WANT}(?P<value>jawaban\s+(?:yang\s+)?(?:lebih\s+)?{_MANNER})")),
        Rule(
            FORMATS,
            pattern(rf"{_WANT}(?P<value>jawaban\s+(?:dengan|dalam\s+bentuk|berupa)\s+{_FORM})"),
        ),
        Rule(STYLES, pattern(rf"{_ANSWER}(?:dengan\s+|secara\s+)?(?P<value>{_MANNER})")),
        Rule(
            FORMATS,
            pattern(
                rf"{_ANSWER}(?:dengan|dalam\s+bentuk|memakai|menggunakan)\s+(?P<value>{_FORM})"
            ),
        ),
        Rule(INTERESTS, pattern(rf"{_LEAD}{_NOT_LIKE}(?P<items>.+?)(?:\s+lagi)?"), negated=True),
        Rule(INTERESTS, pattern(rf"{_LEAD}(?:{_LIKE}|{_FAN}|{_HOBBY}|{_FAVOURITE})(?P<items>.+)")),
        Rule(
            INTERESTS,
            pattern(
                r"(?P<items>[\w-]+(?:\s[\w-]+){0,3}?)\s+(?:adalah|merupakan)\s+"
                r"(?:[\w-]+\s+){1,2}?(?:favorit|kesukaan)\s*(?:saya|aku|ku)"
            ),
        ),
    ),
)
