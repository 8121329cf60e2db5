"""How two countries' figures of one flow are compared; the defaults are `asymmetry-1.0`."""

from __future__ import annotations

from dataclasses import dataclass

from hub.errors import BadRequest

METHOD_VERSION = "asymmetry-1.0"

#: Six months and one day, in months.
_MOST_OF_A_YEAR = 6 + 12 / 365


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationCoefficients:
    """What a flow counted with a minimum stay is multiplied by to compare with twelve months."""

    months_0: float
    months_3: float
    months_6: float
    permanent: float
    months_12: float = 1.0

    def of(self, criterion: str) -> float | None:
        """Return the coefficient of a code of CL_DURATION_CRIT, None where it is unknown.

        Between the durations given it is linear: one month, six months and one day.
        """
        gap = _MOST_OF_A_YEAR - 6
        return {
            "M0": self.months_0,
            "M1": self.months_0 + (self.months_3 - self.months_0) / 3,
            "M3": self.months_3,
            "M6": self.months_6,
            "M6P": self.months_6 + (self.months_12 - self.months_6) * gap / 6,
            "M12": self.months_12,
            "PERM": self.permanent,
        }.get(criterion)


#: Raymer, Wiśniowski, Forster, Smith and Bijak (2013), the IMEM model, as METHODS B.2 gives it;
#: the other three are the alternatives given there.
IMEM = DurationCoefficients(months_0=0.53, months_3=0.63, months_6=0.73, permanent=2.26)
ALTERNATIVE_COEFFICIENTS = (
    DurationCoefficients(months_0=0.51, months_3=0.61, months_6=0.81, permanent=1.61),
    DurationCoefficients(months_0=0.79, months_3=0.84, months_6=0.89, permanent=2.61),
    DurationCoefficients(months_0=0.51, months_3=0.64, months_6=0.71, permanent=1.80),
)

#: By how many persons disclosure control may have moved a count, by code of CL_SDC_METHOD. The
#: base of controlled rounding is not coded: 5, the largest in use, is taken. The cell key method
#: is taken with noise of at most 2. Suppression moves nothing; swapping has no bound.
NOISE_BOUNDS = (("RR3", 2.0), ("RR5", 4.0), ("CR", 4.0), ("CKM", 2.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossCheckOptions:
    """Thresholds and coefficients of the comparison (METHODS B.2).

    class_limits: upper limits of |SRD| for classes A, B, C and D; beyond the last it is E.
    min_cell: persons; a pair whose larger figure is below it is class N.
    """

    class_limits: tuple[float, float, float, float] = (5.0, 10.0, 25.0, 50.0)
    min_cell: float = 100.0
    coefficients: DurationCoefficients = IMEM
    noise_bounds: tuple[tuple[str, float], ...] = NOISE_BOUNDS
    method_version: str = METHOD_VERSION

    def __post_init__(self) -> None:
        if list(self.class_limits) != sorted(set(self.class_limits)) or self.class_limits[0] < 0:
            raise BadRequest(
                f"class_limits are {self.class_limits}; they must be four rising limits from 0"
            )
        if self.min_cell < 0:
            raise BadRequest(f"min_cell is {self.min_cell}; it must be 0 or more")
