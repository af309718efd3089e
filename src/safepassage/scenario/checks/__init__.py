"""What a coordinator should look at in a scenario that is valid: one file per question."""
