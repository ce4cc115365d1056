"""What is near what, with the parts of the score and the reason in words."""
