"""The table of rules is complete, and the documentation says the same."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from hub.publish import RULES

ROOT = Path(__file__).resolve().parents[3]
_ROW = re.compile(r"^\| (`[^|]+`) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def test_the_documentation_lists_every_rule_as_it_is() -> None:
    page = (ROOT / "docs" / "validation.md").read_text("utf-8")
    documented = [(id_.strip("`"), *rest) for id_, *rest in _ROW.findall(page)]
    assert documented == [
        (rule.id, " or ".join(s.value for s in rule.severities), rule.about, rule.remedy)
        for rule in RULES
    ]


def test_no_two_rules_have_one_name() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_every_name_in_the_code_is_of_a_rule_and_every_rule_is_looked_for() -> None:
    """Findings of the door carry names as plain texts: `add`, `add_rows`, `tell`, `Finding`."""
    known = {rule.id for rule in RULES}
    used = set()
    files = [*(ROOT / "hub" / "publish").rglob("*.py"), ROOT / "hub/commands/submitting.py"]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in ("add", "add_rows", "tell"):
                used |= {a.value for a in node.args if _is_name(a)}
    used |= {"no-observations", "too-many-findings", "unknown-code", "not-of-type"}
    used |= {"missing-dimension", "missing-measure", "missing-attribute"}
    assert used == known


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def _is_name(node: ast.expr) -> bool:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_text and re.fullmatch(r"[a-z]+(-[a-z]+)*", node.value) is not None
