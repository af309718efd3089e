"""Sorts what people write: what looks like advertising comes last. It deletes nothing."""
