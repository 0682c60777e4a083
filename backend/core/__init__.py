"""The code under test: BYOK routing of LLM calls and workflow analytics."""
