"""What every room needs and nothing more: `Refused`, clean text, ids, sealed fields, the clock, limits, the
database's guards.

Words: *refused* (a verb would not, and says why), *sealed* (encrypted, bound to its column), *blind index*
(keyed hash for uniqueness), *guard* (a rule that the database itself keeps).
"""
