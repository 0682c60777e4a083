"""Every value a template may show, as frozen, documented data, by view; templates compute nothing.

Texts are raw: rendering escapes them and makes odd characters visible.
"""
