"""What the public is told and what people tell us: release by two, the queue, the answers."""
