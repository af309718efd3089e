"""The map panel: roads drawn in a child process, or places by position; states, convoys on legs."""
