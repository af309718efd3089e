"""What the public is told: one released text as page, poster, short message, audio and alert."""
