"""The documentation names every command and setting, and what it says can be followed."""

from __future__ import annotations

import ast
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.main import _COMMANDS, _GROUPS, command_line
from hub.rest.openapi.resources import RESOURCES
from hub.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/*.md"))]
COMMANDS = [
    *_COMMANDS,
    *(f"{group} {name}" for group, about in _GROUPS.items() for name in about.places),
]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def _text(page: Path) -> str:
    return page.read_text("utf-8")


def _blocks(language: str) -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for number, (found, body) in enumerate(_BLOCK.findall(_text(page))):
            if found == language:
                yield f"{page.name}-{number}", body


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as renderers of Markdown make them."""
    headings = re.findall(r"^#+ (.*)$", _BLOCK.sub("", _text(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert re.search(rf"`corridor {command}\b", _text(ROOT / "docs" / "commands.md"))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_documented(command: str) -> None:
    common = {"--home", "--json", "--help"}
    page = _text(ROOT / "docs" / "commands.md")
    missing = {option for option in _options(command) - common if f"{option}" not in page}
    assert not missing


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_every_setting_is_documented(setting: str) -> None:
    assert f"| `{setting}` |" in _text(ROOT / "docs" / "settings.md")


@pytest.mark.parametrize("root", sorted({resource.root for resource in RESOURCES}))
def test_every_resource_is_documented(root: str) -> None:
    assert any(f"{root}/" in _text(page) for page in PAGES)


def test_no_setting_is_documented_that_is_none() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", _text(ROOT / "docs" / "settings.md"), re.MULTILINE)
    assert set(rows) == set(Settings.model_fields)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in _LINK.findall(_BLOCK.sub("", _text(page))):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = link.partition("#")
        target = page.parent / place if place else page
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


@pytest.mark.parametrize("block", [pytest.param(body, id=id_) for id_, body in _blocks("toml")])
def test_every_toml_block_is_toml(block: str) -> None:
    assert tomllib.loads(block)


@pytest.mark.parametrize("block", [pytest.param(body, id=id_) for id_, body in _blocks("python")])
def test_every_python_block_is_python(block: str) -> None:
    assert ast.parse(block).body


@pytest.mark.parametrize("block", [pytest.param(body, id=id_) for id_, body in _blocks("sh")])
def test_every_command_shown_exists(block: str) -> None:
    for line in block.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if not words or words[0] != "corridor":
            continue
        words = [word for word in words[1:] if not word.startswith("[")]
        if words[0] == "--home":
            words = words[2:]
        command = next(c for c in (" ".join(words[:2]), words[0]) if c in COMMANDS)
        given = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert given <= _options(command), line


def _options(command: str) -> set[str]:
    found = command_line()
    for name in command.split():
        found = found.commands[name]  # type: ignore[attr-defined]
    return {option for parameter in found.params for option in parameter.opts if option[:2] == "--"}
