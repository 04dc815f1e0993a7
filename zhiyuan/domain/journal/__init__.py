"""Who did what: an append-only journal, hash-chained, written in the transaction of the act itself.

Words: *verb* (a function that changes something, in one transaction), *record* (one line of the journal),
*once* (a call sent twice has one effect), *chain* (each line's hash covers the one before it).
"""
