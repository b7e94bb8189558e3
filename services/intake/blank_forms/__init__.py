"""A board's blank Escalation Form, as a Word document and as a fillable PDF, for people to download, fill in and send back.

The same board and the same answers always make the same bytes.
"""
