"""How often values are right: the shipped rules held against rows that were labelled by hand."""
