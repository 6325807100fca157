from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.tokens import estimate

FRAMING = estimate("")

# The most that four tokenizers make of it: cl100k_base, o200k_base, Qwen's and Claude 2's.
MEASURED = (
    ("I have been thinking about moving to another city because my job has become boring.", 16),
    ("for (int i = 0; i < n; ++i) { sum += a[i] * b[i]; }\nreturn sum;", 31),
    ("3141592653589793238462643383279502884197", 40),
    ("Ich überlege schon länger, ob ich in eine andere Stadt ziehen soll.", 18),
    ("Olen miettinyt muuttamista toiseen kaupunkiin, koska työni on käynyt melko tylsäksi", 35),
    ("Tôi đang nghĩ đến việc chuyển đến một thành phố khác vì công việc của tôi", 55),
    ("Zastanawiam się nad przeprowadzką do innego miasta, ponieważ moja praca stała się", 36),
    ("Я думаю про переїзд до іншого міста, тому що моя робота стала досить нудною.", 43),
    ("Σκέφτομαι να μετακομίσω σε άλλη πόλη επειδή η δουλειά μου έχει γίνει αρκετά βαρετή.", 91),
    ("אני חושב לעבור לעיר אחרת כי העבודה שלי הפכה לדי משעממת.", 49),
    ("أفكر في الانتقال إلى مدينة أخرى لأن عملي أصبح مملاً للغاية", 56),
    ("मैं दूसरे शहर में जाने के बारे में सोच रहा हूँ क्योंकि मेरा काम काफी उबाऊ हो गया है।", 86),
    ("আমি অন্য শহরে যাওয়ার কথা ভাবছি কারণ আমার কাজটি বেশ বিরক্তিকর হয়ে উঠেছে।", 127),
    ("எனது வேலை மிகவும் சலிப்பாக மாறியதால் வேறு நகரத்திற்கு செல்வது பற்றி யோசித்து வருகிறேன்.", 163),
    ("ฉันกำลังคิดจะย้ายไปอยู่เมืองอื่นเพราะงานของฉันค่อนข้างน่าเบื่อ", 107),
    ("ຂ້ອຍກໍາລັງຄິດທີ່ຈະຍ້າຍໄປເມືອງອື່ນ", 99),
    ("ვფიქრობ სხვა ქალაქში გადასვლაზე, რადგან სამუშაო მოსაწყენი გახდა.", 119),
    ("ሥራዬ አሰልቺ ስለሆነ ወደ ሌላ ከተማ ለመሄድ እያሰብኩ ነው።", 97),
    ("我一直在考虑搬到另一个城市,因为我的工作变得很无聊。我想住得离山近一些。", 43),
    ("仕事がつまらなくなったので、別の町に引っ越そうと考えています。山の近くに住みたいです。", 45),
    ("일이 꽤 지루해져서 다른 도시로 이사할까 생각하고 있어요. 산 가까이에 살고 싶어요.", 48),
    ("😀🎉🔥❤️👍🏽👩\u200d👩\u200d👧\u200d👦🇩🇪🇯🇵🫠🪿", 53),
)


@pytest.mark.parametrize(("text", "tokens"), MEASURED)
def test_no_language_is_estimated_below_what_tokenizers_make_of_it(text: str, tokens: int) -> None:
    assert tokens <= estimate(text)


def test_english_is_not_estimated_far_above() -> None:
    text, tokens = MEASURED[0]
    assert estimate(text) <= 2 * tokens + FRAMING


any_text = st.text(max_size=300)


@given(any_text, any_text)
def test_budgets_may_add_up_pieces(left: str, right: str) -> None:
    whole = estimate(left + right)
    assert max(estimate(left), estimate(right)) <= whole
    assert whole <= estimate(left) + estimate(right) - FRAMING
    assert estimate(left) + estimate(right) - FRAMING <= whole + 1


@given(any_text)
def test_no_text_counts_more_than_its_bytes(text: str) -> None:
    assert estimate(text) - FRAMING <= len(text.encode())


def test_halves_of_surrogate_pairs_can_be_counted() -> None:
    assert estimate("\ud83d") == FRAMING + 3
