"""The flow, room by room: which function makes which tables, from which columns."""
