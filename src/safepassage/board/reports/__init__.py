"""Reports read into drafts: the text on one side, a card for each proposal on the other."""
