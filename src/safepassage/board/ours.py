"""Words of the record that this program wrote and no person: they are translated where shown.

What people said is never translated. Where the program has to say something in a person's place (a
hold without a reason, an incident chosen by a button), it says one of these, in English.
"""

from safepassage.board.phone.expanding import STOPPED, UNDONE
from safepassage.board.phone.report import INCIDENTS
from safepassage.board.wording import later

NO_REASON = later("no reason given yet")
HANDED_OVER = later("Shift handed over from %(person)s to %(other)s. Open: %(words)s")
OURS = frozenset(
    {
        NO_REASON,
        HANDED_OVER,
        UNDONE,
        STOPPED,
        *INCIDENTS.values(),
        later("another phone counts here now"),
        later("revoked on the page of the phones"),
        later("its purge date has come"),
        later("Firing is reported on the road. Nobody says who."),
        later("stands: firing ahead and behind"),
        later("is held"),
        later("is held for a search that nobody had agreed to"),
        later("is not let in at the far side"),
        later("its duty officer"),
        later("the number known before"),
        later("convoy leader"),
        later("liaison desk"),
        later("counter at the hand-over"),
        later("hand-over"),
    }
)
