"""The pages a notice links to: the same answers as by mail, typed on a page.

A link opens a page that knows nothing but the case's reference, has no effect, and lets in only who reads the mail of the address the
notice went to (a code by mail, see `web.codes`). Nothing is sent before it has been checked, and nothing twice.
"""
