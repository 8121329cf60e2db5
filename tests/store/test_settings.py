"""Settings: from the file and the environment, with errors that say what is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from hub.errors import BadRequest, NotFound
from hub.settings import Role, Settings, load_settings


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("CORRIDOR_"):
            monkeypatch.delenv(name)


def home(tmp_path: Path, text: str) -> Path:
    (tmp_path / "corridor.toml").write_text(text, "utf-8")
    return tmp_path


def test_what_nobody_says_has_a_default(tmp_path: Path) -> None:
    settings = load_settings(home(tmp_path, 'node = "SWE"'))
    assert (settings.node, settings.role, settings.areas) == ("SWE", Role.NATIONAL, ())
    assert settings.agency == "MIGX.SWE"
    assert settings.lake_path == tmp_path / "lake"
    assert settings.catalogue_url == f"sqlite:///{(tmp_path / 'catalogue.sqlite').as_posix()}"
    assert not settings.may_speak_for("SWE")


def test_a_variable_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = home(tmp_path, 'node = "SWE"\nport = 8081\nareas = ["SWE"]')
    assert load_settings(folder).port == 8081
    monkeypatch.setenv("CORRIDOR_PORT", "9000")
    monkeypatch.setenv("CORRIDOR_AREAS", "NOR, SJM,")
    settings = load_settings(folder)
    assert settings.port == 9000
    assert settings.areas == ("NOR", "SJM")
    assert settings.may_speak_for("SJM")
    assert not settings.may_speak_for("SWE")


@pytest.mark.parametrize("lake", ["figures", "../figures"])
def test_a_relative_lake_is_in_the_home(tmp_path: Path, lake: str) -> None:
    assert (
        load_settings(home(tmp_path, f'node = "A"\nlake = "{lake}"')).lake_path == tmp_path / lake
    )


def test_an_absolute_lake_is_where_it_says(tmp_path: Path) -> None:
    elsewhere = (tmp_path / "elsewhere").as_posix()
    settings = load_settings(home(tmp_path, f'node = "A"\nlake = "{elsewhere}"'))
    assert settings.lake_path == Path(elsewhere)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('node = "SWE"\nprot = 1', "prot"),
        ('node = "1SWE"', "node"),
        ('name = "no id"', "node"),
        ('node = "SWE"\nport = "http"', "port"),
        ('node = "SWE"\nport = 70000', "port"),
        ('node = "SWE"\nrole = "king"', "role"),
        ('node = "SWE"\nareas = [1]', "areas"),
        ('node = "SWE"\nmemory_limit = "lots"', "memory_limit"),
        ('node = "SWE"\nmax_findings = 0', "max_findings"),
        ('node = "SWE"\nareas = ["*"]', "only a hub"),
    ],
)
def test_a_bad_setting_is_named_with_its_file(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(BadRequest) as caught:
        load_settings(home(tmp_path, text))
    assert str(tmp_path / "corridor.toml") in caught.value.message
    assert key in caught.value.message


def test_every_fault_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadRequest) as caught:
        load_settings(home(tmp_path, 'node = "1"\nport = -1\nprot = 1'))
    assert all(f"{key}: " in caught.value.message for key in ("node", "port", "prot"))


def test_a_bad_variable_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRIDOR_PORT", "http")
    with pytest.raises(BadRequest, match="port"):
        load_settings(home(tmp_path, 'node = "SWE"'))


@pytest.mark.parametrize("content", [b"node = ", b"node = \xff", b"\x00"])
def test_a_file_that_is_no_toml(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "corridor.toml").write_bytes(content)
    with pytest.raises(BadRequest, match=r"corridor\.toml is not a TOML file"):
        load_settings(tmp_path)


def test_a_folder_that_is_no_home(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"not the home of a node .* 'corridor init"):
        load_settings(tmp_path)


def test_a_hub_may_speak_for_all(tmp_path: Path) -> None:
    settings = load_settings(home(tmp_path, 'node = "HUB"\nrole = "hub"\nareas = ["*"]'))
    assert settings.may_speak_for("SWE")


def test_settings_do_not_change(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, node="SWE")
    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1  # type: ignore[misc]
