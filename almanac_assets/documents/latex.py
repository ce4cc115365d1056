"""Reads a text with LaTeX in it and gives it back as people would write it in plain Unicode.

One pass from left to right with a stack of open groups, no recursion on the text and no look-back: every step moves
forward or works on a piece bounded by a constant, and groups nested deeper than `MAX_DEPTH` are not opened, so the work
is proportional to the length of the text whatever stands in it. Nothing raises: what cannot be read stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from almanac_assets.documents.latex_formulas import is_formula, script, term
from almanac_assets.documents.latex_symbols import (
    BETWEEN,
    COMBINING,
    DROPPED,
    FIRST_DROPPED,
    FUNCTIONS,
    LETTERS,
    SILENT,
    SYMBOLS,
    double_struck,
)

# 24: the deepest groups of 68,069 arXiv abstracts are nested four deep; closing a group copies its content, so depth bounds the copying.
MAX_DEPTH: Final = 24
# 600: the longest of 16,108 formulas in 68,069 arXiv abstracts has 143 characters; beyond, a dollar is a dollar.
LONGEST_FORMULA: Final = 600

# Every branch begins with a literal character, so that the search skips plain text by a character set.
_TOKEN: Final = re.compile(
    r"\\[A-Za-z]+\*?|\\.|\\|\$\$?|\{|\}|\^\s?(?:\\circ(?![A-Za-z])|\{\s?\\circ\s?\}|\{)|_\s?\{"
    r"|://[^\s{}$\\]+|~|``+|''+|--+"
)
_ARGUMENT: Final = re.compile(r"\s?(?:\[[^\[\]{}]{0,200}\]\s?){0,2}\{([^{}]*)\}")
_OPTION: Final = re.compile(r"\[[^\[\]{}]{0,200}\](?=\{)")
_OPEN: Final = re.compile(r"\s?\{")
_BRACED: Final = r"\s?\{\s?(?:(\\?[A-Za-z]+)|\\(?:math[a-z]{2,4}|bm|boldsymbol)\s?\{\s?(\\?[A-Za-z]+)\s?\})\s?\}"
_ACCENTED: Final = re.compile(_BRACED + r"|\s?(\\[ij](?![A-Za-z])|[^\W\d_])")
_SPACED_ACCENTED: Final = re.compile(_BRACED + r"|\s(\\[ij](?![A-Za-z])|[^\W\d_])|\s?(\\[A-Za-z]+)")
_STRUCK: Final = re.compile(r"\s?(?:\{\s?([A-Z1])\s?\}|([A-Z1]))")
_TWO_SIGNS: Final = re.compile(r"\s?([^\W_])\s?([^\W_])")
_ESCAPED: Final = re.compile(r"\\([_%#&~$])")
_CODE_POINT: Final = re.compile(r"\{x([0-9A-Fa-f]{2,5})\}")
_LONE_DOLLAR: Final = re.compile(r"\\.|(\$)", re.DOTALL)
_SPACES: Final = {",": " ", ";": " ", ":": " ", " ": " ", "\\": " ", "!": "", "/": "", "-": "", "@": "", "|": "‖"}
_GROUPS: Final = {
    "sqrt": ("root", ""),
    "footnote": ("note", ""),
    "textsuperscript": ("script", "^"),
    "textsubscript": ("script", "_"),
}
_BEFORE_TIE: Final = frozenset(".,:;)}]$%")
_ADDRESSES: Final = frozenset({"url", "path", "nolinkurl"})
_MATH_END: Final = {"(": "\\)", "[": "\\]"}


@dataclass(slots=True)
class _Group:
    """An open brace: what kind of argument it is, what its content joins on to, and the content so far."""

    kind: str = "plain"
    sign: str = ""
    pieces: list[str] = field(default_factory=list)

    def last(self) -> str:
        return self.pieces[-1][-1:] if self.pieces else ""


def without_latex(text: str) -> str:
    """The text with its LaTeX read as plain text; white space is expected collapsed and is not collapsed again."""
    return _Reader(text, 0, len(text), math=False).read()


class _Reader:
    """The state of one pass over text[start:end], inside a formula or outside."""

    def __init__(self, text: str, start: int, end: int, *, math: bool) -> None:
        self.text, self.position, self.end, self.math = text, start, end, math
        self.groups = [_Group()]
        self.argument_at = -1  # where a brace opens the argument of the command just read

    def read(self) -> str:
        while (token := _TOKEN.search(self.text, self.position, self.end)) is not None:
            if token.start() > self.position:
                self.put(self.text[self.position : token.start()])
            self.position = token.end()
            self.take(token.group(), token.start())
        self.put(self.text[self.position : self.end])
        while len(self.groups) > 1:
            self.close()
        return "".join(self.groups[0].pieces)

    def put(self, piece: str) -> None:
        if piece:
            self.groups[-1].pieces.append(piece)

    def take(self, token: str, start: int) -> None:
        """Read one token that stands at `start`; the position is already behind it."""
        first = token[0]
        if first == "\\":
            self.command(token[1:])
        elif first == "$":
            self.dollar(token)
        elif first == "{":
            self.open(start)
        elif first == "}":
            self.close_brace()
        elif first in "^_":
            if "\\circ" in token:
                self.put("°")
            else:
                self.enter(_Group("script", first))
        elif self.math or first == ":":
            self.put(token)
        else:
            self.put(self.typed(token, start))

    def typed(self, token: str, start: int) -> str:
        """Quotes, dashes and ties as they were typed outside formulas."""
        if token == "~":
            before, after = self.text[start - 1 : start], self.text[start + 1 : start + 2]
            is_range = (before.isdigit() or before == "%") and after.isdigit()
            is_tie = (before.isalnum() or before in _BEFORE_TIE) and not after.isspace() and not is_range
            return " " if before and after and is_tie else "~"
        if token in {"``", "''"}:
            return '"'
        return {"--": "–", "---": "—"}.get(token, token)

    # groups

    def enter(self, group: _Group) -> None:
        """Open a group; too deep, its brace is passed over and its content joins the group around it."""
        if len(self.groups) < MAX_DEPTH:
            self.groups.append(group)

    def open(self, start: int) -> None:
        is_argument = start == self.argument_at or self.text.startswith("\\", self.position)
        self.enter(_Group("argument" if is_argument or self.math else "plain"))

    def close_brace(self) -> None:
        if len(self.groups) > 1:
            self.close(braces=True)
        elif not self.math:
            self.put("}")

    def close(self, *, braces: bool = False) -> None:
        """Finish the innermost group and hand its text on to the one around it; no `braces` at the end of the text."""
        group = self.groups.pop()
        content = "".join(group.pieces)
        if group.kind == "plain":
            is_word = braces and (content in {",", "-"} or content.replace("-", "").isalnum())
            self.put(content if is_word else "{" + content + ("}" if braces else ""))
        elif group.kind == "script":
            self.put(script(group.sign, content.strip()) or ("" if self.math else group.sign + "{}"))
        elif group.kind == "root":
            self.put("√" + term(content))
        elif group.kind == "note":
            self.put(f" ({content.strip()})" if content.strip() else "")
        elif group.kind == "first":
            self.second(group.sign, content)
        elif group.kind == "second":
            self.put(term(content) if group.sign == "/" else content)
        else:
            self.put(content)
            self.argument_at = self.position if braces else -1

    def second(self, between: str, content: str) -> None:
        self.put((term(content) if between == "/" else content) + between)
        if opening := _OPEN.match(self.text, self.position, self.end):
            self.position = opening.end()
            self.enter(_Group("second", between))

    # formulas

    def dollar(self, token: str) -> None:
        """A dollar opens a formula when a closing one follows and what lies between reads as one; else it is money."""
        if self.math:
            return
        inner = self.position
        if token == "$$":
            closing = self.text.find("$$", inner, inner + LONGEST_FORMULA)
            if closing >= 0:
                self.formula(closing, 2)
            else:
                self.put(token)
            return
        limit = min(self.end, inner + LONGEST_FORMULA)
        closing = next((m.start() for m in _LONE_DOLLAR.finditer(self.text, inner, limit) if m.group(1)), -1)
        if closing >= 0 and is_formula(self.text[inner:closing], self.text[closing + 1 : closing + 2]):
            self.formula(closing, 1)
        else:
            self.put("$")

    def formula(self, closing: int, width: int) -> None:
        content = self.text[self.position : closing]
        start, end = closing - len(content.lstrip()), self.position + len(content.rstrip())
        self.put(_Reader(self.text, start, end, math=True).read() if start < end else "")
        self.position = closing + width

    # commands

    def command(self, name: str) -> None:
        """Read one command, `name` being what follows the backslash; its arguments are read or opened as groups."""
        name = name.removesuffix("*") if len(name) > 1 else name
        if not name.isalpha():
            self.sign(name)
        elif name in COMBINING:
            if not self.accent(name):
                self.structure(name)
        elif name in LETTERS:
            self.put(LETTERS[name])
            if not self.skip_empty_braces():
                self.skip_blank()
        elif name in SYMBOLS:
            self.put(SYMBOLS[name])
            self.skip_empty_braces()
        elif name in DROPPED:
            self.drop_argument()
        else:
            self.structure(name)

    def structure(self, name: str) -> None:
        """Commands with arguments, and those nobody knows: with an argument only that is kept, without one the name."""
        opening = _OPEN.match(self.text, self.position, self.end)
        if name in FIRST_DROPPED:
            if argument := _ARGUMENT.match(self.text, self.position, self.end):
                self.position = self.argument_at = argument.end()
        elif name in _ADDRESSES and (argument := _ARGUMENT.match(self.text, self.position, self.end)):
            self.position = argument.end()
            self.put(_ESCAPED.sub(r"\1", argument.group(1)))
        elif name in BETWEEN and (signs := _TWO_SIGNS.match(self.text, self.position, self.end)):
            self.position = signs.end()
            self.put(BETWEEN[name].join(signs.groups()))
        elif name in BETWEEN and opening:
            self.position = opening.end()
            self.enter(_Group("first", BETWEEN[name]))
        elif name in _GROUPS and opening:
            self.position = opening.end()
            self.enter(_Group(*_GROUPS[name]))
        elif name == "sqrt":
            self.put("√")
        elif name in {"mathbb", "Bbb", "mathbbm"} and (letter := _STRUCK.match(self.text, self.position, self.end)):
            self.put(double_struck(letter.group(1) or letter.group(2)))
            self.position = letter.end()
        elif name == "unicode" and (point := _CODE_POINT.match(self.text, self.position, self.end)):
            self.put(chr(int(point.group(1), 16)))
            self.position = point.end()
        elif name in SILENT or (name in COMBINING and len(name) > 1):
            self.look_only()
        else:
            self.unknown(name, has_argument=opening is not None and name not in FUNCTIONS)

    def look_only(self) -> None:
        if option := _OPTION.match(self.text, self.position, self.end):
            self.position = option.end()
        if not self.skip_empty_braces():
            self.skip_blank()
            self.argument_at = self.position

    def unknown(self, name: str, *, has_argument: bool) -> None:
        if self.skip_empty_braces() or not has_argument:
            self.put(f" {name}" if self.groups[-1].last().isalnum() else name)
            if self.text[self.position : self.position + 1].isalnum() and self.position < self.end:
                self.put(" ")
            return
        self.skip_blank()
        self.argument_at = self.position

    def sign(self, name: str) -> None:
        """A backslash with a character that is no letter: an escaped sign, an accent, a space or a formula."""
        if name in _MATH_END and not self.math:
            closing = self.text.find(_MATH_END[name], self.position, self.position + LONGEST_FORMULA)
            if closing >= 0:
                return self.formula(closing, 2)
        if name in COMBINING and self.accent(name):
            return None
        return self.put(_SPACES.get(name, name if name != "" else "\\"))

    def accent(self, name: str) -> bool:
        """Put the letter with its mark; false when no letter follows, and then nothing has been read."""
        argument = (_SPACED_ACCENTED if name.isalpha() else _ACCENTED).match(self.text, self.position, self.end)
        if argument is None:
            return False
        letter = next(part for part in argument.groups() if part)
        letter = {"\\i": "i", "\\j": "j"}.get(letter, SYMBOLS.get(letter[1:], letter) if letter[0] == "\\" else letter)
        if len(letter) > 1:
            return False
        self.put(unicodedata.normalize("NFC", letter + COMBINING[name]))
        self.position = argument.end()
        return True

    def drop_argument(self) -> None:
        if argument := _ARGUMENT.match(self.text, self.position, self.end):
            self.position = argument.end()
        pieces = self.groups[-1].pieces
        if pieces:
            pieces[-1] = pieces[-1].rstrip(" ")

    def skip_blank(self) -> None:
        if self.position < self.end and self.text[self.position] == " ":
            self.position += 1

    def skip_empty_braces(self) -> bool:
        if self.text.startswith("{}", self.position):
            self.position += 2
            return True
        return False
