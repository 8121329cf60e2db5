"""An SDMX-ML document walked through as it streams by: each element by the rule of its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from hub.errors import Finding, Invalid, TooLarge
from hub.formats.limits import Limits
from hub.formats.xml import expat_parser

PIECE = 1 << 16
_SPACE = " \t\r\n"
_MOST_ALIASES = 32


def _nothing(_given: list[str]) -> None:
    """Most elements mean nothing by themselves."""


@dataclass(slots=True, eq=False)
class Element:
    """What may stand in an element, by local name, and what its start and its end mean.

    `start` is given the XML attributes, names and values in turn (names as `namespace local`);
    `end` the text in it, "" where it may have none. With `allows_others`, elements that are not
    among the children are passed over.
    """

    children: dict[str, Element] = field(default_factory=dict)
    start: Callable[[list[str]], None] = _nothing
    end: Callable[[str], None] | None = None
    takes_text: bool = False
    allows_others: bool = False


#: An element that is allowed and carries nothing a reader needs, whatever is in it.
PASSED_OVER = Element(takes_text=True, allows_others=True)


class Walk:
    """One walk through a document; refusals name the file, the line and the path of the element.

    `after_piece` is called now and then, between elements.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self.file = path.name
        self.limits = limits
        self.after_piece: Callable[[], None] | None = None
        self._path = path
        self._open: list[Element] = []
        self._children: dict[str, Element] = {}
        self._texts: list[list[str]] = []
        self._text_length = 0
        self.parser = expat_parser()
        self.parser.ordered_attributes = True
        self.parser.StartDoctypeDeclHandler = self._on_document_type
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    @property
    def line(self) -> int:
        """The line of the element met last, from 1."""
        return self.parser.CurrentLineNumber

    @property
    def where(self) -> str:
        """The file and the line, for a refusal."""
        return f"{self.file}, line {self.line}"

    def run(self, roots: dict[str, Element]) -> None:
        """Walk through the document, whose root is one of these.

        Raises Invalid with the place, TooLarge beyond the limits, and what the rules raise.
        """
        self._open.append(Element(children=roots))
        self._children = roots
        try:
            self._feed()
        except expat.ExpatError as error:
            raise self._malformed(error) from None
        except (LookupError, ValueError) as error:
            # the encoding is one expat cannot be taught, or none at all
            raise self.refuse("ml-encoding", f"not readable: {error}; save it as UTF-8") from None

    def refuse(self, rule: str, message: str, line: int | None = None) -> Invalid:
        """Make the refusal of the element met last, or of what stands on another line."""
        at = self.line if line is None else line
        path = "" if line is not None else self._path_of_element()
        text = f"{message} (in {path})" if path else message
        finding = Finding(rule=rule, message=text, file=self.file, line=at)
        return Invalid(f"{self.file}, line {at}: {text}", [finding])

    def _feed(self) -> None:
        parser, read, limits = self.parser, 0, self.limits
        # expat hands a tag or comment over when it is complete, and keeps up to twice its size
        longest = 2 * (limits.record_bytes + PIECE)
        with self._path.open("rb") as file:
            while piece := file.read(PIECE):
                read += len(piece)
                if read > limits.bytes:
                    raise limits.refuse_size(self.file, f"more than {limits.bytes:,} bytes")
                parser.Parse(piece, False)
                if read - max(parser.CurrentByteIndex, 0) > longest:
                    what = f"a tag or comment of more than {limits.record_bytes:,} bytes"
                    raise limits.refuse("record_bytes", self.where, what)
                if self.after_piece is not None:
                    self.after_piece()
        parser.Parse(b"", True)

    def _start(self, name: str, attributes: list[str]) -> None:
        try:
            element = self._children[name]
        except KeyError:
            element = self._find(name)
        self._open.append(element)
        self._children = element.children
        if element.takes_text:
            self._texts.append([])
            self._text_length = 0
        element.start(attributes)

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        self._children = self._open[-1].children
        if element.takes_text:
            text = "".join(self._texts.pop())
            if element.end is not None:
                element.end(text)
        elif element.end is not None:
            element.end("")

    def _characters(self, text: str) -> None:
        if not self._texts and text.isspace():
            return
        if self._open[-1].takes_text:
            self._text_length += len(text)
            if self._text_length > self.limits.text_bytes:
                raise self._too_long()
            self._texts[-1].append(text)
        elif stripped := text.strip(_SPACE):
            raise self.refuse("ml-text", f"the text '{stripped[:80]}' where none belongs")

    def _find(self, name: str) -> Element:
        """The rule of an element whose name has a namespace, whatever that is."""
        local = name.rpartition(" ")[2]
        try:
            element = self._children[local]
        except KeyError:
            if self._open[-1].allows_others:
                return self._passed_over()
            known = ", ".join(child for child in self._children if " " not in child) or "nothing"
            message = f"the element {local[:80]} does not belong here; expected: {known}"
            raise self.refuse("ml-element", message) from None
        if len(self._children) < _MOST_ALIASES:
            self._children[name] = element  # found at once the next time
        return element

    def _passed_over(self) -> Element:
        """Only what is passed over can be nested without end."""
        if len(self._open) > self.limits.depth:
            what = f"elements nested deeper than {self.limits.depth:,}"
            raise self.limits.refuse("depth", self.where, what)
        return PASSED_OVER

    def _path_of_element(self) -> str:
        steps = []
        for parent, child in zip(self._open, self._open[1:], strict=False):
            names = (name for name, element in parent.children.items() if element is child)
            steps.append(next(names, "…"))
        return "/" + "/".join(steps) if steps else ""

    def _malformed(self, error: expat.ExpatError) -> Invalid:
        text = f"not well-formed XML: {expat.ErrorString(error.code)}, column {error.offset + 1}"
        path = self._path_of_element()
        text += f" (in {path})" if path else ""
        return self.refuse("ml-not-well-formed", text, error.lineno)

    def _on_document_type(self, *_declaration: object) -> None:
        message = "a document type declaration (DOCTYPE), which is not taken; leave it out"
        raise self.refuse("ml-doctype", message)

    def _too_long(self) -> TooLarge:
        what = f"a text of more than {self.limits.text_bytes:,} characters"
        return self.limits.refuse("text_bytes", self.where, what)
