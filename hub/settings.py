"""The settings of a node: one frozen value.

They come from corridor.toml in its home and from CORRIDOR_* variables; a variable wins over the
file, and what neither says has the default below.
"""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from hub.errors import BadRequest, NotFound

FILE_NAME = "corridor.toml"
_NODE_ID = r"^[A-Za-z][A-Za-z0-9_-]{0,49}$"
_DURATION = re.compile(r"([0-9]{1,4})([hdy])")
_INTERVAL = re.compile(r"([0-9]{1,4})([mhd])")
#: A year is as long as the longest, so that what is kept for years is never kept too short.
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "y": timedelta(days=366)}
_SHORT_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


class Role(StrEnum):
    """What a node is for; it changes defaults only."""

    NATIONAL = "national"
    OBSERVATORY = "observatory"
    HUB = "hub"


class LogFormat(StrEnum):
    """How logs are written: a line of words, or a JSON object a line."""

    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """From which level on is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def _split(value: object) -> object:
    """Let a list be given as `SWE,NOR` in a variable."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def parse_duration(text: str) -> timedelta:
    """The duration written as hours, days or years: `12h`, `90d`, `5y`; raises BadRequest."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise BadRequest(f"'{text}' is no duration: write hours, days or years, like 12h, 90d, 5y")
    return int(found[1]) * _UNITS[found[2]]


def parse_interval(text: str) -> timedelta:
    """How often, written as minutes, hours or days: `15m`, `6h`, `7d`; raises BadRequest."""
    found = _INTERVAL.fullmatch(text.strip())
    if found is None or not int(found[1]):
        raise BadRequest(
            f"'{text[:40]}' is no interval: write minutes, hours or days, like 15m, 6h, 7d"
        )
    return int(found[1]) * _SHORT_UNITS[found[2]]


def _interval(value: object) -> object:
    """An interval as it is written in settings."""
    if isinstance(value, timedelta):
        return value
    try:
        return parse_interval(str(value))
    except BadRequest as error:
        raise ValueError(error.message) from error


def _kept_for(value: object) -> object:
    """How long something is kept; None stands for all of it."""
    if value is None or isinstance(value, timedelta):
        return value
    try:
        return None if value == "all" else parse_duration(str(value))
    except BadRequest as error:
        raise ValueError(f"{error.message}, or all") from error


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
KeptFor = Annotated[timedelta | None, BeforeValidator(_kept_for)]
Interval = Annotated[timedelta, BeforeValidator(_interval)]


class Settings(BaseSettings):
    """Everything an operator can set.

    `areas` are the areas the node may speak for itself, as ISO 3166-1 alpha-3; `*` means all.
    `keep_history` and `keep_raw` are None where all of it stays.
    """

    model_config = SettingsConfigDict(
        env_prefix="CORRIDOR_", frozen=True, extra="forbid", validate_default=True
    )

    home: Path
    node: str = Field(pattern=_NODE_ID)
    name: str = ""
    role: Role = Role.NATIONAL
    areas: Words = ()
    licence: str = ""
    contact: str = ""
    catalogue: str = ""
    lake: Path | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    workers: int = Field(default=1, ge=1, le=256)
    base_url: str = ""
    partner_networks: Words = ()
    harvest_every: Interval = timedelta(days=1)
    sweep_every: Interval = timedelta(days=1)
    announce_keys: Path | None = None
    notify_per_hour: int = Field(default=60, ge=1, le=3600)
    log_format: LogFormat = LogFormat.TEXT
    log_level: LogLevel | None = None
    partner_requests_per_hour: int = Field(default=1_000, gt=0)
    partner_tries: int = Field(default=4, ge=1, le=20)
    partner_wire_bytes: int = Field(default=1 << 30, gt=0)
    partner_unpacked_bytes: int = Field(default=4 << 30, gt=0)
    partner_connect_seconds: float = Field(default=10.0, gt=0)
    partner_read_seconds: float = Field(default=60.0, gt=0)
    partner_total_seconds: float = Field(default=900.0, gt=0)
    partner_wait_seconds: float = Field(default=120.0, ge=0)
    partner_backoff_seconds: float = Field(default=60.0, gt=0)
    partner_backoff_most_seconds: float = Field(default=21_600.0, gt=0)
    partner_retry_after_seconds: float = Field(default=86_400.0, ge=0)
    harvest_workers: int = Field(default=3, ge=1, le=64)
    harvest_lease_seconds: float = Field(default=300.0, ge=1)
    harvest_lag_seconds: float = Field(default=300.0, ge=0)
    harvest_full_days: float = Field(default=7.0, gt=0)
    harvest_full_increments: int = Field(default=20, ge=0)
    max_submission_bytes: int = Field(default=4 << 30, gt=0)
    max_unpacked_bytes: int = Field(default=4 << 30, gt=0)
    max_line_bytes: int = Field(default=1 << 20, gt=0)
    max_record_bytes: int = Field(default=4 << 20, gt=0)
    max_text_bytes: int = Field(default=1 << 20, gt=0)
    max_structure_bytes: int = Field(default=64 << 20, gt=0)
    max_columns: int = Field(default=1_000, gt=0)
    max_cells: int = Field(default=1 << 29, gt=0)
    max_distinct_values: int = Field(default=1 << 24, gt=0)
    max_depth: int = Field(default=64, gt=0, le=200)
    max_datasets: int = Field(default=10_000, gt=0)
    max_findings: int = Field(default=10_000, gt=0)
    jump_mads: float = Field(default=8.0, gt=0)
    jump_ratio: float = Field(default=2.0, gt=1)
    jump_least: float = Field(default=100.0, ge=0)
    valve_vanished: float = Field(default=0.1, ge=0, le=1)
    valve_changed: float = Field(default=0.5, ge=0, le=1)
    valve_jump: float = Field(default=10.0, gt=1)
    valve_jump_least: float = Field(default=1_000.0, ge=0)
    valve_least: int = Field(default=20, ge=1)
    max_url_bytes: int = Field(default=8_000, gt=0)
    max_body_bytes: int = Field(default=32 << 20, gt=0)
    index_rows: int = Field(default=1, ge=0)
    cache_bytes: int = Field(default=2_000_000_000, ge=0)
    keep_history: KeptFor = None
    keep_raw: KeptFor = None
    four_eyes: bool = False
    require_agreements: bool = False
    memory_limit: str = Field(default="2GB", pattern=r"^[0-9]+(MB|GB)$")

    @model_validator(mode="after")
    def _areas_fit_the_role(self) -> Settings:
        if self.role is Role.NATIONAL and "*" in self.areas:
            raise ValueError("a national node speaks for named areas; only a hub may have '*'")
        return self

    @property
    def agency(self) -> str:
        """The node's own agency, under that of the shared structures."""
        return f"MIGX.{self.node}"

    @property
    def lake_path(self) -> Path:
        """Where the lake is: `lake` in the home unless set; a relative path starts in the home."""
        return self.home / (self.lake or "lake")

    @property
    def announce_keys_path(self) -> Path | None:
        """The file of nodes that are told of releases; a relative path starts in the home."""
        return None if self.announce_keys is None else self.home / self.announce_keys

    @property
    def catalogue_url(self) -> str:
        """The SQLAlchemy URL of the catalogue: SQLite in the home unless set."""
        return self.catalogue or f"sqlite:///{(self.home / 'catalogue.sqlite').as_posix()}"

    def may_speak_for(self, area: str) -> bool:
        """True where the node may publish this area itself."""
        return "*" in self.areas or area in self.areas


def load_settings(home: Path) -> Settings:
    """Read the settings of the node that lives in `home`.

    Raises NotFound where no node is there, BadRequest (with every fault) for a bad file.
    """
    file = home / FILE_NAME
    if not file.is_file():
        raise NotFound(
            f"{home} is not the home of a node ({FILE_NAME} is missing): make one with "
            "'corridor init HOME --node ID', or name another with --home"
        )

    class FromHome(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)

    try:
        return FromHome(home=home)  # type: ignore[call-arg]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRequest(f"{file} is not a TOML file: {error}") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or 'settings'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise BadRequest(f"{file}: {faults}") from error
