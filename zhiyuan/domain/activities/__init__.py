"""What teams do together: activities with shifts and places, sign-up, attendance.

Words: *activity*, *shift* (a stretch of time with places), *sign-up* (a volunteer's place in a shift),
*attendance* (check-in and check-out by roll call or a typed code), *obstacle* (why somebody cannot take a
shift).
"""
