"""Tables of the LaTeX commands that arXiv authors use, with the Unicode text that stands for each.

The names are those of LaTeX and its usual packages; which of them stand here was decided by counting the commands in
68,069 arXiv abstracts: one seen there twice has its row, unless the rule for unknown commands reads it well enough.
"""

from __future__ import annotations

from typing import Final

_GREEK: Final = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "varpi": "ϖ", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "φ",
    "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ",
    "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "eps": "ε",
}  # fmt: skip

_RELATIONS: Final = {
    "times": "×", "texttimes": "×", "leq": "≤", "le": "≤", "leqslant": "≤", "geq": "≥", "ge": "≥", "geqslant": "≥",
    "ll": "≪", "gg": "≫", "neq": "≠", "ne": "≠", "approx": "≈", "simeq": "≃", "cong": "≅", "asymp": "≍", "equiv": "≡",
    "sim": "~", "propto": "∝", "pm": "±", "mp": "∓", "cdot": "·", "div": "÷", "ast": "*", "star": "⋆", "bullet": "•",
    "lesssim": "≲", "gtrsim": "≳", "prec": "≺", "succ": "≻", "preceq": "⪯", "succeq": "⪰", "in": "∈", "notin": "∉",
    "ni": "∋", "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "supseteq": "⊇", "cup": "∪", "cap": "∩", "bigcup": "⋃",
    "bigcap": "⋂", "setminus": "∖", "mid": "|", "parallel": "∥", "perp": "⊥", "vdash": "⊢", "dashv": "⊣", "vDash": "⊨",
    "models": "⊨", "wedge": "∧", "land": "∧", "vee": "∨", "lor": "∨", "oplus": "⊕", "ominus": "⊖", "otimes": "⊗",
    "odot": "⊙", "boxtimes": "⊠", "ltimes": "⋉", "rtimes": "⋊", "circ": "∘", "triangleq": "≜", "doteq": "≐",
    "coloneqq": "≔", "colon": ":", "lVert": "‖", "rVert": "‖", "Vert": "‖", "lvert": "|", "rvert": "|", "vert": "|",
}  # fmt: skip

_ARROWS: Final = {
    "to": "→", "rightarrow": "→", "longrightarrow": "→", "textrightarrow": "→", "leftarrow": "←", "gets": "←",
    "longleftarrow": "←", "leftrightarrow": "↔", "longleftrightarrow": "↔", "Rightarrow": "⇒", "implies": "⇒",
    "Longrightarrow": "⇒", "Leftarrow": "⇐", "Leftrightarrow": "⇔", "iff": "⇔", "mapsto": "↦", "uparrow": "↑",
    "downarrow": "↓", "updownarrow": "↕", "Uparrow": "⇑", "Downarrow": "⇓", "nearrow": "↗", "searrow": "↘",
    "rightleftharpoons": "⇌", "hookrightarrow": "↪", "rightharpoonup": "⇀", "circlearrowright": "↻",
    "nrightarrow": "↛", "leadsto": "⇝", "rightsquigarrow": "⇝",
}  # fmt: skip

_SIGNS: Final = {
    "infty": "∞", "partial": "∂", "nabla": "∇", "sum": "∑", "prod": "∏", "int": "∫", "oint": "∮", "forall": "∀",
    "exists": "∃", "nexists": "∄", "neg": "¬", "lnot": "¬", "emptyset": "∅", "varnothing": "∅", "ell": "ℓ",
    "hbar": "ℏ", "Re": "ℜ", "Im": "ℑ", "aleph": "ℵ", "angle": "∠", "prime": "′", "top": "⊤", "bot": "⊥",
    "langle": "⟨", "rangle": "⟩", "lceil": "⌈", "rceil": "⌉", "lfloor": "⌊", "rfloor": "⌋", "lbrace": "{",
    "rbrace": "}", "lbrack": "[", "rbrack": "]", "ldots": "…", "dots": "…", "cdots": "⋯", "dotsc": "…", "dotsb": "⋯",
    "textellipsis": "…", "vdots": "⋮", "ddots": "⋱", "square": "□", "Box": "□", "blacksquare": "■", "triangle": "△",
    "Diamond": "◇", "diamond": "⋄", "bigcirc": "○", "bigstar": "★", "checkmark": "✓", "cmark": "✓", "xmark": "✗",
    "dagger": "†", "dag": "†", "ddagger": "‡", "ddag": "‡", "S": "§", "P": "¶", "copyright": "©", "pounds": "£",
    "textregistered": "®", "texttrademark": "™", "texteuro": "€", "euro": "€", "EUR": "€", "textcent": "¢",
    "textyen": "¥", "deg": "°", "degree": "°", "textdegree": "°", "textmu": "µ", "micro": "µ", "percent": "%",
    "textpercent": "%", "textperthousand": "‰", "textpm": "±", "textasciitilde": "~", "textasciicircum": "^",
    "textunderscore": "_", "textbar": "|", "textless": "<", "textgreater": ">", "lt": "<", "gt": ">",
    "textdollar": "$", "textendash": "–", "textemdash": "—", "textquoteleft": "‘", "textquoteright": "’",
    "textquotedblleft": "“", "textquotedblright": "”", "textbackslash": "\\", "backslash": "\\", "textbullet": "•",
    "slash": "/", "spadesuit": "♠", "heartsuit": "♥", "clubsuit": "♣", "flat": "♭", "sharp": "♯", "natural": "♮",
    "item": "•", "eg": "e.g.", "ie": "i.e.", "etal": "et al.", "etc": "etc.", "quad": " ", "qquad": " ", "newline": " ",
    "par": " ", "and": " ", "space": " ",
}  # fmt: skip


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


LETTERS: Final = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "aa": "å", "AA": "Å", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ",
    "NG": "Ŋ",
}  # fmt: skip
"""Letters of their own; the blank that ends such a command is no blank of the text."""

SYMBOLS: Final = _GREEK | _RELATIONS | _ARROWS | _SIGNS
"""Command name to the text that stands for it."""

COMBINING: Final = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a", "b": "\u0331",
    "d": "\u0323", "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304",
    "overline": "\u0304", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7", "check": "\u030c", "breve": "\u0306",
    "acute": "\u0301", "grave": "\u0300", "Tilde": "\u0303", "Hat": "\u0302", "Bar": "\u0304",
}  # fmt: skip
"""Accent command to the combining mark that follows the letter."""

FUNCTIONS: Final = _words(
    """
    arccos arcsin arctan arg argmax argmin cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf
    limsup ln log max min mod poly Pr sec sin sinh sup tan tanh
    """
)
"""Operators that stand by their name, set off by blanks."""

SILENT: Final = _words(
    """
    emph textit textbf texttt textsc textrm textsf textup textsl textmd textnormal text mathrm mathbf mathit
    mathsf mathtt mathcal mathscr mathfrak mathnormal bm boldsymbol boldmath pmb operatorname mbox hbox fbox
    ensuremath mathop mathbin mathrel underline uline underbrace overbrace bf it rm sc sf tt em sl cal bfseries
    itshape scshape rmfamily sffamily ttfamily upshape normalfont tiny scriptsize footnotesize small normalsize
    large Large LARGE huge Huge displaystyle textstyle scriptstyle left right middle big Big bigg Bigg bigl bigr
    Bigl Bigr biggl biggr bigm limits nolimits protect noindent centering xspace allowbreak nobreak linebreak
    smallskip medskip bigskip smash not  num boxed uppercase lowercase expandafter relax
    sloppy
    """
)
"""Commands that change only the look: dropped, their argument stays."""

DROPPED: Final = _words(
    """
    cite citep citet citealp citealt citeauthor citeyear citeyearpar parencite textcite autocite footcite nocite
    label ref eqref cref Cref autoref pageref includegraphics hspace vspace phantom vphantom hphantom input
    begin end color thanks footnotemark mkern hypersetup
    """
)
"""Commands dropped together with their argument and the blank before them."""

FIRST_DROPPED: Final = _words(
    """
    href textcolor hyperlink hyperref colorbox fontsize rotatebox scalebox raisebox
    """
)
"""Commands whose first argument is no text and whose second one is."""

BETWEEN: Final = {
    "frac": "/", "dfrac": "/", "tfrac": "/", "cfrac": "/", "nicefrac": "/", "sfrac": "/", "binom": " choose ",
    "SI": " ", "qty": " ", "overset": " ", "underset": " ", "stackrel": " ",
}  # fmt: skip
"""Commands of two arguments, and what stands between the two."""

_DOUBLE_STRUCK: Final = {"C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ", "1": "𝟙"}
_DOUBLE_STRUCK_A: Final = 0x1D538  # MATHEMATICAL DOUBLE-STRUCK CAPITAL A: the letters without an older code point


def double_struck(letter: str) -> str:
    """Blackboard bold of a capital letter or of 1; any other character stays as it is."""
    if letter in _DOUBLE_STRUCK:
        return _DOUBLE_STRUCK[letter]
    return chr(_DOUBLE_STRUCK_A + ord(letter) - ord("A")) if "A" <= letter <= "Z" else letter
