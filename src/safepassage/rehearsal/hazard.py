"""How often a guarantor's word is broken: a Gamma belief of the rate, updated by hand.

The rate of stops of one guarantor is believed to be Gamma(stops, hours): as if so many stops had
been seen in so many hours at risk. What is seen adds up (the Gamma is conjugate to a count of
Poisson), and the chance that nothing stops for the next W hours is (hours / (hours + W)) ** stops,
the Lomax law: exact, without a draw.

It is never an input to a clearance, and never shown beside go or no-go: a good day does not make a
promise.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

PUBLIC_SPELLS: Final = 13
"""Spells of evacuation truces behind the beliefs below (Aleppo 5, Sumy 3, Homs 3, Foua and Kefraya
1, Azovstal 1): 8 of them broken, in about 270 hours at risk; their ends are partly inferred."""

LONGEST_SPELL: Final = timedelta(hours=41)
"""The longest spell of that record with both ends timed: Aleppo, 18 December 2016, 23:00, to the
stop of the 20th, more than 24 hours before 16:00 on the 21st. Beyond it nothing is known."""

MINOR_INCIDENT: Final = 0.3
"""What an incident that stopped no movement counts, in stops. A judgement."""

OUTSIDE_THE_DEAL: Final = 2.0
"""How much more a party weighs that is in no agreement: on 14, 16 and 18 December 2016 convoys were
stopped by one that had promised nothing. A judgement."""


class HazardError(ValueError):
    """A hazard of impossible numbers."""


@dataclass(frozen=True, slots=True)
class Hazard:
    """A belief of how often something stops: as if `stops` had been seen in `hours` at risk."""

    stops: float
    hours: float

    def __post_init__(self) -> None:
        if not (self.stops > 0 and self.hours > 0):
            raise HazardError(
                f"hazard: got {self.stops} stops in {self.hours} h, want both above 0"
            )

    @property
    def per_hour(self) -> float:
        """The expected rate of stops, per hour."""
        return self.stops / self.hours

    def seen(self, stops: float, hours: float) -> "Hazard":
        """Return the belief after so many more stops in so many more hours at risk.

        Raises
        ------
        HazardError
            If either is negative.
        """
        if stops < 0 or hours < 0:
            raise HazardError(f"hazard: got {stops} stops in {hours} h, want neither below 0")
        return Hazard(self.stops + stops, self.hours + hours)

    def chance_open(self, hours: float) -> float:
        """Return the chance that nothing stops for so many hours (0..1)."""
        return float((self.hours / (self.hours + hours)) ** self.stops)


def chance_all_open(hazards: Iterable[Hazard], hours: float) -> float:
    """Return the chance that no guarantor of several stops anything for so many hours."""
    chance = 1.0
    for one in hazards:
        chance *= one.chance_open(hours)
    return chance


PRIORS: Final[Mapping[str, Hazard]] = {"firm": Hazard(2.0, 90.0), "loose": Hazard(0.5, 22.0)}
"""All guarantors together, before anything is seen here: the public spells taken as two stops or as
half a stop, at about the same rate (one in 45 h). How far other places speak for this one is not
known: both are always computed, and the range is what is shown."""


def shared_out(together: Hazard, weights: Mapping[str, float]) -> dict[str, Hazard]:
    """Return a belief of all together as one for each, by weight; their sum is the same belief.

    Raises
    ------
    HazardError
        If there is nobody, or a weight is not above 0.
    """
    if not weights or min(weights.values()) <= 0:
        raise HazardError(f"weights: got {dict(weights)}, want at least one, all above 0")
    whole = sum(weights.values())
    return {
        party: Hazard(together.stops * weight / whole, together.hours)
        for party, weight in weights.items()
    }
