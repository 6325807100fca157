"""Italian."""

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
    r"(?:(?:e|ed|ma|però|allora|quindi|perché|sì|si|no|ok|ah|oh|eh|beh|bene|bello|ciao|salve"
    r"|buongiorno|buonasera|ehi|hey|grazie|wow|forte|fantastico|certo|in realtà|comunque|invece"
    r"|anche|anch'io|anche io|io|personalmente|a proposito|piacere|a me)\s+){0,3}+"
)
_I_AM = rf"{_LEAD}sono\s+(?:anche\s+|attualmente\s+)?"
_NAME = r"(?P<value>[^\W\d_]+(?:[ \x27\u2019-][^\W\d_]+){0,2}+)"
_NO_NAME = r"(?!(?:come|quando|sempre|spesso|così|per|se|più|non|pure|dopo|domani)\b)"

_COUNTRIES = (
    r"Italia|Francia|Spagna|Portogallo|Germania|Austria|Svizzera|Belgio|Olanda|Paesi Bassi"
    r"|Lussemburgo|Inghilterra|Regno Unito|Scozia|Irlanda|Polonia|Russia|Ucraina|Romania"
    r"|Bulgaria|Grecia|Albania|Turchia|Croazia|Slovenia|Serbia|Svezia|Norvegia|Danimarca"
    r"|Finlandia|Marocco|Algeria|Tunisia|Egitto|Senegal|Nigeria|Somalia|Kenya|Etiopia|Eritrea"
    r"|India|Pakistan|Bangladesh|Cina|Giappone|Corea del Sud|Corea|Vietnam|Thailandia|Indonesia"
    r"|Filippine|Australia|Nuova Zelanda|Canada|Stati Uniti|Messico|Brasile|Argentina|Cile"
    r"|Colombia|Perù|Venezuela|Cuba|Sudafrica|Israele|Libano|Iran"
)
_NATIONALITIES = (
    r"italian[oa]|francese|spagnol[oa]|portoghese|tedesc[oa]|austriac[oa]|svizzer[oa]|belga"
    r"|olandese|lussemburghese|ingles[ei]|britannic[oa]|scozzese|irlandese|polacc[oa]|russ[oa]"
    r"|ucrain[oa]|rumen[oa]|bulgar[oa]|grec[oa]|albanese|turc[oa]|croat[oa]|sloven[oa]|serb[oa]"
    r"|svedese|norvegese|danese|finlandese|marocchin[oa]|algerin[oa]|tunisin[oa]|egizian[oa]"
    r"|senegalese|nigerian[oa]|somal[oa]|eritre[oa]|indian[oa]|pakistan[oa]|cinese|giapponese"
    r"|corean[oa]|vietnamita|tailandese|indonesian[oa]|filippin[oa]|australian[oa]|canadese"
    r"|american[oa]|statunitense|messican[oa]|brasilian[oa]|argentin[oa]|cilen[oa]|colombian[oa]"
    r"|peruvian[oa]|cuban[oa]|sudafrican[oa]"
)
_LANGUAGES = (
    r"italiano|inglese|francese|spagnolo|tedesco|portoghese|russo|arabo|cinese|mandarino"
    r"|giapponese|coreano|vietnamita|thailandese|hindi|turco|greco|polacco|rumeno|romeno|ucraino"
    r"|olandese|svedese|norvegese|danese|finlandese|ebraico|persiano|indonesiano|swahili|albanese"
    r"|croato|sloveno|serbo|sardo|napoletano|siciliano|catalano|latino|esperanto"
)
_PROFESSIONS = (
    r"infermier[ea]|medico|dottor(?:e|essa)|chirurg[oa]|dentista|veterinari[oa]|farmacista"
    r"|ostetric[oa]|fisioterapista|psicolog[oa]|insegnante|maestr[oa]|professor(?:e|essa)|prof"
    r"|student(?:e|essa)|universitari[oa]|studente universitario|ricercat(?:ore|rice)|scienziat[oa]"
    r"|ingegnere|sviluppat(?:ore|rice)|programmat(?:ore|rice)|informatic[oa]|architett[oa]"
    r"|grafic[oa]"
    r"|designer|fotograf[oa]|giornalista|scritt(?:ore|rice)|autor[ei]|aut(?:ore|rice)|poeta"
    r"|tradutt(?:ore|rice)|interprete|bibliotecari[oa]|librai[oa]|avvocat[oa]|notai[oa]|giudice"
    r"|contabile|ragionier[ea]|commercialista|bancari[oa]|economista|consulente|segretari[oa]"
    r"|impiegat[oa]|assistente sociale|assistente|poliziott[oa]|carabiniere|pompiere|soldat[oa]"
    r"|militare|pilota|hostess|autista|camionista|tassista|meccanic[oa]|elettricista|idraulic[oa]"
    r"|falegname|muratore|imbianchino|pitt(?:ore|rice)|saldatore|operai[oa]|agricolt(?:ore|rice)"
    r"|contadin[oa]|apicolt(?:ore|rice)|giardinier[ea]|fiorista|panettier[ea]|pasticcer[ea]"
    r"|cuoc[oa]|chef|camerier[ea]|barista|macellai[oa]|cassier[ea]|commess[oa]"
    r"|vendit(?:ore|rice)|parrucchier[ea]|barbiere|estetista|sart[oa]|stilista|att(?:ore|rice)"
    r"|musicista|cantante|baller(?:ino|ina)|pianista|chitarrista|violinista|controfigura|artista"
    r"|scult(?:ore|rice)|regista|allenat(?:ore|rice)|atleta|calciat(?:ore|rice)|ginnasta"
    r"|agente immobiliare|custode|portinai[oa]|tata|babysitter|casalinga|imprendit(?:ore|rice)"
    r"|commerciante|life coach|personal trainer|guida turistica|wrestler"
)
_OF = (
    r"(?:\s(?:edile|sociale|professionista|d'[^\W\d_]+|di\s[\w-]+(?:\s(?!e\b|da\b)[\w-]+)?"
    r"|del\s[\w-]+|della\s[\w-]+))?"
)
_REST = (
    r"(?:\s(?:in|nel|nella|nell'|a|al|alla|da|per|presso|e|qui|di notte)(?:\b|(?<='))"
    r"(?!\s?pensione)"
    r".{0,80})?"
)

_MANNER = r"(?:brevi|corte|concise|semplici|dettagliate|lunghe|precise|formali|chiare|sintetiche)"
_ADVERB = (
    r"brevemente|in breve|in modo (?:breve|conciso|semplice|dettagliato|formale|sintetico)"
    r"|sinteticamente|concisamente|in dettaglio|in poche parole|formalmente"
)
_FORM = (
    r"(?:elenchi puntati|elenco puntato|punti elenco|elenchi|elenco numerato|liste|tabelle|tabella"
    r"|punti|passaggi|esempi|esempi di codice)"
)
_ANSWER = (
    rf"{_LEAD}(?:(?:per favore|per piacere|d'ora in poi|da ora in poi|in futuro|puoi"
    rf"|potresti)\s+){{0,2}}+"
    r"(?:rispondi|rispondimi|risponda|rispondermi|rispondere)\s+"
    r"(?:(?:sempre|d'ora in poi|per favore)\s+)?"
)
_WANT = (
    rf"{_LEAD}(?:preferisco|voglio|vorrei|gradisco|mi\s+piacciono|amo)\s+"
    r"(?:(?:avere|ricevere|sempre|di più)\s+)?(?:le\s+|delle\s+|le\s+tue\s+)?"
)
_LIKE = (
    r"(?:mi\s+piac(?:e|ciono)|amo|adoro)(?:\s+(?:anche|molto|davvero|tanto|moltissimo|tantissimo"
    r"|sempre|soprattutto|pure|un sacco|solo|semplicemente|tutti|tutte))*+\s+"
)
_FAN = (
    r"sono\s+(?:(?:anche|molto)\s+)?(?:un(?:a|')?\s*)?(?:(?:grande|gran)\s+)?"
    r"(?:fan\s+|appassionat[oa]\s+|amante\s+|tifos[oa]\s+)(?=d(?:i|el|ella|ell'|ei|egli|elle)\b)"
)
_FAVOURITE = (
    r"(?:il|la|i|le|lo|gli)?\s*(?:mio|mia|miei|mie)\s+(?:\w+\s+){0,3}?"
    r"(?:preferit[oaie])\s+(?:è|é|e'|sono)\s+"
)
_HOBBY = (
    r"(?:il|la|i|le)?\s*(?:mio|mia|miei|mie)\s+(?:(?:grande|grandi)\s+)?"
    r"(?:passion[ei]|hobby|passatemp[oi])(?:\s+preferit[oi])?\s+(?:è|é|e'|sono)\s+"
)
_NOT_LIKE = (
    r"non\s+(?:mi\s+piac(?:e|ciono)|amo|adoro)\s+(?:più\s+|molto\s+|affatto\s+|per niente\s+)?"
)

GRAMMAR = Grammar(
    comma=pattern(
        r"\s*[,:()]\s*|\s+-+\s+|\s+(?:e|ed|ma|però|quindi|poi)\s+(?=(?:io|mi|ti|il mio|la mia"
        r"|i miei"
        r"|le mie|mio|mia|tu|te|lei|lui|ho|sono|non|amo|adoro|lavoro|vivo|vengo|studio|parlo|gioco"
        r"|faccio|vado|odio|sto|suono|insegno|è|rispondi|rispondimi|chiamami|preferisco)\b)"
        r"|\s+(?:ma|però|perché|poiché|siccome)\s+"
    ),
    hedge=pattern(
        r"\b(?:se|quando|quand'ero|forse|dice|diceva|dicono|detto|chiesto|pensa|penso\sche"
        r"|credo\sche"
        r"|immagina|supponiamo|sogno|sognavo|prima|una\svolta|bambin[oa]\s(?:ero|amavo)|da\s"
        r"(?:bambin[oa]"
        r"|piccol[oa]|giovane)|ieri|oggi|stasera|stamattina|questa?\s(?:settimana|mese|anno"
        r"|volta|sera)"
        r"|quest'anno|recentemente|ex|in\spensione|quasi|presto|futur[oa]|come\sse|a\svolte|scherzo"
        r"|personaggio|finto|finta|per\sora|ero|avevo|sarei|sarò|vorrei\sessere|gioventù"
        r"|anni\sfa)\b"
    ),
    asking=pattern(
        r"^(?:(?:e|ma|allora|ciao)\s+)?(?:che|cosa|qual|quale|quali|come|perché|quanto|quanti|quante|chi|dove"
        r"|quando)\b"
        r"|\b(?:e\s(?:tu|te|lei|voi)|ti\spiac(?:e|ciono)|hai|sei)\b"
    ),
    for_others=pattern(
        r"\b(?:traduci\w*|traduzione|riformula\w*|correggi\w*|riscrivi\w*|lettera\sdi\s"
        r"(?:motivazione"
        r"|presentazione)|fai\sfinta|fingi\w*|gioco\sdi\sruolo|(?:scrivi|scrivimi)\s(?:un|una"
        r"|un'|il|la)\b)"
    ),
    once=pattern(
        r"\b(?:solo|soltanto|per\s(?:ora|adesso|questo|questa|stavolta)|stavolta"
        r"|in\squesto\scaso)\b"
    ),
    items=Items(
        joint=pattern(
            r"(?P<comma>\s*,\s*(?!ed?\b|o\b))|(?P<last>\s*,?\s+(?:e|ed|o|oppure)\s+)"
            r"|\s+(?:ma|però|perché|poiché|soprattutto|specialmente)\b"
        ),
        item=pattern(
            r"(?:(?P<article>(?:d[ie]l(?:l[ae])?\s|dell'|dei\s|degli\s|delle\s|di\s|il\s|lo\s"
            r"|la\s|i\s|gli\s|le\s"
            r"|l'|un\s|una\s|un'))|(?P<verb>(?=[^\W\d_]+(?:are|ere|ire|arsi|ersi|irsi|arre|orre"
            r"|urre)\b)))?"
            r"(?P<item>[\w+#][\w +#\x27\u2019&-]*?)(?:\s+(?:anche|molto|davvero|tanto"
            r"|moltissimo|pure|lol|haha"
            r"|più di tutto))?"
        ),
        never=pattern(
            r"\b(?:io|tu|te|ti|lui|lei|noi|voi|vi|loro|questo|questa|questi|queste|quello"
            r"|quella|quelle"
            r"|quei|quegli|che|chi|cui|non|più|mai|niente|nulla|è|é|sono|era|essere|avere|ha|ho|hai"
            r"|hanno|tuo|tua|tuoi|tue|suo|sua|suoi|sue|ci|lì|là|qui|qua|cosa|cose|come|così|troppo"
            r"|tutto|tutti|tutta|tutte|altro|altri|altra|altre|idea|fatto|modo|stesso|meglio|me"
            r"|risposte"
            r"|risposta|sto|grazie|bene|poi|senza|tranne|abbastanza|entrambi|entrambe|odio|uno"
            r"|nemmeno|neanche|soltanto|\w+(?:lo|la|li|le)\sanche|qualsiasi|qualche|fin|fino)\b"
            r"|^(?:il|lo|la|l')\s?(?:film|libro|nome|canzone|gruppo|stile|vita|posto|suono|tipo"
            r"|domanda)$"
            r"|^(?:(?:il|la|i|le)\s)?(?:mio|mia|miei|mie|nostro|nostra|nostri|nostre)\b"
            r"|^[^\W\d_]+(?:arlo|arla|arli|arle|erlo|erla|erli|erle|irlo|irla|irli|irle)\b"
        ),
    ),
    rules=(
        Rule(NAME, pattern(rf"{_LEAD}mi\s+chiamo\s+{_NO_NAME}{_NAME}")),
        Rule(NAME, pattern(rf"{_LEAD}il\s+mio\s+nome\s+(?:è|é|e')\s+{_NO_NAME}{_NAME}")),
        Rule(
            NAME,
            pattern(
                rf"{_LEAD}(?:puoi\s+chiamarmi|chiamami|mi\s+puoi\s+chiamare)\s+{_NO_NAME}{_NAME}"
            ),
        ),
        Rule(AGE, pattern(rf"{_LEAD}ho\s+(?:ora\s+|adesso\s+)?(?P<value>\d{{1,3}})\s+anni")),
        Rule(
            GENDER,
            pattern(rf"{_I_AM}(?:una?\s+)(?P<value>donna|uomo|ragazza|ragazzo|maschio|femmina)"),
        ),
        Rule(NATIONALITY, pattern(rf"{_I_AM}(?P<value>{_NATIONALITIES})")),
        Rule(
            NATIONALITY,
            pattern(
                rf"{_LEAD}vengo\s+(?:dalla\s|dal\s|dall'|dagli\s|dalle\s|da\s)"
                rf"(?P<value>{_COUNTRIES})"
            ),
        ),
        Rule(
            LANGUAGES,
            pattern(
                rf"{_LEAD}parlo\s+(?:anche\s+|bene\s+|correntemente\s+)?"
                rf"(?P<items>(?:l'|il\s|lo\s)?(?:{_LANGUAGES})(?:(?:\s*,\s*|\s+e\s+)(?:l'|il\s"
                rf"|lo\s)?(?:{_LANGUAGES})){{0,5}})"
            ),
        ),
        Rule(
            CAREER,
            pattern(
                rf"{_I_AM}(?:un\s+|una\s+|un'|uno\s+|il\s+|la\s+|l')?(?P<value>"
                rf"(?:{_PROFESSIONS}){_OF}){_REST}"
            ),
        ),
        Rule(
            CAREER,
            pattern(
                rf"{_LEAD}(?:lavoro\s+(?:anche\s+)?come|faccio\s+(?:anche\s+)?(?:il|la|lo"
                rf"|l'))\s*(?:un\s+|una\s+|un')?"
                rf"(?P<value>(?:{_PROFESSIONS}){_OF}){_REST}"
            ),
        ),
        Rule(STYLES, pattern(rf"{_WANT}(?P<value>risposte\s+(?:più\s+)?{_MANNER})")),
        Rule(
            FORMATS,
            pattern(rf"{_WANT}(?P<value>risposte\s+(?:con|in|per|sotto forma di)\s+{_FORM})"),
        ),
        Rule(STYLES, pattern(rf"{_ANSWER}(?P<value>{_ADVERB})(?:\s+per favore)?")),
        Rule(
            FORMATS,
            pattern(
                rf"{_ANSWER}(?:con|in|per|sotto forma di)\s+(?:un\s+|una\s+|degli\s+)?"
                rf"(?P<value>{_FORM})"
            ),
        ),
        Rule(INTERESTS, pattern(rf"{_LEAD}{_NOT_LIKE}(?P<items>.+)"), negated=True),
        Rule(INTERESTS, pattern(rf"{_LEAD}(?:{_LIKE}|{_FAN})(?P<items>.+)")),
        Rule(INTERESTS, pattern(rf"{_LEAD}(?:{_FAVOURITE}|{_HOBBY})(?P<items>.+)")),
        Rule(
            INTERESTS,
            pattern(
                r"(?P<items>(?:il|lo|la|i|gli|le)\s[\w -]{2,40}?|l'[\w -]{2,40}?"
                r"|[^\W\d_]+are\s[\w -]{2,30}?)\s+"
                r"(?:è|é|sono)\s+(?:il\s+|la\s+|i\s+|le\s+)?(?:mio|mia|miei|mie)\s+"
                r"(?:\w+\s+){0,2}?(?:preferit[oaie]|passion[ei])"
            ),
        ),
    ),
)
