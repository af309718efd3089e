"""Play a verified plan many times through drawn events: halts, holds, breaks of the truce."""
