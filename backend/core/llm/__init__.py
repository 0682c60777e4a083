"""Routing of LLM calls over the keys a user brings: which provider, at what price, within which limits."""
