"""What the services say to each other: frozen data, no I/O.

One module per speaker (`intake`, `escalator`, `notifier`, `records`), the words they share in `vocabulary`, what a person
wrote in `content`, how it is kept from the machinery in `sealed`, and how a reply finds its case in `reply_address`.
"""
