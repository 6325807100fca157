"""Countries, nationalities and languages, in English and in Chinese."""

from __future__ import annotations

import re

from persona.offline.facts.finding import lines, words

# Country (as people write it), nationality. Names that are also towns or states are left out.
_COUNTRIES = lines("""
    China, Chinese
    Taiwan, Taiwanese
    Japan, Japanese
    South Korea, South Korean
    Korea, Korean
    Vietnam, Vietnamese
    Thailand, Thai
    Malaysia, Malaysian
    Singapore, Singaporean
    Indonesia, Indonesian
    Philippines, Filipino
    Cambodia, Cambodian
    Myanmar, Burmese
    Mongolia, Mongolian
    India, Indian
    Pakistan, Pakistani
    Bangladesh, Bangladeshi
    Sri Lanka, Sri Lankan
    Nepal, Nepalese
    Iran, Iranian
    Iraq, Iraqi
    Israel, Israeli
    Saudi Arabia, Saudi
    Egypt, Egyptian
    Turkey, Turkish
    Russia, Russian
    Ukraine, Ukrainian
    Belarus, Belarusian
    Kazakhstan, Kazakh
    Poland, Polish
    Germany, German
    Austria, Austrian
    Switzerland, Swiss
    France, French
    Belgium, Belgian
    Netherlands, Dutch
    Luxembourg, Luxembourgish
    Italy, Italian
    Spain, Spanish
    Portugal, Portuguese
    Greece, Greek
    Ireland, Irish
    Scotland, Scottish
    Wales, Welsh
    England, English
    United Kingdom, British
    UK, Brit
    Sweden, Swedish
    Norway, Norwegian
    Denmark, Danish
    Finland, Finnish
    Iceland, Icelandic
    Estonia, Estonian
    Latvia, Latvian
    Lithuania, Lithuanian
    Czech Republic, Czech
    Slovakia, Slovak
    Hungary, Hungarian
    Romania, Romanian
    Bulgaria, Bulgarian
    Serbia, Serbian
    Croatia, Croatian
    Slovenia, Slovenian
    Canada, Canadian
    United States, American
    USA, American
    America, American
    US, American
    Mexico, Mexican
    Brazil, Brazilian
    Argentina, Argentinian
    Chile, Chilean
    Colombia, Colombian
    Peru, Peruvian
    Venezuela, Venezuelan
    Cuba, Cuban
    Australia, Australian
    New Zealand, New Zealander
    South Africa, South African
    Nigeria, Nigerian
    Kenya, Kenyan
    Ghana, Ghanaian
    Ethiopia, Ethiopian
    Morocco, Moroccan
    Tunisia, Tunisian
    Algeria, Algerian
""")

COUNTRIES = tuple(line.split(", ")[0] for line in _COUNTRIES)
NATIONALITIES = tuple(dict.fromkeys(line.split(", ")[1] for line in _COUNTRIES))

# Adjectives that may stand before a shared noun: "Chinese and Japanese food".
ORIGINS = frozenset(name.lower() for name in NATIONALITIES) | words("""
    cantonese sichuan szechuan hunan arabic asian european african latin mediterranean western
    eastern nordic scandinavian southern northern caribbean
""")

LANGUAGES = words("""
    english chinese mandarin cantonese japanese korean french german spanish portuguese italian
    russian arabic hindi urdu bengali punjabi tamil telugu marathi turkish vietnamese thai
    indonesian malay tagalog filipino dutch swedish norwegian danish finnish icelandic polish czech
    slovak hungarian romanian bulgarian serbian croatian slovenian greek hebrew persian farsi
    ukrainian swahili catalan basque irish welsh latin esperanto estonian latvian lithuanian
    mongolian nepali burmese khmer lao hokkien shanghainese taiwanese
""")

CHINESE_COUNTRIES = (
    "中国|台湾|日本|韩国|朝鲜|越南|泰国|马来西亚|新加坡|印度尼西亚|印尼|菲律宾|柬埔寨|缅甸|蒙古国"
    "|印度|巴基斯坦|孟加拉国|斯里兰卡|尼泊尔|伊朗|伊拉克|以色列|沙特阿拉伯|埃及|土耳其|俄罗斯"
    "|乌克兰"
    "|白俄罗斯|哈萨克斯坦|波兰|德国|奥地利|瑞士|法国|比利时|荷兰|卢森堡|意大利|西班牙|葡萄牙|希腊"
    "|爱尔兰|英国|苏格兰|瑞典|挪威|丹麦|芬兰|冰岛|捷克|匈牙利|罗马尼亚|保加利亚|加拿大|美国|墨西哥"
    "|巴西|阿根廷|智利|哥伦比亚|秘鲁|古巴|澳大利亚|新西兰|南非|尼日利亚|肯尼亚|加纳|摩洛哥"
)

CHINESE_LANGUAGES = (
    "普通话|国语|中文|汉语|华语|英语|英文|日语|日文|韩语|韩文|法语|法文|德语|德文|西班牙语|葡萄牙语"
    "|意大利语|俄语|俄文|阿拉伯语|印地语|泰语|越南语|马来语|印尼语|荷兰语|瑞典语|波兰语|土耳其语"
    "|希腊语"
    "|希伯来语|乌克兰语|粤语|广东话|闽南语|台语|客家话|上海话|四川话|藏语|蒙古语|维吾尔语|手语"
    "|世界语|拉丁语"
)


def alternatives(names: tuple[str, ...]) -> str:
    """Return a regular expression for any of `names`, longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
