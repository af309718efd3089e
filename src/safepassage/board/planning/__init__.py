"""Planning again from now, comparing with the plan in force, and rehearsing: in child processes."""
