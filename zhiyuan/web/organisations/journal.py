"""Being written by the organisations helper (22:37)."""
