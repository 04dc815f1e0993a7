"""Django's SQLite backend with one thing more: the writers of this process stand in line (see base.py)."""
