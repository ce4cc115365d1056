"""Edges and citing sentences to what the citing works do with the cited ones, in roles, stances and one-line summaries."""
