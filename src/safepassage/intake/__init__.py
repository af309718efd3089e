"""The public page in a process of its own: released text out, questions and pleas in."""
