"""From a resident's ask to their rating: nobody's need vanishes.

Words: *need* (what somebody asks for), *receipt* (its number and page), *verify*, *dispatch* (to a team),
*order* (one dispatch, answered or not), *accept*, *decline* (back to the desk, with a reason), *serve*,
*confirm*, *rate*; *stage* (a state with a time limit), *proposal* (a team that could take it, with reasons).
"""
