"""The phone at the checkpoint: its page, its one-line reports, and how the room takes them in."""
