"""Who needs help: the person behind the needs, how to talk with them, who helps them, who lives with them.

Words: *resident* (somebody for whom help was asked), *household* (residents under one roof), *wish* (what makes a
visit easier: hears badly, large print), *helper* (who helps them already and may be called), *twin* (another entry
that may be the same person), *merge* (two entries become one; it can be undone).
"""
