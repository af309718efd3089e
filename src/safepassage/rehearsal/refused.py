"""What cannot be rehearsed."""


class RehearsalRefused(ValueError):  # noqa: N818 - the word of the glossary
    """What cannot be rehearsed: the message says where, what was found, what is wanted."""
