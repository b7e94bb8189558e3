"""notifier: everything that goes out.

Owns: notices, and the named state each is in from the moment it is asked for; how each is worded for a person reading in Outlook.
Hears: SendNotice.
Says: NoticeSent, NoticeFailed.

It opens sealed content to write a mail, and only where the recipient's mail domain may carry it.
"""
