"""Word lists of the English rules."""

from __future__ import annotations

from persona.offline.facts.finding import words

# No phrase that names a lasting interest contains one of these; where one stands, the list of
# interests is over.
STOPPERS = words("""
    i i'm i've i'd i'll im ive id me my mine myself you you're u ur ya your yours yourself
    he he's him his she she's her hers it it's its itself we we're us our ours they they're them
    their theirs this that that's these those who whom whose whoever what whatever where how why
    is isn't are aren't am was wasn't were weren't be been being do don't does doesn't did didn't
    has hasn't have haven't had hadn't having can can't cannot could couldn't will won't would
    wouldn't should shouldn't shall may might must gonna wanna gotta dont doesnt didnt cant wont
    not no never none nothing something anything everything someone somebody anyone everyone
    both either neither each every any such same another others one ones here there now then
    yet already soon again ever maybe perhaps probably possibly currently actually usually often
    just only even still really basically seriously very quite pretty rather
    likes loves enjoys hates says said wants needs thinks knows goes went got gets makes lives
    gives helps keeps brings comes came looks seems feels takes reminds calms relaxes relieves
    inspires started begins began makes became becomes turned moved need want wish think know
    participate
    because cause cuz bc thanks thank please sorry hello hi hey bye goodbye lol haha hahaha yes
    yeah yep nope ok okay sure wow oh well hmm glad hope guess suppose mean also
    whether though although despite during within without against
""")

# Words a phrase cannot begin with although they may stand inside one.
NOT_FIRST = words("""
    of in on at by near for from with to as like about around into onto out off up down over under
    after before between through the a an certain specific particular few several two three four
    five six seven eight nine ten first second third last next many much more most less least lots
    lot tons kinda mostly mainly especially particularly sometimes somewhat great
    nice too so et etc and or but hearing seeing knowing getting thinking feeling
""")

# Alone, these say too little, or speak of something that stands earlier in the conversation.
VAGUE = words("""
    thing things stuff idea ideas suggestion suggestions plan plans option options answer answers
    reply replies response responses question questions way ways part parts version draft choice
    people person guy guys girl girls man men woman women boy boys lady ladies kind kinds type
    types sort sorts bit style styles approach result results sound look looks place places area
    areas variety advice help feedback message messages topic topics point points table tables
    list lists bullets example examples detail details format formats tone fact facts conversation
    chat chats chatting talking doing going trying making using taking feeling challenge challenges
    all some others wife husband mom mum dad mother father son sons daughter daughters brother
    brothers sister sisters grandma grandpa hanging life learning living working waiting band
    bands activity activities hobby hobbies
    myself company story
    red blue green yellow orange purple pink black white grey gray brown silver gold
    ones pros cons fun stuffs shiny em
""")

# A person's beliefs, body and love life are theirs to enter.
SENSITIVE = words("""
    god jesus christ christian christianity catholic catholicism church churches bible quran koran
    islam muslim muslims mosque prayer praying pray worship buddhism buddhist hinduism hindu
    judaism jewish synagogue religion religious atheism atheist faith temple kosher halal
    politics political trump biden obama putin republican republicans democrat democrats socialism
    socialist communism communist capitalism conservative conservatives liberal liberals feminism
    feminist activism protest protests protesting abortion guns
    gay lesbian bisexual queer lgbt lgbtq transgender trans sex sexual porn kink fetish bdsm
    girls boys men women guys ladies dudes chicks girlfriend boyfriend
    drugs weed marijuana cannabis cocaine vaping smoking cigarettes antidepressants medication
    medicine therapy therapist diet dieting disease illness depression anxiety adhd autism
    nude nudes naked dating polyamory polyamorous flirting
""")

ADJECTIVES = words("""
    sunny warm hot cold cool rainy snowy cloudy windy dry humid mild spicy sweet sour salty bitter
    savory savoury fresh healthy light heavy big small large tiny short long tall old new young
    modern ancient classic classical contemporary traditional natural wild quiet calm peaceful
    loud soft hard easy simple complex deep dark bright fast slow good bad great nice fine funny
    sad happy scary cute pretty beautiful ugly clean dirty cheap expensive free rich poor strong
    weak real fake fermented aged smart intelligent kind honest polite warm-hearted interesting
    eclectic varied limited diverse broad broken awesome amazing underrated overrated popular famous
    dead over expensive similar exciting boring relaxing challenging indoor outdoor solo social
    creative artistic acoustic
    electronic live foreign local domestic international red blue green yellow orange purple pink
    black white grey gray brown silver gold golden different various unique strange weird
    crispy crunchy creamy fried grilled baked roasted steamed raw vegan vegetarian
    action adventure comedy horror romance romantic thriller mystery fantasy sci-fi scifi crime
    documentary historical rock pop jazz country folk metal indie rap hip-hop blues techno card
    board video computer summer winter spring autumn science adult
""")

# "horror and crime novels": the last noun belongs to both.
SHARED_HEADS = words("""
    movie movies film films music song songs cuisine cuisines food foods game games book books
    novel novels sport sports show shows series dish dishes culture cultures history literature
    art arts weather wine wines cheese cheeses tea teas stories comics dramas drama anime
    language languages animals cars bands fiction poetry architecture philosophy theater theatre
    activities colors colours clothes fashion places areas scenery people dogs cats desserts
    snacks drinks meals plants flowers
""")

# Gerunds that need an object: "watching and playing football" is one interest.
TRANSITIVE = words("""
    watching playing making taking trying doing going spending visiting meeting collecting
    building creating growing using exploring giving buying helping wearing owning listening
    getting fixing designing eating
""")

# After one of these with its object, a bare noun continues the object: "writing poems and songs".
SHARING = words("""
    creating writing making drawing painting collecting building designing taking shooting
    cooking baking studying learning growing trying visiting meeting teaching wearing exploring
    photographing helping breeding raising restoring fixing selling sewing knitting eating
""")

# Verbs that are no nouns: a later part of the list that begins with one is another statement.
PLAIN_VERBS = words("""
    go do make take get play eat read write watch listen visit sing draw cook bake buy sell live
    hate love like enjoy see feel find keep try use give help meet spend stay start teach learn
    dress wear own ride collect explore have can come look tell talk say ask believe care
""")

# Nouns that are an interest on their own, so that they never continue another's object.
ACTIVITIES = words("""
    music movies films photography art arts sports football soccer basketball baseball tennis
    badminton chess yoga travel travelling traveling books games nature animals dogs cats food
    fashion history science technology literature poetry theater theatre opera anime manga comics
    coffee tea wine politics philosophy psychology economics astronomy architecture gardening
    cars motorcycles volleyball golf rugby hockey cricket karate judo gymnastics aerobics pilates
    meditation calligraphy origami ballet karaoke hiking cooking baking swimming running dancing
    singing painting drawing reading writing
""")

PREPOSITIONS = words("""
    to in on at by near of around through from under along with for about over into across up
    during between beside
""")

# What "the" may introduce without pointing at something mentioned before.
DEFINITE = words("""
    outdoors beach ocean sea mountains countryside arts theater theatre opera piano guitar violin
    drums flute cello internet rain snow cold heat winter summer outdoors wilderness stars
    saxophone harp trumpet ukulele erhu guzheng beatles
""")

# Words that describe and, alone, also name a lasting interest.
GENRES = words("""
    rock jazz pop folk metal rap hip-hop blues techno country indie fantasy horror comedy thriller
    mystery romance sci-fi scifi winter summer autumn spring science country
""")

NOT_GERUNDS = words("""
    thing king ring spring morning evening string wing ceiling wedding sibling pudding sterling
    during nothing something anything everything
""")

# "and" inside these joins nothing.
PAIRS = frozenset({
    ("arts", "crafts"), ("rock", "roll"), ("drum", "bass"), ("fish", "chips"), ("r", "b"),
    ("mac", "cheese"), ("dungeons", "dragons"), ("black", "white"), ("hot", "sour"),
    ("sweet", "sour"), ("rhythm", "blues"), ("salt", "vinegar"), ("peanut", "jelly"),
    ("butter", "jelly"), ("bed", "breakfast"), ("bed", "breakfasts"), ("song", "dance"),
    ("track", "field"), ("martial", "arts"), ("sword", "sorcery"), ("guns", "roses"),
})  # fmt: skip

FAMILY = words("""
    family friends kids children wife husband partner girlfriend boyfriend parents grandchildren
    grandkids dog dogs cat cats pets
""")
