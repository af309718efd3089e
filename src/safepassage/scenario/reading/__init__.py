"""The door of a scenario: from the tables of a TOML file to the nouns, with every fault named."""
