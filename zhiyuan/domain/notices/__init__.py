"""What people are told, and by which way.

Words: *notice* (what somebody finds on their own page), *message* (one SMS or e-mail), *call list* (whom staff
telephone instead), *ways* (how somebody wants to be told), *quiet hours* (when nothing but what is urgent leaves),
*outbox* (messages written with the act that causes them, sent afterwards), *gateway* (who carries messages for us),
*breaker* (leaves a gateway that fails in peace for a while), *sink* (where demo and test messages go, to be read),
*parked* (given up after five tries).
"""
