"""The words that decide what a citing sentence does with the cited work, as patterns over the parts of its reading.

Each pattern's first group is the cue as it is published. The lists are our own; they were written while reading citing
sentences of machine-learning papers and of sets that allow it, and hold no sentence of either. Cues stand in the order
in which they are asked: what is rare and plain comes before what is common and vague.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from almanac_assets.citations.words import (
    FAR_TO_MARKER,
    FEW,
    LACK,
    OWN_SUBJECT,
    TO_MARKER,
    USE,
    USED,
    USING,
)

Patterns = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cue:
    """A named group of patterns for one role; asked only where `when` holds.

    - always
    - own: the sentence speaks of the own work
    - own_or_done: it does, or stands where own work is told (method, experiments, results, appendix)
    - done: it stands there; data_done: there, and the cited work is data
    - finding: own evidence is told, or the section weighs it
    - untold: anywhere but in an introduction or in related work
    - undone: not where own work is told, and nobody says "we" before the marker
    - not_granted: undone, and the clause does not grant a merit first ("while [1] has advanced ...")
    - told: in an introduction or in related work, without a word of the own work
    """

    name: str
    role: str
    when: str
    patterns: Patterns


CUES: Final[tuple[Cue, ...]] = (
    Cue(
        "future",
        "future_work",
        "untold",
        (
            (
                "sentence",
                r"(?i)\b((?:in |for |as |our |leave .{0,60}?)?(?:the )?(?:near )?future (?:works?|research|studies|directions?|extensions?"
                r"|investigations?|improvements?|versions?|experiments?))\b",
            ),
            ("sentence", r"(?i)\b((?:in|for) (?:the )?(?:near )?future)\b"),
            (
                "sentence",
                r"(?i)\b(we (?:also )?(?:plan|intend) to (?:also )?(?:extend|explore|investigate|apply|incorporate|integrate|test|use|try|study"
                r"|include|add|combine|improve))\b",
            ),
            (
                "sentence",
                r"(?i)\b((?:it|this) (?:would|might|may|will) (?:also )?be (?:an? )?(?:interesting|worthwhile|promising|useful) (?:\w+ )?to"
                r"|(?:another|an?|interesting|promising) (?:\w+ )?(?:avenue|direction)s? (?:is|are|include|includes|would be|for future)"
                r"|remains to be (?:seen|explored|tested))\b",
            ),
        ),
    ),
    Cue(
        "evaluation_extended",
        "uses",
        "always",
        (
            (
                "clause",
                r"(?i)\b((?:we|our)\s(?:\S+\s){0,2}?extend(?:ed|s)? (?:our |the |this )?(?:\w+ )?(?:evaluation|investigation|analysis|experiments?"
                r"|study|comparisons?)s? (?:to|with|on))\b",
            ),
        ),
    ),
    Cue(
        "extends",
        "extends",
        "always",
        (
            (
                "clause",
                rf"(?i)\b({OWN_SUBJECT}\s{FEW}(?:is|are|can be (?:seen|viewed|considered|regarded) as)\s{FEW}(?:extensions?"
                rf"|generali[sz]ations?|variants?|adaptations?|modifications?|modified version)\s(?:of|to))\b",
            ),
            (
                "clause",
                rf"(?i)\b({OWN_SUBJECT}\s(?:(?:\w+ly|also|further|first|then|can|is|are|was|were|be)\s)*(?:(?:extend|modifie|adapt"
                rf"|augment)(?:s|d|ed)?|modify|builds? (?:directly )?(?:up)?on|built (?:up)?on|generali[sz]e[sd]? (?:the|this|a|an|their|prior"
                rf"|previous|¤)|improves? (?:up)?on|goes beyond|go beyond))\b",
            ),
        ),
    ),
    Cue(
        "built_on",
        "extends",
        "own",
        (
            (
                "near",
                rf"(?i)\b(building (?:directly )?(?:up)?on(?: top of)?|(?:an?|the|our) (?:\w+ )?extension of|an? (?:\w+ )?(?:modified|extended"
                rf"|improved|adapted|enhanced|simplified) (?:version|variant|form)s? of|modification of|adapted from|modified from"
                rf"|adaptation of)\s{TO_MARKER}",
            ),
            ("ahead", r"(?i)^\W*(?:is|are|was|were)? ?((?:extended|modified|adapted|generali[sz]ed) (?:to|for))\b"),
        ),
    ),
    Cue(
        "inspired",
        "motivation",
        "own",
        (
            (
                "clause",
                r"(?i)\b((?:inspired|motivated|encouraged|prompted) by|inspiration from|draw(?:s|ing)? (?:\w+ )?inspiration|motivates? (?:us|our"
                r"|the)|in the spirit of|following the (?:success|idea|insight|intuition)s?)\b",
            ),
            (
                "ahead",
                r"(?i)^\W*(?:\S+\s){0,4}?((?:motivat|inspir)(?:es?|ed) (?:us|our|this|the (?:present|current|use))|(?:has|have) (?:motivated"
                r"|inspired) (?:us|our|this))\b",
            ),
        ),
    ),
    Cue(
        "compared",
        "compares",
        "always",
        (
            (
                "clause",
                r"(?i)\b((?:we|our|ours|proposed|this (?:paper|work|study)|table|figure|fig\.)\s.{0,60}?\b(?:compar(?:e|ed|es|ing)|comparisons?"
                r"|benchmarked|contrast(?:ed|s|ing)?)\s(?:\S+\s){0,12}?(?:with|to|against|between|of|over|include|including|are)|(?:evaluat(?:e|ed"
                r"|ing)|benchmark|test(?:ed)?|assess(?:ed)?|validate)\s(?:\S+\s){0,10}?against)\b",
            ),
        ),
    ),
    Cue(
        "likened",
        "compares",
        "finding",
        (
            (
                "near",
                rf"(?i)\b(compar(?:ed|ing|able|ison) (?:with|to|against)|as compared|relative to|in comparison (?:with|to)|as opposed to"
                rf"|(?:in )?(?:sharp |stark |marked |direct )?contrast(?:s|ed|ing)? (?:to|with)|contrary to|unlike|at variance with"
                rf"|different(?:ly)? (?:from|than|to)|differs? (?:\S+\s){{0,4}}?from|differences? (?:between|from|to)|distinct from"
                rf"|departs? from)\s{TO_MARKER}",
            ),
            (
                "clause",
                rf"(?i)\b(consistent(?:ly)? with|in (?:\w+ )?(?:line|agreement|accordance|accord|keeping|concordance|consensus|concert) with"
                rf"|line with|agree(?:s|d|ment)? (?:\w+ )?with|accords? with|concur(?:s|red)? with|coincides? with|(?:conflicts?|inconsistent"
                rf"|incompatible|disagrees?|disagreement) with|contradict(?:s|ed|ing)?|corroborat(?:es?|ed|ing)|(?:support|confirm|reinforc|replicat"
                rf"|validat)(?:e|es|s|ed|ing)? (?:the|this|that|these|previous|prior|earlier|recent|by)|echo(?:es|ing)?|aligns with"
                rf"|aligning with)\s{FAR_TO_MARKER}",
            ),
            (
                "near",
                rf"(?i)\b(similar(?:ly|ities|ity)? (?:to|with|as)|(?:is|are|was|were) similar|similarity (?:to|with)|analogous(?:ly)? to|akin to"
                rf"|reminiscent of|resembles?|equivalent to|comparable (?:to|with)|close to|closely related to|closest to|mirrors?"
                rf"|matches)\s{TO_MARKER}",
            ),
        ),
    ),
    Cue(
        "outdone",
        "compares",
        "finding",
        (
            (
                "clause",
                r"(?i)\b((?:we|our|ours|proposed|model|method|approach|system|results?|scores?|performance)\s.{0,80}?\b(?:outperform(?:s|ed|ing)?"
                r"|surpass(?:es|ed|ing)?|exceed(?:s|ed|ing)?|improve(?:s|d|ment)? (?:over|upon)|on par with|superior to|inferior to"
                r"|competitive (?:with|to)))\b",
            ),
            (
                "near",
                rf"(?i)\b((?:higher|lower|better|worse|greater|smaller|larger|faster|slower|stronger|weaker|fewer|less"
                rf"|more)\s(?:\S+\s){{0,3}}?than)\s{TO_MARKER}",
            ),
            (
                "near",
                r"(?i)\b((?:[\w-]+ )?(?:baselines?|competitors)(?: methods?| models?| approaches| systems?)?)(?:,? (?:including|includes?|such as"
                r"|are|like)\b.*|:.*|\s?\([^)]*)?\s*$",
            ),
            (
                "ahead",
                r"(?i)^\W*(?:\S+\s){0,3}?((?:as|is|are|serves? as) (?:our |the |a |an |strong |primary |main )*(?:\S+\s)?(?:baselines?|competitors?"
                r"|comparison)|baselines?|by (?:a )?(?:large |significant )?margin)\b",
            ),
        ),
    ),
    Cue(
        "same_finding",
        "compares",
        "finding",
        (
            (
                "ahead",
                r"(?i)^\W*(?:also |have |has |had )*((?:reported|found|observed|obtained|showed|shown) (?:\w+ )?(?:similar|comparable|the same"
                r"|consistent|contradictory|conflicting|different|higher|lower))\b",
            ),
            (
                "sentence",
                r"(?i)\b((?:similar|comparable|consistent|identical|analogous|contrasting|contradictory|conflicting|opposite|different) (?:results?"
                r"|findings?|observations?|trends?|effects?|conclusions?|patterns?|values?) (?:were|was|have|has|had|are|is|to|with|in|from|as))\b",
            ),
            (
                "sentence",
                r"(?i)\b((?:as|than) (?:has |have |had )?(?:been )?(?:previously )?(?:reported|found|observed|noted|seen|suggested|predicted) (?:by"
                r"|in|for|previously|elsewhere|earlier))\b",
            ),
            (
                "own_part",
                r"(?i)\b((?:similar to|consistent with|contrast to|contrary to|agreement with|line with|accordance with|support(?:s|ed|ing)?"
                r"|than) (?:our|ours|the present|this study)(?: \w+)?)\b",
            ),
        ),
    ),
    Cue(
        "we_use",
        "uses",
        "always",
        (
            ("clause", rf"(?i)\b((?:we|i)\s(?:\S+\s){{0,4}}?(?:{USE}|{USED}|{USING}))\b"),
            (
                "clause",
                rf"(?i)\b((?:this (?:paper|work|study|article)|our(?:\s[\w-]+){{1,5}})\s(?:is|are|was|were|has been|have been)\s{FEW}(?:{USED}"
                rf"|based on|done|made))\b",
            ),
            (
                "clause",
                rf"(?i)\b((?:our(?:\s[\w-]+){{1,4}}|this (?:paper|work|study))\s{FEW}(?:uses|employs|utili[sz]es|adopts|leverages|applies|follows"
                rf"|relies on|incorporates|integrates|combines|consists? of|includes?|covers?|spans?))\b",
            ),
        ),
    ),
    Cue(
        "as_in",
        "uses",
        "own_or_done",
        (
            (
                "near",
                r"(?i)(?:^|[\s(,])(following(?: (?:the|prior|previous|existing|recent|standard|common|earlier|original))*(?: (?:works?|stud(?:y|ies)"
                r"|practices?|methods?|approach(?:es)?|protocols?|setups?|settings?|procedures?|conventions?|implementations?|recipes?|literature"
                r"|papers?))?(?: (?:of|in|from|by|as in))?|according to|in accordance with|as in|(?:based on|per|via) the (?:\S+\s)?(?:method"
                r"|procedure|protocol|approach|algorithm)s? (?:of|by|in|from|described)|(?:provided|released) by|(?:obtained|taken|borrowed"
                r"|downloaded) from)(?: \S+)?\s*$",
            ),
            (
                "near",
                r"(?i)(?:^|[\s(,])((?:as |was |were |is |are )?(?:previously |also |earlier |originally |fully )?(?:described|detailed|outlined"
                r"|recommended|specified|suggested|done|implemented)(?: previously| elsewhere| before| earlier| in detail)?(?: (?:by|in|for))?"
                r"|(?:the |using the )same (?:\S+\s){1,4}?(?:as|of|in|from))(?: \S+)?\s*$",
            ),
        ),
    ),
    Cue(
        "used_here",
        "uses",
        "own_or_done",
        (
            ("ahead", rf"(?i)^\W*(?:\S+\s){{0,5}}?((?:is|are|was|were|being)\s(?:\w+\s)?{USED})\b"),
            (
                "ahead",
                r"(?i)^\W*(?:\S+\s){0,3}?((?:as|for) (?:our|the|a) (?:\S+\s){0,3}?(?:base|backbone|base model|judge|optimi[sz]er|encoder|evaluator"
                r"|test ?bed|initiali[sz]ation|reward model|teacher|dataset|benchmark))\b",
            ),
            (
                "ahead",
                r"(?i)^\W*(to (?:evaluate|train|compute|measure|assess|extract|generate|obtain|estimate|test|calculate|determine|initiali[sz]e"
                r"|perform|solve|annotate))\b",
            ),
            (
                "ahead",
                r"(?i)^\W*(?:\S+\s){0,2}?((?:with|using) (?:a |the )?(?:\S+\s)?(?:learning rate|batch size|weight decay|default (?:settings"
                r"|parameters|hyper-?parameters)|rank))\b",
            ),
        ),
    ),
    Cue(
        "done_here",
        "uses",
        "done",
        (
            ("near", rf"(?i)\b({USING})\s(?:\S+\s+){{0,4}}\S*$"),
            ("clause", rf"(?i)\b((?:is|are|was|were)\s(?:\w+\s)?{USED}(?:\s(?:on|with|by|in|from|via))?)\b"),
            ("clause", rf"(?i)^\W*({USED}\s(?:on|with|by|in|from|via|using))\b"),
            (
                "clause",
                r"(?i)\b((?:data ?sets?|benchmarks?|corpora|tasks|metrics|test sets?|evaluation|experiments?)\b(?:\S*\s){0,4}?(?:include|including"
                r"|are|consists? of|cover|span|such as|on)|stage uses|(?:implemented|available) (?:in|on|with))\s(?:\S+\s+){0,14}\S*$",
            ),
        ),
    ),
    Cue(
        "on_data",
        "uses",
        "data_done",
        (("near", r"(?i)\b(on|include|including)\s(?:\S+\s+){0,6}\S*$"),),
    ),
    Cue(
        "gap_granted",
        "motivation",
        "undone",
        (("clause", rf"(?i)(\b(?:while|although|though)\b.*\b{LACK})\b"),),
    ),
    Cue(
        "gap",
        "motivation",
        "not_granted",
        (
            (
                "own_part",
                rf"(?i)(\b(?:however|yet|nevertheless|unfortunately|but|nonetheless)\b.*\b{LACK})\b",
            ),
            (
                "own_part",
                r"(?i)\b((?:there is|there remains|exists) (?:still )?(?:a |an |no |little |limited )(?:\w+ ){0,2}(?:need|gap|lack|consensus"
                r"|understanding|evidence|research)|poorly understood|remains? (?:largely |still )?(?:unclear|unknown|challenging|elusive|an open"
                r"|underexplored|unexplored)|(?:is|are|remains?|poses?|presents?) (?:an? |the )?(?:\w+ )?(?:challenge|concern|obstacle)s?"
                r"|raises? (?:\w+ )?concerns?)\b",
            ),
        ),
    ),
    Cue(
        "known",
        "background",
        "undone",
        (
            (
                "clause",
                r"(?i)\b((?:recent|previous|prior|earlier|existing|early|other|several|many|some|most|various|numerous|subsequent|related|concurrent"
                r"|traditional|classical|conventional|a (?:number|variety|line|body) of|another) (?:\S+ ){0,4}?(?:works?|studies|study|research"
                r"|researchers|methods|approaches|efforts|models|papers|literature|advances|progress|techniques|algorithms|systems|authors"
                r"|investigations|attempts|strategies|frameworks|line|trials|reports))\b",
            ),
            (
                "clause",
                r"(?i)\b((?:has|have|had) (?:\w+ )?(?:been|emerged|become|gained|attracted|received|achieved|made|led|advanced|shown|demonstrated"
                r"|proposed|explored|focused|revolutioni[sz]ed|seen|enabled|evolved|established|witnessed|proven|reported|suggested|found"
                r"|investigated|examined|studied|used))\b",
            ),
            (
                "clause",
                r"(?i)\b((?:was|were|is|are|been) (?:\w+ )?(?:shown|proposed|introduced|studied|developed|demonstrated|explored|investigated"
                r"|described|reported|known|observed|suggested|presented|published|addressed|discussed|pioneered|established|identified|implicated"
                r"|associated|linked|thought|believed))\b",
            ),
            (
                "near",
                rf"(?i)(?:^|[\s(,])(such as|e\.g\.?,?|for example,?|for instance,?|like|including|see(?: also)?|cf\.?|i\.e\.,?|known as|called|termed"
                rf"|so-called)\s{TO_MARKER}",
            ),
            (
                "clause",
                r"(?i)\b(widely|commonly|frequently|typically|often|usually|generally|traditionally|well[- ]known|popular|originally|can be|may be"
                r"|refers? to|is (?:an?|the|one)|are (?:an?|the|among)|known to)\b",
            ),
        ),
    ),
    Cue(
        "told_of_it",
        "background",
        "undone",
        (
            (
                "ahead",
                r"(?i)^\W*(?:\(?[\w-]+\)?\s){0,3}?((?:first |also |further |then |later |recently |have |has |had |been )*(?:propos|introduc|present"
                r"|show|shown|demonstrat|develop|stud|investigat|find|found|report|suggest|argu|observ|examin|explor|describ|provid|address|discuss"
                r"|us|employ|achiev|defin|consider|enabl|leverag|extend|improv|formulat|combin|analy[sz]|reveal|learn|aim|focus|convert|establish"
                r"|identif|conclud|claim|not|highlight|offer|adopt|utili[sz]|incorporat|integrat|reli|replac|optimi[sz]|build|built|allow)(?:e|es|ed"
                r"|s|y|ies|ied|d)?)\b",
            ),
            (
                "ahead",
                r"(?i)^\W*(?:\(?[\w-]+\)?\s){0,3}?((?:is|are|was|were|has|have|had|can|may|could|became|becomes?|remains?) (?:\S+\s)?\w+)",
            ),
        ),
    ),
    Cue("told", "background", "told", ()),
)
