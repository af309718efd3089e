"""What the rehearsal gives for operations that are on the public record, held against it."""
