"""Recognises professions in English."""

from __future__ import annotations

import re

from persona.offline.facts.finding import words

# A phrase that ends in one of these names a profession.
_PROFESSIONS = words("""
    accountant actor actress actuary anesthesiologist animator anthropologist apprentice arborist
    archaeologist architect archivist astronaut astronomer attorney auctioneer auditor author baker
    banker barber barista bartender beautician biochemist biologist blacksmith bookkeeper
    bookseller botanist brewer bricklayer broker builder butcher butler captain caregiver carer
    caretaker carpenter cartographer cashier caterer chauffeur chef chemist chiropractor
    choreographer cleaner clerk coder cobbler columnist comedian composer concierge conductor
    conservator consultant controller copywriter coroner correspondent cosmetologist counselor
    counsellor courier curator custodian dentist dermatologist designer detective developer
    dietician dietitian diplomat dishwasher dispatcher diver doctor doorman draftsman ecologist
    economist editor electrician endocrinologist engineer entrepreneur epidemiologist executive
    farmer fashion-designer filmmaker firefighter fireman fisherman florist freelancer gardener
    geographer geologist geophysicist glazier goldsmith grocer hairdresser hairstylist handyman
    historian housekeeper housewife hydrologist illustrator immunologist instructor intern
    interpreter inspector investor janitor jeweler jeweller jockey journalist judge lawyer lecturer
    librarian linguist locksmith logistician machinist magician maid makeup-artist marketer
    mathematician mechanic meteorologist microbiologist midwife miner model mortician musician
    nanny neurologist neuroscientist neurosurgeon notary novelist nurse nutritionist
    obstetrician oncologist optician optometrist orthodontist painter paralegal paramedic
    pathologist pediatrician paediatrician pharmacist philosopher photographer photojournalist
    physician physicist physiotherapist pilot playwright plumber podiatrist poet policeman
    policewoman postman potter producer professor programmer psychiatrist psychologist publicist
    publisher radiographer radiologist realtor receptionist recruiter reporter researcher
    roofer sailor salesman salesperson saleswoman scientist screenwriter sculptor seamstress
    secretary seismologist shopkeeper singer social-worker sociologist soldier sonographer
    statistician stewardess stockbroker stylist surgeon surveyor tailor tattooist teacher
    technician technologist telemarketer teller therapist trader translator trucker tutor
    typist undertaker underwriter upholsterer urologist usher veterinarian vet videographer
    waiter waitress warehouseman watchmaker webmaster welder woodworker writer zoologist
    zookeeper dancer dj ballerina artist musicologist student undergraduate postgraduate postdoc
    pensioner civil-servant
""")
# These need to be told what kind: "police officer", "dog walker", "store manager".
_KINDS = words("""
    officer guide attendant assistant worker agent operator manager director coach trainer driver
    walker clerk owner representative rep keeper maker seller specialist analyst administrator
    admin coordinator supervisor planner strategist advisor adviser associate buyer fighter
    hunter guard inspector installer investigator lead major officer-in-charge patrolman partner
    player practitioner processor scholar servant server shipper sitter candidate technician
    tester staff educator librarian broker artist scientist expert contractor foreman
    appraiser bagger cook groomer handler host hostess laborer labourer lifeguard steward
    controller creator blogger streamer youtuber trainee resident fellow ceo cto cfo founder
""")
_NOT_KINDS = words("""
    team hard great good big business-minded chess video game card board soccer-mom only sole
    pro project-minded happy proud home house car dog cat pet bag treasure bargain ghost crime fire
    light slow fast quick new first main real life soul sleeping dance sparring role player tennis
    point golf guitar piano basketball football soccer badminton poker volleyball key major single
""")
_ALLOWED_PAIRS = frozenset({
    ("business", "owner"), ("dog", "walker"), ("dog", "groomer"), ("pet", "sitter"),
    ("house", "sitter"), ("dog", "sitter"), ("life", "coach"), ("dog", "trainer"),
    ("fire", "officer"), ("game", "tester"), ("game", "designer"), ("home", "inspector"),
    ("crime", "analyst"), ("dance", "coach"), ("tennis", "coach"), ("golf", "coach"),
    ("soccer", "coach"), ("football", "coach"), ("basketball", "coach"), ("crime", "investigator"),
    ("car", "seller"), ("video", "creator"), ("game", "tester"), ("home", "attendant"),
    ("business", "analyst"), ("dance", "trainer"),
})  # fmt: skip
# With one of these before it, the profession is a wish, the past, a pastime or a verdict.
_NOT_NOW = words("""
    aspiring amateur budding future former ex retired wannabe would-be hobby hobbyist natural born
    failed self-proclaimed self-described unemployed good great terrible bad awful amazing
    excellent decent ok okay horrible wonderful brilliant better best lousy mediocre poor fine
    passable crappy shitty perfect slow fast quick straight-a lifelong life-long constant eternal
    perpetual huge big avid keen passionate complete total secret closet armchair master wonderful
    weekend sunday bedroom home imaginary fictional virtual pretend fake old-time
    serious enthusiastic curious eager careful a totally completely basically impaired disabled deaf
    blind christian catholic muslim jewish gay lesbian trans black white republican democrat liberal
    conservative communist feminist
""")
_UNNEEDED = words("""
    proud simple humble busy lowly mere young fellow local licensed boring popular famous successful
    recently newly hired trained certified
""")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’/-]*")
_ENDS = re.compile(
    r"\s*(?:$|[,;:!()–—\x00]|-\s|(?:and|but|so|at|in|for|from|by|now|too|currently|working"
    r"|with (?:\d|over|many|several|more)"
    r"|based|living|here|because|since|myself|as well|speciali[sz]ing|focus(?:ing|ed)|i)\b)",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    r"\s*(?:in training|at (?:heart|home)|by heart|on the side"
    r"|in (?:my|the|this|a|your|another) (?:dreams?|spare|free|game|story|novel|play|book|past"
    r"|next|making|former|previous|role|head|imagination|film|movie|campaign|life)"
    r"|for (?:halloween|fun|the day|a day)|and (?:i )?(?:was|used))\b",
    re.IGNORECASE,
)
_LONGEST = 6


def profession(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where the profession stands that text[start:end] begins with, if it does."""
    phrase: list[re.Match[str]] = []
    position = start
    while len(phrase) < _LONGEST and (word := _WORD.match(text, position, end)):
        if phrase and _ENDS.match(text, position, end):
            break
        phrase.append(word)
        position = word.end() + (text[word.end() : word.end() + 1] == " ")
    while phrase and phrase[0][0].lower() in _UNNEEDED:
        del phrase[0]
    if not phrase or not _ENDS.match(text, phrase[-1].end(), end):
        return None
    if _NOT_AFTER.match(text, phrase[-1].end(), end):
        return None
    own = [word[0].lower() for word in phrase]
    if not _NOT_NOW.isdisjoint(own) or any("'" in word or "’" in word for word in own):
        return None
    return (phrase[0].start(), phrase[-1].end()) if _is_profession(own) else None


def _is_profession(own: list[str]) -> bool:
    head = own[-1].removesuffix("-in-chief")
    if head in _PROFESSIONS or head.rsplit("/", 1)[-1] in _PROFESSIONS:
        return True
    if head not in _KINDS or len(own) < 2:
        return False
    return own[-2] not in _NOT_KINDS or (own[-2], head) in _ALLOWED_PAIRS
