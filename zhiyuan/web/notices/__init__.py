"""What somebody was told and how they want to be told; the call list; the outbox of the county."""
