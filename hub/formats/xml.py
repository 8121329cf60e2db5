"""The one place where XML parsers are made, for bytes that nobody vouches for.

No document type is taken, so there are no entities to expand, nothing is fetched, and size, depth
and the length of any one text are bounded. A document with a DOCTYPE is refused before a single
declaration of it is acted on: expat reads the prolog first and stops at the first element.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

from lxml import etree

from hub.errors import Invalid, TooLarge
from hub.formats.limits import Limits

if TYPE_CHECKING:
    from pyexpat import XMLParserType

_PROLOG_CHUNK = 1 << 14
_LIBXML2_LIMITS = frozenset(
    {
        etree.ErrorTypes.ERR_RESOURCE_LIMIT,
        etree.ErrorTypes.ERR_NAME_TOO_LONG,
        etree.ErrorTypes.ERR_ENTITY_LOOP,
    }
)


def parse(source: bytes | Path, limits: Limits) -> etree._Element:
    """Parse a whole document into a tree without comments and processing instructions.

    Raises TooLarge beyond the limits (`bytes` of the source, `depth` of elements, `text_bytes` as
    characters of one text or attribute), Invalid for a document type declaration and for what is
    not well-formed, with the line.
    """
    content = _bounded(source, limits)
    _refuse_document_type(content)
    try:
        root = etree.fromstring(content, _tree_parser())
    except etree.XMLSyntaxError as error:
        raise _refusal(error) from None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise Invalid("the XML has a document type declaration, which is not taken")
    _check_bounds(root, limits)
    return root


def expat_parser(namespace_separator: str | None = " ") -> XMLParserType:
    """Make a streaming parser for large messages; the caller sets its element handlers.

    A document type declaration makes it raise Invalid. Bounds on bytes, depth and text are the
    caller's to keep, as it feeds the parser.
    """
    parser = expat.ParserCreate(namespace_separator=namespace_separator)
    parser.StartDoctypeDeclHandler = _on_document_type
    parser.buffer_text = True
    return parser


def _tree_parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _bounded(source: bytes | Path, limits: Limits) -> bytes:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > limits.bytes:
        raise TooLarge(f"the XML has {size} bytes, more than the {limits.bytes} that are taken")
    return source if isinstance(source, bytes) else source.read_bytes()


class _PrologReadError(Exception):
    """Ends the reading of the prolog at the first element."""


def _on_document_type(*_declaration: object) -> None:
    raise Invalid(
        "the XML has a document type declaration (DOCTYPE), which is not taken; leave it out"
    )


def _on_first_element(_tag: str, _attributes: object) -> None:
    raise _PrologReadError


def _refuse_document_type(content: bytes) -> None:
    parser = expat_parser(namespace_separator=None)
    parser.StartElementHandler = _on_first_element
    try:
        for start in range(0, len(content), _PROLOG_CHUNK):
            parser.Parse(content[start : start + _PROLOG_CHUNK], False)
        parser.Parse(b"", True)
    except _PrologReadError:
        return
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Invalid(f"the XML is not well-formed: {error}") from None


def _refusal(error: etree.XMLSyntaxError) -> Invalid | TooLarge:
    if getattr(error, "code", None) in _LIBXML2_LIMITS:
        return TooLarge(f"the XML goes beyond what is taken: {error.msg}")
    return Invalid(f"the XML is not well-formed: {error.msg}")


def _check_bounds(root: etree._Element, limits: Limits) -> None:
    # XPath counts in C; a Python loop over every element would cost more than the parsing
    if root.xpath("boolean(/*" + "/*" * limits.depth + ")"):
        raise TooLarge(f"the XML is nested deeper than the {limits.depth} levels that are taken")
    longer = f"[string-length() > {limits.text_bytes}]"
    if root.xpath(f"boolean(//text(){longer} | //@*{longer})"):
        raise TooLarge(f"a text in the XML has more than {limits.text_bytes} characters")
