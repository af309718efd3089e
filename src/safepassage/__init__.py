"""Safe Passage: plan, rehearse, run and report an evacuation whose window may close."""

__version__ = "0.1.0"
