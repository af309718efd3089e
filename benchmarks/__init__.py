"""What Safe Passage is measured by: one file a question."""
