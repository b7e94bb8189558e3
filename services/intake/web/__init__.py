"""Intake's pages: the Escalation Form one thing at a time, begun, kept and sent by somebody who has proved their address.

`codes` is who is there, `questions` what is asked, `drafts` what was answered so far, `finder` whom to name on the other side,
`pages` the pages themselves.
"""
