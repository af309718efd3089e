"""The numbers of the rule. Those that no source states are marked assumed; they are on the form."""

from datetime import timedelta

LEASE = timedelta(seconds=600)
"""How long a go lasts (trust note, section 6)."""
TIGHT_LEASE = timedelta(seconds=120)
"""The same where the radio is good."""
SKEW = timedelta(seconds=30)
"""How far two clocks of the field may differ; more is shown."""
LARGEST_SKEW = timedelta(seconds=120)
"""A clock that is off by more supports no clearance."""
CONTACT = timedelta(seconds=120)
"""A node that has not read the ledger for longer gives no go."""
RECONFIRM = timedelta(minutes=60)
"""Assumed: a promise without a stated end is confirmed again at this interval."""
APPROVAL_LIFE = timedelta(minutes=30)
"""Assumed: an approval is used within this time."""
CHECK_LIFE = timedelta(hours=2)
"""Assumed: a roll call, comms check or word of the receiving side is renewed after this time."""
CLOCK_LIFE = timedelta(hours=12)
"""Assumed: a measured clock offset is measured again after this time."""
APPROVING_ROLES = frozenset({"head", "movement", "radio", "medical"})
"""Roles whose approval, gate signature or lift counts."""
