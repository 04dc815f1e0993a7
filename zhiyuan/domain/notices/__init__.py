"""What people are told, and by which way.

Words: *message* (one text to one telephone), *outbox* (messages written with the act that causes them, sent
afterwards), *gateway* (who sends SMS for us), *sink* (where demo and test messages go, to be read), *parked*
(given up after five tries).
"""
