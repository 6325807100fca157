"""What secrets and contact data look like, in normalised text (NFKC, casefolded)."""

from __future__ import annotations

import re

# Dashes and full stops that are put for one another.
_PLAIN = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | {"。": "."})
_UNLOCKS = (
    "pass(?:word|code|wd|phrase)|pwd?|kennwort|passwort|contraseña|mot de passe|kata sandi|пароль"
)
_SECRETS = (
    r"-----begin [a-z ]*private key",
    r"(?<!\w)(?:sk|pk|rk)[-_](?:\w+[-_])?\w{8,}",  # OpenAI, Anthropic, Stripe
    r"(?<!\w)(?:gh[pousr]_|github_pat_|glpat-|xox[abposr]-|hf_|npm_|dop_v1_|ya29\.)[\w-]{6,}",
    r"(?<!\w)sg\.[\w-]{7,}\.[\w-]{7,}",  # SendGrid
    r"(?<!\w)(?:akia[0-9a-z]{12,}|aiza[\w-]{20,})",  # AWS, Google
    r"(?<!\w)eyj[\w-]{8,}\.[\w-]{8,}",  # JSON web token
    r"(?<!\w)[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}",  # Discord bot token
    r"(?<!\w)[a-z]{2}\d{2}(?:[ -]?[0-9a-z]{4}){3,7}(?:[ -]?[0-9a-z]{1,3})?(?!\w)",  # IBAN
    r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)",  # US social security
    # A word for a secret, and what it is.
    r"(?<!\w)(?:pass(?:word|code|wd|phrase)?|pw|pwd|pin(?: ?code)?|api[ _-]?key|token|seed phrase|"
    r"secret(?:[ _-]?key)?|kennwort|passwort|zugangscode|contraseña|clave|mot de passe|"
    r"kata sandi|sandi|mdp|пароль\w*|пин(?:-?код)?|ключ api)(?!\w)(?: [^\W\d]+){0,3}"
    r"(?:\s*[:=→]\s*|['’]s\s+|\s+-\s+|"
    r"\s+(?:is|ist|es|est|è|e['’]|adalah|c['’]est|lautet|heisst|was)\s+)\S+",
    # The other way round, or beside it.
    rf"\S{{4,}} (?:is|ist|es|est) (?:my|mein|mi|mon) (?:\w+ ){{0,2}}(?:{_UNLOCKS})(?!\w)",
    rf"(?<!\w)(?:{_UNLOCKS}) (?=\S*\d)\S{{4,}}|(?<!\w)pin \d{{4,8}}(?!\d)",
    r"(?:密码|密碼|口令|暗証番号|パスワード|비밀번호|비번|암호)"
    r"[\s「『\"“]*(?:是|[:=]|は|은|는|이|가)?[\s「『\"“]*[0-9a-z!-/:-@]{3,}",
    # Long, with letters and digits mixed: made by a machine.
    r"(?<![\w+/-])(?=[0-9a-z+/_-]*\d)(?=[0-9a-z+/_-]*[a-z])[0-9a-z+/_-]{32,}={0,2}(?![\w+/-])",
)
_STREET = (
    "close|street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|square|place|terrace"
)
_CALLE = (
    "calle|avenida|av\\.|rue|avenue|boulevard|bd|улица|ул\\.|проспект|пр\\.|via|piazza|viale|jl\\."
    "|plaza|paseo"
)
_CONTACTS = (
    # E-mail, also written out.
    r"[\w.+-]+\s?(?:@|[({\[](?:at|a|ät)[)}\]]| at )\s?"
    r"[\w-]+\s?(?:\.|[({\[]dot[)}\]]| dot )\s?[a-z]{2,}",
    r"(?<![\w.])(?:https?://|www\.)\S+",
    r"(?<![\w.])(?:[\w-]+\.)+(?:com|net|org|gg|me|ee|io|dev|app|ly|tv|cn|de|es|fr|jp|kr|ru|uk)/\S+",
    r"<@!?\d+>|(?<!\w)@[\w.]{2,}|(?<!\w)\w+#\d{4}(?!\d)|(?<!\d)\d{17,20}(?!\d)",  # handles, ids
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|(?<!\w)(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}",
    # A messenger, and a name there.
    r"(?:微信|카톡|(?<![a-z])(?:vx|wechat|qq|telegram|whatsapp|insta(?:gram)?|snap(?:chat)?|line|"
    r"kakao|signal)(?:id)?(?![a-z]))[\s:]*(?:号|號|id|아이디)?[\s:=]*(?:is|は|는|은)?\s*"
    r"(?=\S*[\d_])[a-z0-9_.-]{5,}",
    r"(?<!\w)(?:my|mein|mi|mon) (?:wechat|telegram|whatsapp|insta(?:gram)?|snap(?:chat)?|discord|"
    r"skype|steam|kakao)(?: id| name| handle| tag)? (?:is|ist|es|est) [\w.]{3,}"
    r"(?=$|[,.!?;)]| (?:and|but|if|ok|or|so)(?!\w))",
    # Postal addresses: a street and a number.
    rf"(?<!\w)\d{{1,5}}[a-z]?,? (?:[\w.'-]+ ){{1,4}}(?:{_STREET})(?!\w)",
    r"(?<!\w)(?:flat|apt|apartment|unit|whg|piso|appt|кв\.?) ?\d+[a-z]?(?!\w)",
    r"(?<!\w)\w+(?:straße|strasse|str\.|weg|gasse|allee|platz),? \d{1,4}(?!\d)",
    rf"(?<!\w)(?:{_CALLE}) [\w' .-]+?,? (?:д\. ?|n[º°o]?\.? ?)?\d{{1,4}}(?!\d)",
    r"(?<!\w)\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|place|allée|chemin|quai) \w+",
    r"[\u4e00-\u9fff]{1,8}(?:路|街|道|弄|巷|胡同)\d+|(?:[町区市村]|丁目)\d+-\d+|\d+(?:丁目|番地)",
    r"[\uac00-\ud7af]+(?:로|길)\s?\d+(?:번길)?(?!\d*\s*(?:년|월|일|시|분|개|명))",
)
_SECRET = re.compile("|".join(_SECRETS))
_CONTACT = re.compile("|".join(_CONTACTS))
_LONG_NUMBER = re.compile(r"(?<![\d.,])\d(?:[ ./_-]?\d){12,18}(?!\d)")
_PHONE = re.compile(r"(?<![\w.,])\+?\(?\d[\d ()/.-]{5,18}\d(?!\w)")
_PHONE_DIGITS = range(7, 16)
_DATE = re.compile(r"(?:19|20)\d\d\s*[-/]\s*(?:19|20)?\d\d(?:-\d\d)?|\d\d?[./]\d\d?[./]\d{2,4}")


def holds_secret(text: str) -> bool:
    """Return whether the normalised `text` holds a password, key or number of an account."""
    text = text.translate(_PLAIN)
    return _SECRET.search(text) is not None or any(
        _is_card(found[0]) for found in _LONG_NUMBER.finditer(text)
    )


def holds_contact(text: str) -> bool:
    """Return whether the normalised `text` holds an address, number, link or handle."""
    text = text.translate(_PLAIN)
    return _CONTACT.search(text) is not None or any(
        sum(character.isdigit() for character in found[0]) in _PHONE_DIGITS
        for found in _PHONE.finditer(_DATE.sub(" ", text))
    )


def _is_card(digits: str) -> bool:
    """Luhn's check (ISO/IEC 7812): other long numbers seldom pass it."""
    numbers = [int(character) for character in digits if character.isdigit()]
    doubled = (number * 2 for number in numbers[-2::-2])
    total = sum(numbers[-1::-2]) + sum(number - 9 if number > 9 else number for number in doubled)
    return total % 10 == 0
