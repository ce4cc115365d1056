"""Documents and entities to events: what happened, who takes part, how much it matters."""
