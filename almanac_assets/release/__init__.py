"""Tables to releases: staged, checked, compared with the one before, and made visible by one rename and one pointer."""
