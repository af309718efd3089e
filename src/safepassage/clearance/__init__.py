"""Whether this convoy may move now, and on whose word."""
