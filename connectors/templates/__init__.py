"""Kinds of national sources: what a mapping for one begins with, and the checks its kind needs.

Each is a TOML file here, read into a `Template`; `privacy` reads the checklist that new data needs.
"""

from connectors.templates.privacy import blank_checklist, unanswered
from connectors.templates.template import Template, template, templates

__all__ = ["Template", "blank_checklist", "template", "templates", "unanswered"]
