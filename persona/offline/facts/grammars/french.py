"""French."""

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
    r"(?:(?:et|mais|alors|donc|car|oui|ouais|non|ok|ah|oh|eh bien|ben|bon|cool|salut|bonjour"
    r"|bonsoir|coucou|hé|hey|merci|wow|super|moi|moi aussi|en fait|sinon|aussi|personnellement"
    r"|bien sûr|d'accord|au fait|parce que|enchantée?)\s+){0,3}+"
)
_I_AM = rf"{_LEAD}je\s+suis\s+(?:aussi\s+|actuellement\s+|également\s+)?"
_NAME = r"(?P<value>[^\W\d_]+(?:[ \x27\u2019-][^\W\d_]+){0,2}+)"
_NO_NAME = r"(?!(?:comme|comment|pas|plus|toujours|souvent|quand|maître|si|par|ainsi|secret)\b)"

_COUNTRIES = (
    r"France|Belgique|Suisse|Canada|Québec|Italie|Espagne|Portugal|Allemagne|Autriche|Angleterre"
    r"|Écosse|Irlande|Royaume-Uni|Pays-Bas|Luxembourg|Pologne|Russie|Ukraine|Roumanie|Grèce"
    r"|Turquie|Suède|Norvège|Danemark|Finlande|Maroc|Algérie|Tunisie|Sénégal|Mali|Cameroun"
    r"|Côte d'Ivoire|Égypte|Liban|Israël|Iran|Inde|Chine|Japon|Corée du Sud|Corée|Vietnam"
    r"|Thaïlande|Indonésie|Philippines|Australie|Nouvelle-Zélande|Mexique|Brésil|Argentine|Chili"
    r"|Colombie|Pérou|Cuba|Haïti|Somalie|Nigeria|Kenya|Afrique du Sud|États-Unis"
)
_NATIONALITIES = (
    r"français(?:e)?|belge|suisse|canadien(?:ne)?|québécois(?:e)?|italien(?:ne)?|espagnole?"
    r"|portugais(?:e)?|allemande?|autrichien(?:ne)?|anglais(?:e)?|britannique|écossais(?:e)?"
    r"|irlandais(?:e)?|néerlandais(?:e)?|luxembourgeois(?:e)?|polonais(?:e)?|russe|ukrainien(?:ne)?"
    r"|roumaine?|grec(?:que)?|turc|turque|suédois(?:e)?|norvégien(?:ne)?|danois(?:e)?"
    r"|finlandais(?:e)?|marocaine?|algérien(?:ne)?|tunisien(?:ne)?|sénégalais(?:e)?|malien(?:ne)?"
    r"|camerounais(?:e)?|ivoirien(?:ne)?|égyptien(?:ne)?|libanais(?:e)?|iranien(?:ne)?|indien"
    r"(?:ne)?"
    r"|chinois(?:e)?|japonais(?:e)?|coréen(?:ne)?|vietnamien(?:ne)?|thaïlandais(?:e)?"
    r"|indonésien(?:ne)?|philippine?|australien(?:ne)?|mexicaine?|brésilien(?:ne)?|argentine?"
    r"|chilien(?:ne)?|colombien(?:ne)?|péruvien(?:ne)?|cubaine?|haïtien(?:ne)?|américaine?"
)
_LANGUAGES = (
    r"français|anglais|espagnol|italien|allemand|portugais|russe|arabe|chinois|mandarin|cantonais"
    r"|japonais|coréen|vietnamien|thaï|hindi|turc|grec|polonais|roumain|ukrainien|néerlandais"
    r"|suédois|norvégien|danois|finnois|hébreu|persan|indonésien|malais|swahili|breton|basque"
    r"|occitan|corse|catalan|créole|latin|espéranto|wolof|kabyle"
)
_PROFESSIONS = (
    r"infirmi(?:er|ère)|médecin|docteure?|chirurgien(?:ne)?|dentiste|vétérinaire|pharmacien(?:ne)?"
    r"|sage-femme|aide-soignante?|kinésithérapeute|psychologue|enseignante?|professeure?|prof"
    r"|instituteur|institutrice|maîtresse d'école|étudiante?|lycéen(?:ne)?|collégien(?:ne)?"
    r"|apprentie?|stagiaire|chercheu(?:r|se)|scientifique|ingénieure?|développeu(?:r|se)"
    r"|programmeu(?:r|se)|informaticien(?:ne)?|architecte|dessinat(?:eur|rice)|graphiste|designer"
    r"|photographe|journaliste|écrivaine?|auteure?|poète|traduct(?:eur|rice)|interprète"
    r"|bibliothécaire|libraire|avocate?|notaire|juge|comptable|banqui(?:er|ère)|économiste"
    r"|consultante?|secrétaire|assistante? \w+|assistante?|fonctionnaire|polici(?:er|ère)|gendarme"
    r"|pompi(?:er|ère)|soldate?|militaire|pilote|hôtesse de l'air|steward|chauffeu(?:r|se)"
    r"|conduct(?:eur|rice)|mécanicien(?:ne)?|électricien(?:ne)?|plombier|menuisi(?:er|ère)"
    r"|charpenti(?:er|ère)|maçon(?:ne)?|peintre|soudeu(?:r|se)|couvreur"
    r"|ouvri(?:er|ère)|agricult(?:eur|rice)|fermi(?:er|ère)|apicult(?:eur|rice)|jardini(?:er|ère)"
    r"|fleuriste|viticult(?:eur|rice)|boulang(?:er|ère)|pâtissi(?:er|ère)|cuisini(?:er|ère)|chef"
    r"|serveu(?:r|se)|barman|barista|bouch(?:er|ère)|épici(?:er|ère)|caissi(?:er|ère)"
    r"|vendeu(?:r|se)|coiffeu(?:r|se)|esthéticien(?:ne)?|coutu(?:rier|rière)|styliste"
    r"|act(?:eur|rice)|comédien(?:ne)?|musicien(?:ne)?|chanteu(?:r|se)|danseu(?:r|se)|pianiste"
    r"|guitariste|violoniste|cascadeu(?:r|se)|artiste|sculpt(?:eur|rice)|réalisat(?:eur|rice)"
    r"|entraîneu(?:r|se)|athlète|footballeu(?:r|se)|catcheu(?:r|se)|gymnaste|agent immobilier"
    r"|concierge|gardien(?:ne)?|nounou|baby-sitter|femme au foyer|entrepreneu(?:r|se)|commerçante?"
)
_OF = r"(?:\s(?:de\sla\s|de\sl'|de\s|d'|en\s|du\s|des\s)[\w-]+(?:\s(?!et\b|depuis\b)[\w-]+)?)?"
_REST = r"(?:\s(?:dans|à|au|aux|chez|depuis|pour|et|ici|la\snuit|le\sjour)\b.{0,80})?"

_MANNER = (
    r"(?:courtes?|brèves?|concises?|simples?|détaillées?|longues?|précises?|formelles?|drôles)"
)
_ADVERB = (
    r"brièvement|plus brièvement|simplement|court|succinctement|de façon concise|en détail"
    r"|en peu de mots|de manière concise|formellement|poliment"
)
_FORM = (
    r"(?:listes? à puces|puces|liste numérotée|listes?|tableaux?|points|étapes|exemples"
    r"|exemples de code)"
)
_ANSWER = (
    rf"{_LEAD}(?:(?:s'il (?:te|vous) pla[iî]t|merci de|à partir de maintenant|désormais|dorénavant"
    r"|à l'avenir|peux-tu|pourrais-tu)\s+){0,2}+"
    r"(?:réponds|réponds-moi|répondez|répondez-moi|répondre|me répondre)\s+"
    r"(?:(?:toujours|désormais|s'il te plaît|dorénavant)\s+)?"
)
_WANT = (
    rf"{_LEAD}(?:je\s+(?:préfère|veux|voudrais|souhaite)|j'(?:aime|aimerais|apprécie))\s+"
    r"(?:(?:avoir|toujours|plutôt|mieux|recevoir)\s+)?"
)
_LIKE = (
    r"(?:j'(?:aime|adore|apprécie)(?:\s+(?:aussi|beaucoup|vraiment|bien|énormément|tellement"
    r"|toujours|surtout|également|juste|habituellement|principalement))*+(?!\w)"
    r"|je\s+(?:suis\s+(?:(?:une?\s+)?(?:grande?\s+|grosse?\s+)?fan(?:atique)?\s+(?:des|du|de)(?!\w)"
    r"|passionnée?\s+(?:des|de|par|du)(?!\w)|passionnée?(?=\s+d'))|m'intéresse\s+(?:à|aux|au)"
    r"(?!\w)))\s*"
)
_FAVOURITE = (
    r"(?:mon|ma|mes)\s+(?:[\w-]+\s+){0,3}?(?:préférée?s?|favorite?s?)\s+(?:(?:est|sont)\b|c'est)\s*"
)
_HOBBY = (
    r"(?:mon|ma|mes)\s+(?:(?:plus\s)?grande\s+)?(?:passions?|loisirs?|hobby|hobbies|passe-temps)"
    r"\s+(?:est|sont|c'est)\s+"
)
_NOT_LIKE = r"je\s+n'(?:aime|adore|apprécie)\s+(?:plus|pas)(?:\s+(?:du\s+tout|trop|vraiment))?\s+"

GRAMMAR = Grammar(
    comma=pattern(
        r"\s*[,:()]\s*|\s+-+\s+|\s+(?:et|mais|car|donc|puis|alors)\s+(?=(?:je|j'|mon|ma|mes|toi"
        r"|vous"
        r"|tu|il|elle|on|nous|ils|elles|c'est|ce|réponds)\b)|\s+(?:mais|parce\sque?|car|puisque)\s+"
    ),
    hedge=pattern(
        r"\b(?:si|quand|lorsque|peut-être|dit|disait|dis|demandé|demande|pense\sque|crois\sque"
        r"|imagine|supposons|rêve|rêvais|avant|autrefois|enfant|petite?\squand|hier|aujourd'hui"
        r"|ce\s(?:soir|matin|week-end|mois)|cette\s(?:semaine|année|fois)|récemment|jadis"
        r"|ancien(?:ne)?"
        r"|ex|retrait(?:e|ée?)|presque|bientôt|futur|future|comme\ssi|genre|parfois|blague"
        r"|personnage"
        r"|faux|fausse|en\sce\smoment|bientot|aurais|serais|voudrais\sêtre|étais|avais)\b"
    ),
    asking=pattern(
        r"^(?:(?:et|mais|alors|salut)\s+)?(?:est-ce|qu'est-ce|quel(?:le)?s?|comment|pourquoi|combien|qui|où|quoi)\b"
        r"|\b(?:et\s(?:toi|vous)|aimes-tu|aimez-vous|as-tu|avez-vous|es-tu|êtes-vous)\b"
    ),
    for_others=pattern(
        r"\b(?:tradui\w+|reformule\w*|corrige\w*|lettre\sde\smotivation|fais\ssemblant"
        r"|jeu\sde\srôles?|(?:écris|rédige)(?:-moi)?\s(?:une?|le|la|mon|ma))\b"
    ),
    once=pattern(
        r"\b(?:juste|pour\s(?:ce|cet|cette|l'instant)|exceptionnellement|maintenant\sseulement)\b"
    ),
    items=Items(
        joint=pattern(
            r"(?P<comma>\s*,\s*(?!et\b|ou\b))|(?P<last>\s*,?\s+(?:et|ou|ainsi que)\s+)"
            r"|\s+(?:mais|car|parce\sque?|puisque|depuis|surtout)\b"
        ),
        item=pattern(
            r"(?:(?P<article>(?:de\s)?(?:le\s|la\s|les\s|l')|du\s|des\s|de\s|d'|un\s|une\s)"
            r"|(?P<verb>(?=[^\W\d_]+(?:er|ir|re|oir)\b|m'\w+er\b|me\s\w+er\b)))?"
            r"(?P<item>[\w+#][\w +#\x27\u2019&-]*?)(?:\s+(?:aussi|beaucoup|vraiment|également"
            r"|énormément"
            r"|toujours|plus que tout|bien sûr|par-dessus tout|lol|haha|mdr))?"
        ),
        never=pattern(
            r"\b(?:je|j'|tu|t'|te|toi|il|elle|on|nous|vous|ils|elles|ça|cela|ceci|ce|cet|cette"
            r"|ces|c'"
            r"|qui|que|qu'|dont|où|ne|n'|pas|plus|jamais|rien|est|sont|était|être|avoir|ai|as|a|ont"
            r"|votre|vos|ton|ta|tes|leurs?|ses|son|sa|y|là|ici|choses?|lui|eux|comme|trop|très|tout"
            r"|toute|tous|autre|autres|idée|fait|façon|concept|idées|même|mieux|moi|réponses?"
            r"|désolée?"
            r"|aussi|suis|vais|merci|bien|puis|sauf|sans|beaucoup|assez|beau|belle|deux|odeur)\b"
            r"|^(?:le|la|les|l')\s?(?:faire|voir|avoir|regarder|manger|écouter|porter|boire"
            r"|lire|prendre"
            r"|aider|utiliser|jouer|dire|entendre|rendre|film|livre|nom|chanson|groupe|style|vie"
            r"|endroit|son|look|femme|homme|famille|enfants|plupart|question|votre)$|^(?:mon|ma"
            r"|mes|notre|nos)\b"
        ),
    ),
    rules=(
        Rule(NAME, pattern(rf"{_LEAD}je\s+m'appelle\s+{_NO_NAME}{_NAME}")),
        Rule(NAME, pattern(rf"{_LEAD}mon\s+(?:pré)?nom\s+(?:est|c'est)\s+{_NO_NAME}{_NAME}")),
        Rule(
            NAME,
            pattern(
                rf"{_LEAD}(?:tu\s+peux\s+m'appeler|appelle-moi|appelez-moi)\s+{_NO_NAME}{_NAME}"
            ),
        ),
        Rule(AGE, pattern(rf"{_LEAD}j'ai\s+(?:maintenant\s+)?(?P<value>\d{{1,3}})\s+ans")),
        Rule(GENDER, pattern(rf"{_I_AM}une?\s+(?P<value>femme|homme|fille|garçon)")),
        Rule(NATIONALITY, pattern(rf"{_I_AM}(?:une?\s+)?(?P<value>{_NATIONALITIES})")),
        Rule(
            NATIONALITY,
            pattern(
                rf"{_LEAD}je\s+(?:viens|suis\s+originaire)\s+(?:de\s|d'|du\s|des\s)(?:la\s)?"
                rf"(?P<value>{_COUNTRIES})"
            ),
        ),
        Rule(
            LANGUAGES,
            pattern(
                rf"{_LEAD}je\s+parle\s+(?:aussi\s+|couramment\s+)?"
                rf"(?P<items>(?:le\s|l')?(?:{_LANGUAGES})(?:(?:\s*,\s*|\s+et\s+)(?:le\s|l')?"
                rf"(?:{_LANGUAGES})){{0,5}})"
                r"(?:\s+couramment)?"
            ),
        ),
        Rule(
            CAREER,
            pattern(rf"{_I_AM}(?:une?\s+|le\s+|la\s+)?(?P<value>(?:{_PROFESSIONS}){_OF}){_REST}"),
        ),
        Rule(
            CAREER,
            pattern(
                rf"{_LEAD}je\s+travaille\s+(?:aussi\s+)?(?:comme|en\s+tant\s+qu(?:e|'))\s*"
                rf"(?:une?\s+)?"
                rf"(?P<value>(?:{_PROFESSIONS}){_OF}){_REST}"
            ),
        ),
        Rule(
            STYLES,
            pattern(
                rf"{_WANT}(?:des|les|tes|vos|de)\s+(?P<value>réponses\s+(?:plus\s+)?{_MANNER})"
            ),
        ),
        Rule(
            FORMATS,
            pattern(
                rf"{_WANT}(?:des|les|tes|vos|de)\s+(?P<value>réponses\s+(?:avec|en"
                rf"|sous forme de)\s+(?:des\s+)?{_FORM})"
            ),
        ),
        Rule(STYLES, pattern(rf"{_ANSWER}(?P<value>{_ADVERB})(?:\s+s'il te plaît)?")),
        Rule(
            FORMATS,
            pattern(
                rf"{_ANSWER}(?:avec|en|par|sous forme de)\s+(?:des\s+|une\s+)?(?P<value>{_FORM})"
            ),
        ),
        Rule(INTERESTS, pattern(rf"{_LEAD}{_NOT_LIKE}(?P<items>.+)"), negated=True),
        Rule(INTERESTS, pattern(rf"{_LEAD}{_LIKE}(?P<items>.+)")),
        Rule(INTERESTS, pattern(rf"{_LEAD}(?:{_FAVOURITE}|{_HOBBY})(?P<items>.+)")),
        Rule(
            INTERESTS,
            pattern(
                r"(?P<items>(?:le|la|les)\s[\w -]{2,40}?|l'[\w -]{2,40}?)\s+(?:est|sont)\s+"
                r"(?:mon|ma|mes)\s+"
                r"(?:[\w-]+\s+){0,2}?(?:préférée?s?|favorite?s?|passions?)"
            ),
        ),
    ),
)
