"""How a service is asked: URLs of data and structures in the spelling of its REST generation.

Keys of REST 1.x are `all`, or the values of every dimension with empty places for any value
(`USA.A....`): that is the one spelling that every service of that generation takes. REST 2.x has
`*` for both.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from urllib.parse import quote, urlencode

from connectors.sdmx.profile import Profile
from dsd.map_building import SOURCE_KEY
from hub.model import Reference, RepresentationMap, StructureMap, Structures

#: Longer keys are not asked for: what is too much is left out here.
_MOST_KEY = 2_000


def data_url(base: str, profile: Profile, flow: Reference, key: str) -> str:
    """Where the data of a flow with a key is."""
    named = profile.flow.format(agency=flow.agency, id=flow.id, version=flow.version)
    folder = "data" if profile.api == 1 else "data/dataflow"
    query = f"?{urlencode(profile.query)}" if profile.query else ""
    return f"{base}/{folder}/{quote(named, safe=',/@$')}/{quote(key, safe='.+,*_-')}{query}"


def dataflows_url(base: str, profile: Profile) -> str:
    """Where the list of dataflows is."""
    place = "dataflow/all/all/latest" if profile.api == 1 else "structure/dataflow/*/*/~"
    return f"{base}/{place}"


def any_key(profile: Profile) -> str:
    """The key of everything."""
    return "all" if profile.api == 1 else "*"


def key_of(
    profile: Profile,
    mapping: StructureMap,
    structures: Structures,
    area: str | None,
    areas: Collection[str],
) -> str:
    """The key of what a map is about: its fixed values, and the areas wanted in `area`.

    `area` is the component of the target that names the area. Everything is asked for where the
    map does not know the order of dimensions, and areas where it does not know their codes.
    """
    dimensions = (mapping.annotation(SOURCE_KEY) or "").split(".")
    wanted = {fixed.source: fixed.values[:1] for fixed in mapping.fixed if fixed.source}
    for component in mapping.components:
        if area is not None and areas and area in component.targets and component.values:
            values = structures.get(component.values, RepresentationMap)
            wanted[component.sources[0]] = _codes_of(values, areas)
    places = [_place(profile, wanted.get(dimension, ())) for dimension in dimensions]
    key = ".".join(places)
    is_open = not any(wanted.get(dimension) for dimension in dimensions)
    return any_key(profile) if is_open or len(key) > _MOST_KEY else key


def _place(profile: Profile, values: Sequence[str]) -> str:
    return "+".join(values) if profile.api == 1 else ",".join(values) or "*"


def _codes_of(values: RepresentationMap, areas: Collection[str]) -> tuple[str, ...]:
    """The code of each area in the source; () where one has none.

    Of several the first counts; of names, which have small letters, none beside a code.
    """
    found: dict[str, str] = {}
    for source, target in values.pairs:
        if source.isupper() and not found.get(target, "").isupper():
            found[target] = source
    if any(area not in found for area in areas):
        return ()
    return tuple(found[area] for area in sorted(areas))
