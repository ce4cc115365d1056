"""Words and short patterns from which the cues of roles are built."""

from __future__ import annotations

from typing import Final

# Words that may stand between the parts of a cue; many more would reach into another thought.
FEW: Final = r"(?:\S+\s){0,3}?"
TO_MARKER: Final = r"(?:\S+\s+){0,4}\S*$"
FAR_TO_MARKER: Final = r"(?:\S+\s+){0,14}\S*$"

OWN: Final = r"(?i)\b(?:we|ours?|us|(?:this|the present|present|current) (?:paper|work|study|article|thesis|research)|the proposed)\b"
OWN_FINDING: Final = (
    r"(?i)\b(?:our|these|this|the present|present|current|the)\s(?:[\w-]+\s){0,3}?"
    r"(?:results?|findings?|data|observations?|analys[ie]s|values?|conclusions?|study)\b"
    r"|\bwe (?:also )?(?:find|found|observed?|confirm(?:ed)?|note|report|show(?:ed)?)\b|^\s*(?:this|these) (?:is|are|was|were)\b"
)
OWN_SUBJECT: Final = (
    r"(?:we|i|this (?:paper|work|study|article)|our(?:\s[\w-]+){1,4}|the proposed(?:\s[\w-]+){1,3}|the present \w+)"
)

# Verbs of use in their base form and past tense; the -ing forms and participles stand without a subject.
USE: Final = (
    r"(?:use|employ|utili[sz]e|adopt|leverage|apply|follow|train|fine-?\s?tune|pre-?train|evaluate|test|analy[sz]e|implement|initiali[sz]e|rely on"
    r"|select|choose|consider|take|run|conduct|perform|experiment (?:with|on)|incorporate|integrate|combine|instantiate|borrow|optimi[sz]e"
    r"|report|measure|compute|calculate|estimate|generate|sample|prompt|query|deploy|resort to|start (?:from|with)|include|collect"
    r"|obtain|extract|parse|quanti[sz]e|distill?|replace|set|solve|download|embed|encode|annotate|assess|finetune|benchmark|validate|construct)"
)
USED: Final = (
    r"(?:used|employed|adopted|utili[sz]ed|leveraged|applied|followed|trained|fine-?\s?tuned|pre-?trained|evaluated|tested|implemented|initiali[sz]ed"
    r"|selected|chosen|chose|considered|taken|took|ran|conducted|performed|experimented (?:with|on)|incorporated|integrated|combined|borrowed"
    r"|optimi[sz]ed|measured|computed|calculated|estimated|generated|sampled|prompted|deployed|included|collected|obtained|extracted|parsed"
    r"|quanti[sz]ed|distill?ed|replaced|set|solved|downloaded|embedded|encoded|annotated|assessed|benchmarked|validated|constructed|analy[sz]ed"
    r"|carried out|determined|scored|prepared|isolated|recorded|fitted|purchased|derived|drawn|processed|quantified|detected|corrected|normali[sz]ed)"
)
USING: Final = (
    r"(?:using|employing|utili[sz]ing|adopting|leveraging|applying|training|fine-?\s?tuning|evaluating|testing|running|with|via|through"
    r"|by means of|based on)"
)
LACK: Final = (
    r"(?:lack(?:s|ing)?|fail(?:s|ed|ing)?|suffer(?:s|ed)?|limited|limits|limitations?|struggles?|neglects?|ignores?|overlooks?"
    r"|unexplored|under-?explored|unclear"
    r"|unknown|unresolved|prohibitive(?:ly)?|expensive|costly|inefficien(?:t|cy)|insufficient|inadequate|hinders?|impractical"
    r"|infeasible|vulnerable|unstable|instability|open (?:question|problem)|little (?:is known|attention|work)|rarely|scarce|cannot|unable|difficult"
    r"|shortcomings?|drawbacks?|gaps?|few (?:studies|works?)|not yet|prone to|degrad(?:e|es|ation)|remains? (?:\w+ )?(?:an? )?(?:open|elusive|hard))"
)
