"""The ledger of service minutes: from attendance or a witnessed entry only, entered by one, confirmed by another.

Words: *credit* (minutes given once for one source), *service record* (a line of the ledger), *confirmation* (by
another person), *provisional* (not yet confirmed), *reversal* (a line that takes back an earlier one).
"""
