"""What was said and seen, by whom and when, and the situation that it adds up to."""
