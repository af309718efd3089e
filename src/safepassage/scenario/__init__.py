"""The nouns of the mission: people, vehicles, staff, places, parties, windows, and the scenario."""
