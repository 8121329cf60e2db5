"""XHTML in reported values: read by a bounded parser, cut to what may stand on a page.

Elements and attributes are those of a text: no scripts, forms, styles, frames or images, and links
lead to the web or to an address for mail. What is kept is spelt in one way, without the
declaration of the namespace, so that the same text is the same in every format.
"""

from __future__ import annotations

import re

from lxml import etree

from hub.errors import BadRequest, Invalid, TooLarge
from hub.formats import xml
from hub.formats.limits import Limits
from hub.formats.structure.ml.scribe import escape, quote

XHTML = "http://www.w3.org/1999/xhtml"
_ELEMENTS = frozenset(
    "a abbr acronym address b big blockquote br caption cite code col colgroup dd del dfn div dl "
    "dt em h1 h2 h3 h4 h5 h6 hr i ins kbd li ol p pre q samp small span strong sub sup table "
    "tbody td tfoot th thead tr tt ul var".split()
)
_ATTRIBUTES = frozenset("class colspan dir id lang rowspan title".split())
_LINK = re.compile(r"(?:https?://|mailto:|#)[^\s\x00-\x1f]*", re.IGNORECASE)
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def markup_in(element: etree._Element) -> str:
    """The XHTML that an element holds; raises BadRequest for what may not be in it."""
    parts = [escape(element.text or "")]
    for child in element:
        parts.append(_spelt(child))
        parts.append(escape(child.tail or ""))
    return "".join(parts).strip()


def parse_markup(text: str, limits: Limits | None = None) -> str:
    """XHTML given as text, with or without its namespace; raises BadRequest as `markup_in`."""
    framed = f'<markup xmlns="{XHTML}">{text}</markup>'
    try:
        return markup_in(xml.parse(framed.encode(), limits or Limits()))
    except (Invalid, TooLarge) as error:
        raise BadRequest(f"it is not XHTML: {error.message}") from None
    except UnicodeEncodeError:
        raise BadRequest("it is not XHTML: it holds characters that no text has") from None


def _spelt(element: etree._Element) -> str:
    name = etree.QName(element)
    if name.namespace != XHTML or name.localname not in _ELEMENTS:
        raise BadRequest(
            f"the element {name.localname} has no place in a text: keep to paragraphs, lists, "
            "tables, emphasis and links of XHTML"
        )
    tag = name.localname
    start = tag + "".join(_attribute(str(key), str(value)) for key, value in element.items())
    content = [escape(element.text or "")]
    for child in element:
        content.append(_spelt(child))
        content.append(escape(child.tail or ""))
    inner = "".join(content)
    return f"<{start}>{inner}</{tag}>" if inner else f"<{start}/>"


def _attribute(key: str, value: str) -> str:
    if key == _XML_LANG:
        return f" xml:lang={quote(value)}"
    if key == "href":
        if not _LINK.fullmatch(value):
            raise BadRequest(f"the link '{value[:80]}' leads nowhere: write https://… or mailto:…")
        return f" href={quote(value)}"
    if key not in _ATTRIBUTES:
        raise BadRequest(f"the attribute {key[:80]} has no place in a text: leave it out")
    return f" {key}={quote(value)}"
